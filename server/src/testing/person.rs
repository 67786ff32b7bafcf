//! Someone with an address, a password and keys, and the client's side of signing up and in.

use ed25519_dalek::{Signer as _, SigningKey};
use mysafe_protocol::bodies::{Bundle, KEM_PK, Signed};
use mysafe_protocol::bytes::{Hash, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::opaque::{CONTEXT, Suite1};
use mysafe_protocol::wire::{
    AccountRecord, PasswordSecret, RecoverySecret, SessionResponse, SignInFinishRequest,
    SignInStartRequest, SignInStartResponse, SignUpFinishRequest, SignUpFinishResponse,
    SignUpStartRequest, SignUpStartResponse,
};
use mysafe_protocol::{Bytes, Context};
use opaque_ke::argon2::{Algorithm, Argon2, Params, Version};
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialResponse, Identifiers, RegistrationResponse,
};
use rand_core_06::OsRng;
use sha2::{Digest as _, Sha256};

use super::{Call, Reply, Server, sealed};
use crate::state::random;

pub const PASSWORD: &[u8] = b"a long enough password";
/// What is derived from the recovery code of everybody here.
pub const VERIFIER: [u8; 32] = [3; 32];

/// A key stretching function that takes no time. The server does not see which one is used.
pub fn cheap() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap())
}

/// What the server keeps of a recovery code, by what is derived from the code.
pub fn recovery(verifier: [u8; 32]) -> RecoverySecret {
    RecoverySecret {
        verifier_hash: Hash(Sha256::digest(verifier).into()),
        wrap: sealed(limits::SEALED_KEY),
    }
}

/// Someone who may or may not have an account.
pub struct Person {
    pub address: String,
    pub signing: SigningKey,
    pub bundle: Bundle,
}

/// The second request of a sign-up, to be changed and sent.
pub type Upload = SignUpFinishRequest;

impl Person {
    pub fn new(address: &str) -> Self {
        let signing = SigningKey::from_bytes(&random());
        let bundle = Bundle {
            address: address.to_owned(),
            sign_pk: signing.verifying_key().to_bytes(),
            kem_pk: [5; KEM_PK],
        };
        Self { address: address.to_owned(), signing, bundle }
    }

    pub fn user(&self) -> UserId {
        self.bundle.user()
    }

    pub fn sign_bundle(&self, bundle: &Bundle) -> Signed {
        let body = bundle.encode();
        let signature = self.signing.sign(Context::sign_bundle(&body).as_bytes());
        Signed { body: Bytes(body), signature: Bytes(signature.to_bytes().to_vec()) }
    }

    /// The first request of a sign-up, and the state until the second.
    pub fn start(
        &self,
        admission: Option<&str>,
    ) -> (SignUpStartRequest, ClientRegistration<Suite1>) {
        let started = ClientRegistration::<Suite1>::start(&mut OsRng, PASSWORD).unwrap();
        let request = SignUpStartRequest {
            address: self.address.clone(),
            admission: admission.map(str::to_owned),
            registration_request: Bytes(started.message.serialize().to_vec()),
        };
        (request, started.state)
    }

