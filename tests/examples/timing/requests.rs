//! The requests that anybody may send for any address, with a proof that fits nothing.

use std::time::Instant;

use mysafe::crypto::{Random as _, SignIn, SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::bytes::Hash;
use mysafe::protocol::limits;
use mysafe::protocol::wire::{
    ErrorCode, PasswordSecret, RecoveryFinishRequest, RecoverySecret, RecoveryStartRequest,
    SignInFinishRequest, SignInStartRequest, SignInStartResponse,
};
use mysafe_tests::client::{Connection, Failure, refused_as};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::accounts::client;

/// The requests that are asked together, one after the other.
pub const GROUPS: [&[&str]; 3] = [
    &["/v1/sessions/start", "/v1/sessions/finish"],
    &["/v1/recovery/start"],
    &["/v1/recovery/finish"],
];

/// Who asks.
pub struct Asking {
    connection: Connection,
    /// Blinding and random elements cost the client time: they are made once.
    credential_request: Bytes,
    registration_request: Bytes,
    registration_upload: Bytes,
}

impl Asking {
    /// Over a connection.
    pub fn new(connection: Connection) -> Self {
        let random = &mut SystemRandom;
        let element = SignUp::start("x", random).1;
        Self {
            connection,
            credential_request: Bytes(SignIn::start("x", random).1),
            // A public key is an element too; the rest may be any bytes.
            registration_upload: Bytes([&element[..], &random.array::<160>()].concat()),
            registration_request: Bytes(element),
        }
    }

    /// Asks for an address. Returns the microseconds of each request.
    pub fn ask(&mut self, group: &[&str], address: &str) -> Vec<f64> {
        let address = address.to_owned();
        match group[0] {
            "/v1/sessions/start" => self.sign_in(address),
            "/v1/recovery/start" => {
                let request = RecoveryStartRequest {
                    address,
                    verifier: Bytes(SystemRandom.array::<32>().to_vec()),
                    mailed_code: None,
                    registration_request: self.registration_request.clone(),
                };
                vec![self.refused(group[0], &request)]
            }
            _ => {
                let wrap = || sealed(limits::SEALED_KEY);
                let request = RecoveryFinishRequest {
                    address,
                    verifier: Bytes(SystemRandom.array::<32>().to_vec()),
                    mailed_code: None,
                    password: PasswordSecret {
                        registration_upload: self.registration_upload.clone(),
                        wrap: wrap(),
                    },
                    recovery: RecoverySecret { verifier_hash: Hash([7; 32]), wrap: wrap() },
                };
                vec![self.refused(group[0], &request)]
            }
        }
    }

    fn sign_in(&mut self, address: String) -> Vec<f64> {
        let credential_request = self.credential_request.clone();
        let request = SignInStartRequest { address, credential_request };
        let (answer, first) = self.timed::<SignInStartResponse>("/v1/sessions/start", &request);
        let request = SignInFinishRequest {
            attempt: answer.expect("the first request is answered alike").attempt,
            credential_finalization: Bytes(SystemRandom.array::<64>().to_vec()),
            app: "A client that guesses".to_owned(),
        };
        vec![first, self.refused("/v1/sessions/finish", &request)]
    }

    /// The time of a request that is refused.
    fn refused(&mut self, path: &str, request: &impl Serialize) -> f64 {
        let (answer, taken) = self.timed::<serde_json::Value>(path, request);
        let refusal = answer.expect_err("nothing fits");
        assert_eq!(refused_as(&refusal), Some(ErrorCode::NotSignedIn), "{path}: {refusal}");
        taken
    }

    fn timed<A: DeserializeOwned>(
        &mut self,
        path: &str,
        request: &impl Serialize,
    ) -> (Result<A, Failure>, f64) {
        self.connection.come_from(&client());
        let start = Instant::now();
        let answer = self.connection.send("POST", path, request);
        (answer, start.elapsed().as_secs_f64() * 1e6)
    }
}

/// Bytes in the form of a sealed blob.
fn sealed(length: usize) -> Bytes {
    let mut blob = vec![7; length];
    blob[0] = 1;
    Bytes(blob)
}
