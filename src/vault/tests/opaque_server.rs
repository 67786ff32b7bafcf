//! The server's side of OPAQUE in memory, for one address.

use mysafe_protocol::opaque::{CONTEXT, Suite1};
use opaque_ke::{
    CredentialFinalization, CredentialRequest, RegistrationRequest, RegistrationUpload,
    ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup,
};

use crate::crypto::{ExportKey, ForOpaque, OpaqueError, SignIn, SignUp, SystemRandom};

/// A server that knows at most one account.
pub(super) struct OpaqueServer {
    setup: ServerSetup<Suite1>,
    record: Option<ServerRegistration<Suite1>>,
}

impl OpaqueServer {
    pub(super) fn new() -> Self {
        Self { setup: ServerSetup::new(&mut ForOpaque(&mut SystemRandom)), record: None }
    }

    /// The client signs up; gives what the server got and the client's export key.
    pub(super) fn sign_up(&mut self, address: &str, password: &str) -> (Vec<u8>, ExportKey) {
        let (client, request) = SignUp::start(password, &mut SystemRandom);
        let request = RegistrationRequest::deserialize(&request).unwrap();
        let answer =
            ServerRegistration::<Suite1>::start(&self.setup, request, address.as_bytes()).unwrap();
        let (upload, export) =
            client.finish(&answer.message.serialize(), &mut SystemRandom).unwrap();
        let record = RegistrationUpload::deserialize(&upload).unwrap();
        self.record = Some(ServerRegistration::finish(record));
        (upload, export)
    }

    /// The client signs in, the answer changed on its way; both sides must agree in the end.
    pub(super) fn sign_in_over(
        &self,
        address: &str,
        password: &str,
        change: impl FnOnce(&mut Vec<u8>),
    ) -> Result<ExportKey, OpaqueError> {
        let (client, request) = SignIn::start(password, &mut SystemRandom);
        let parameters = || ServerLoginParameters { context: Some(CONTEXT), ..Default::default() };
        let started = ServerLogin::start(
            &mut ForOpaque(&mut SystemRandom),
            &self.setup,
            self.record.clone(),
            CredentialRequest::deserialize(&request).unwrap(),
            address.as_bytes(),
            parameters(),
        )
        .unwrap();
        let mut answer = started.message.serialize().to_vec();
        change(&mut answer);
        let (last, export) = client.finish(&answer, &mut SystemRandom)?;
        let last = CredentialFinalization::deserialize(&last).unwrap();
        started.state.finish(last, parameters()).expect("both have the same session key");
        Ok(export)
    }

    pub(super) fn sign_in(&self, address: &str, password: &str) -> Result<ExportKey, OpaqueError> {
        self.sign_in_over(address, password, |_| {})
    }
}
