//! OPAQUE with the same randomness on both sides: every message, the export key, and that the
//! library's own key stretching does not open what ours made.

use mysafe::crypto::{ExportKey, SignIn, SignUp};
use mysafe_protocol::opaque::{CONTEXT, Suite1, ksf};
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialFinalization, CredentialRequest,
    CredentialResponse, Identifiers, RegistrationRequest, RegistrationResponse, RegistrationUpload,
    ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup,
};

use super::accounts::ADDRESS;
use super::counting::Counting;
use super::ensure;
use super::sheet::Sheet;

const PASSWORD: &str = "canção do exílio";

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn setup() -> ServerSetup<Suite1> {
    ServerSetup::new(&mut Counting::from(0x10))
}

struct Registered {
    request: Vec<u8>,
    response: Vec<u8>,
    upload: Vec<u8>,
    export: ExportKey,
    /// All bytes that the client drew.
    randomness: Vec<u8>,
}

/// A registration as the core does it.
fn register() -> Result<Registered, String> {
    let random = &mut Counting::from(0x20);
    let (client, request) = SignUp::start(PASSWORD, random);
    let blinded = RegistrationRequest::deserialize(&request).map_err(text)?;
    let response = ServerRegistration::<Suite1>::start(&setup(), blinded, ADDRESS.as_bytes());
    let response = response.map_err(text)?.message.serialize().to_vec();
    let (upload, export) = client.finish(&response, random).map_err(text)?;
    let randomness = std::mem::take(&mut random.given);
    Ok(Registered { request, response, upload, export, randomness })
}

/// The export key as a value, and its bytes as the library alone gives them.
pub(super) fn export_key() -> Result<(ExportKey, Vec<u8>), String> {
    let registered = register()?;
    let random = &mut Counting::from(0x20);
    let start = ClientRegistration::<Suite1>::start(random, PASSWORD.as_bytes()).map_err(text)?;
    ensure(start.message.serialize()[..] == registered.request[..], "another request")?;
    let ksf = ksf();
    let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
    let response = RegistrationResponse::deserialize(&registered.response).map_err(text)?;
    let finish =
        start.state.finish(random, PASSWORD.as_bytes(), response, parameters).map_err(text)?;
    ensure(finish.message.serialize()[..] == registered.upload[..], "another upload")?;
    Ok((registered.export, finish.export_key.to_vec()))
}

pub(super) fn registration(sheet: &mut Sheet) -> Result<(), String> {
    let registered = register()?;
    let (_, export) = export_key()?;
    sheet.bytes("randomness of the client", &registered.randomness);
    sheet.text("address", ADDRESS).text("password", PASSWORD);
    sheet.bytes("server setup", setup().serialize());
    sheet.bytes("RegistrationRequest", &registered.request);
    sheet.bytes("RegistrationResponse", &registered.response);
    sheet.bytes("RegistrationUpload", &registered.upload);
    sheet.bytes("export_key", export);
    Ok(())
}

fn parameters() -> ServerLoginParameters<'static, 'static> {
    ServerLoginParameters { context: Some(CONTEXT), ..Default::default() }
}

fn record(upload: &[u8]) -> Result<ServerRegistration<Suite1>, String> {
    Ok(ServerRegistration::finish(RegistrationUpload::deserialize(upload).map_err(text)?))
}

fn answer(upload: &[u8], request: &[u8]) -> Result<(ServerLogin<Suite1>, Vec<u8>), String> {
    answer_with(&mut Counting::from(0x40), upload, request)
}

fn answer_with(
    random: &mut Counting,
    upload: &[u8],
    request: &[u8],
) -> Result<(ServerLogin<Suite1>, Vec<u8>), String> {
    let started = ServerLogin::start(
        random,
        &setup(),
        Some(record(upload)?),
        CredentialRequest::deserialize(request).map_err(text)?,
        ADDRESS.as_bytes(),
        parameters(),
    )
    .map_err(text)?;
    Ok((started.state, started.message.serialize().to_vec()))
}

pub(super) fn login(sheet: &mut Sheet) -> Result<(), String> {
    let registered = register()?;
    let random = &mut Counting::from(0x30);
    let (client, request) = SignIn::start(PASSWORD, random);
    let servers = &mut Counting::from(0x40);
    let (server, response) = answer_with(servers, &registered.upload, &request)?;
    let (finalization, export) = client.finish(&response, random).map_err(text)?;
    sheet.bytes("context", CONTEXT).text("address", ADDRESS).text("password", PASSWORD);
    sheet.bytes("server setup", setup().serialize());
    sheet.bytes("RegistrationUpload", &registered.upload);
    sheet.bytes("randomness of the client", &random.given);
    sheet.bytes("randomness of the server", &servers.given);
    sheet.bytes("KE1", &request).bytes("KE2", &response).bytes("KE3", &finalization);
    let last = CredentialFinalization::deserialize(&finalization).map_err(text)?;
    let session = server.finish(last, parameters()).map_err(text)?;
    sheet.bytes("session_key", &session.session_key[..]);

    // Both export keys are one: what was wrapped at sign-up opens.
    let (account, _) = super::accounts::account_key();
    let user = super::accounts::identity().user();
    let blob = account.wrap(&user, &registered.export, &mut Counting::from(0x80));
    let back = mysafe::crypto::AccountKey::unwrap(&user, &export, &blob).map_err(text)?;
    ensure(*back.to_session() == *account.to_session(), "another key")
}

/// What our key stretching made, the library's default does not open, and the other way round.
pub(super) fn default_ksf_is_another() -> Result<u32, String> {
    let registered = register()?;
    let random = &mut Counting::from(0x30);
    let start = ClientLogin::<Suite1>::start(random, PASSWORD.as_bytes()).map_err(text)?;
    let (_, response) = answer(&registered.upload, &start.message.serialize())?;
    let message = CredentialResponse::deserialize(&response).map_err(text)?;
    let parameters = ClientLoginFinishParameters::new(Some(CONTEXT), Identifiers::default(), None);
    let opened = start.state.finish(random, PASSWORD.as_bytes(), message, parameters);
    ensure(opened.is_err(), "the default key stretching opens our record")?;

    let random = &mut Counting::from(0x20);
    let start = ClientRegistration::<Suite1>::start(random, PASSWORD.as_bytes()).map_err(text)?;
    let response = RegistrationResponse::deserialize(&registered.response).map_err(text)?;
    let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), None);
    let weak = start
        .state
        .finish(random, PASSWORD.as_bytes(), response, parameters)
        .map_err(text)?
        .message
        .serialize()
        .to_vec();
    let (client, request) = SignIn::start(PASSWORD, random);
    let (_, response) = answer(&weak, &request)?;
    let opened = client.finish(&response, random);
    ensure(opened.is_err(), "we open a record made with the default key stretching")?;
    Ok(2)
}