    /// The second request of a sign-up.
    pub fn upload(
        &self,
        state: ClientRegistration<Suite1>,
        answer: &SignUpStartResponse,
        ksf: &Argon2<'static>,
        admission: Option<&str>,
    ) -> Upload {
        let response = RegistrationResponse::deserialize(&answer.registration_response).unwrap();
        let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(ksf));
        let finished = state.finish(&mut OsRng, PASSWORD, response, parameters).unwrap();
        SignUpFinishRequest {
            address: self.address.clone(),
            name: "Ana Souza".to_owned(),
            admission: admission.map(str::to_owned),
            registration_upload: Bytes(finished.message.serialize().to_vec()),
            bundle: self.sign_bundle(&self.bundle),
            wrap: sealed(limits::SEALED_KEY),
            recovery: recovery(VERIFIER),
            record: AccountRecord { version: 1, blob: sealed(limits::SEAL + 256) },
        }
    }

    /// The second request of a sign-up whose first the server took.
    pub async fn started(&self, server: &Server, admission: Option<&str>) -> Upload {
        let (request, state) = self.start(admission);
        let answer = server.send(Call::post("/v1/accounts/start").json(&request)).await;
        self.upload(state, &answer.ok(), &cheap(), admission)
    }

    /// Signs up, through both requests.
    pub async fn sign_up(&self, server: &Server, admission: Option<&str>) -> Reply {
        let (request, state) = self.start(admission);
        let answer = server.send(Call::post("/v1/accounts/start").json(&request)).await;
        if !answer.status.is_success() {
            return answer;
        }
        let upload = self.upload(state, &answer.ok(), &cheap(), admission);
        server.send(Call::post("/v1/accounts/finish").json(&upload)).await
    }

    /// Both halves of the registration of another password; `ask` gets the first to the server.
    pub async fn register(
        &self,
        password: &[u8],
        ask: impl AsyncFnOnce(Bytes) -> Bytes,
    ) -> PasswordSecret {
        let started = ClientRegistration::<Suite1>::start(&mut OsRng, password).unwrap();
        let answer = ask(Bytes(started.message.serialize().to_vec())).await;
        let response = RegistrationResponse::deserialize(&answer).unwrap();
        let ksf = cheap();
        let parameters =
            ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
        let finished = started.state.finish(&mut OsRng, password, response, parameters).unwrap();
        PasswordSecret {
            registration_upload: Bytes(finished.message.serialize().to_vec()),
            wrap: sealed(limits::SEALED_KEY),
        }
    }

    /// The first request of a sign-in, and the state until the second.
    pub fn knock(&self, password: &[u8]) -> (SignInStartRequest, ClientLogin<Suite1>) {
        let started = ClientLogin::<Suite1>::start(&mut OsRng, password).unwrap();
        let request = SignInStartRequest {
            address: self.address.clone(),
            credential_request: Bytes(started.message.serialize().to_vec()),
        };
        (request, started.state)
    }

    /// The second request of a sign-in; none if the client itself sees that the password is wrong.
    pub fn prove(
        &self,
        state: ClientLogin<Suite1>,
        password: &[u8],
        answer: &SignInStartResponse,
        ksf: &Argon2<'static>,
    ) -> Option<SignInFinishRequest> {
        let response = CredentialResponse::deserialize(&answer.credential_response).unwrap();
        let parameters =
            ClientLoginFinishParameters::new(Some(CONTEXT), Identifiers::default(), Some(ksf));
        let finished = state.finish(&mut OsRng, password, response, parameters).ok()?;
        Some(SignInFinishRequest {
            attempt: answer.attempt.clone(),
            credential_finalization: Bytes(finished.message.serialize().to_vec()),
            app: "Chromium on Linux".to_owned(),
        })
    }

    /// The proof of a sign-in, not sent yet; none if the password is wrong.
    pub async fn proof(&self, server: &Server, password: &[u8]) -> Option<SignInFinishRequest> {
        let (request, state) = self.knock(password);
        let answer = server.send(Call::post("/v1/sessions/start").json(&request)).await;
        self.prove(state, password, &answer.ok(), &cheap())
    }

    /// Signs in, through both requests.
    pub async fn sign_in(&self, server: &Server) -> SessionResponse {
        let proof = self.proof(server, PASSWORD).await.unwrap();
        server.send(Call::post("/v1/sessions/finish").json(&proof)).await.ok()
    }

    /// Signs up on an open server and signs in.
    pub async fn join(self, server: &Server) -> Member {
        self.sign_up(server, None).await.ok::<SignUpFinishResponse>();
        let token = self.sign_in(server).await.token;
        Member { person: self, token }
    }
}

/// Someone who is signed in.
pub struct Member {
    pub person: Person,
    pub token: String,
}

impl Member {
    pub async fn new(server: &Server, address: &str) -> Self {
        Person::new(address).join(server).await
    }

    pub async fn get(&self, server: &Server, path: &str) -> Reply {
        server.send(Call::get(path).token(&self.token)).await
    }
}
