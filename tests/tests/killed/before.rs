//! An account before the change, and what of it is there after.

use std::path::PathBuf;

use mysafe::crypto::{RecoveryCode, SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    CurrentSessionResponse, ErrorCode, RecoveryStartRequest, RecoveryStartResponse,
    SessionResponse, SignInFinishRequest,
};
use mysafe::vault::{Vault, recover};
use mysafe_tests::client::{Connection, Person, prove, refused_as, sign_in, sign_up};
use mysafe_tests::server_process::ServerProcess;

pub const OLD: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};
pub const NEW: Person = Person { password: "amber lynxes fold 9 paper boats", ..OLD };

/// The account, signed in twice; its server is off.
pub struct Before {
    folder: tempfile::TempDir,
    /// The vault of whoever makes the change.
    pub vault: Vault,
    /// Their session.
    pub token: String,
    /// The recovery code that is good.
    pub old_code: RecoveryCode,
    /// The one that takes its place.
    pub new_code: RecoveryCode,
    other_token: String,
}

/// What opens the account, and who is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    pub old_password: bool,
    pub new_password: bool,
    pub old_code: bool,
    pub new_code: bool,
    /// The session with which the change was made, if one was needed.
    pub own_session: bool,
    pub other_session: bool,
    /// A sign-in with the old password whose first request was before the change.
    pub begun_sign_in: bool,
}

impl State {
    /// Before the change.
    pub const BEFORE: Self = Self {
        old_password: true,
        new_password: false,
        old_code: true,
        new_code: false,
        own_session: true,
        other_session: true,
        begun_sign_in: true,
    };
}

impl Before {
    /// Makes the account.
    pub fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = super::serve(&folder.path().join("data"));
        let mut connection = connect(&server);
        let old_code = sign_up(&mut connection, &OLD).expect("signs up");
        let (vault, token) = sign_in(&mut connection, &OLD).expect("signs in");
        let (_, other_token) = sign_in(&mut connection, &OLD).expect("signs in");
        let new_code = RecoveryCode::generate(&mut SystemRandom);
        drop(connection);
        server.stop();
        Self { folder, vault, token, old_code, new_code, other_token }
    }

    /// The server's folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The first request of a sign-in with the old password; what its second one would be.
    pub fn begin_sign_in(&self, server: &ServerProcess) -> SignInFinishRequest {
        prove(&mut connect(server), &OLD).expect("the old password is good").0
    }

    /// What is there.
    pub fn state(&self, server: &ServerProcess, begun: &SignInFinishRequest) -> State {
        let connection = &mut connect(server);
        let ended: Result<SessionResponse, _> =
            connection.send("POST", "/v1/sessions/finish", begun);
        let passwords = State {
            begun_sign_in: good(ended),
            old_password: enters(connection, &OLD),
            new_password: enters(connection, &NEW),
            ..State::BEFORE
        };
        self.sessions_and_codes(server, passwords)
    }

    /// The same as `passwords` says but for sessions and codes, which are asked for.
    pub fn sessions_and_codes(&self, server: &ServerProcess, passwords: State) -> State {
        let connection = &mut connect(server);
        State {
            old_code: recovers(connection, &self.old_code),
            new_code: recovers(connection, &self.new_code),
            own_session: stands(connection, &self.token),
            other_session: stands(connection, &self.other_token),
            ..passwords
        }
    }
}

fn connect(server: &ServerProcess) -> Connection {
    Connection::open(&server.address().to_string()).expect("the server accepts")
}

/// Whether the server accepted; a refusal is that it does not know who this is.
fn good<A>(answer: Result<A, mysafe_tests::client::Failure>) -> bool {
    answer.map(|_| true).unwrap_or_else(|failure| match refused_as(&failure) {
        Some(ErrorCode::NotSignedIn | ErrorCode::SessionRevoked) => false,
        _ => panic!("{failure}"),
    })
}

/// Whether a password opens the account, its key with it.
fn enters(connection: &mut Connection, person: &Person) -> bool {
    sign_in(connection, person).is_ok()
}

/// Whether a recovery code opens the account, its key with it. Changes nothing.
fn recovers(connection: &mut Connection, code: &RecoveryCode) -> bool {
    let (_, message) = SignUp::start("", &mut SystemRandom);
    let request = RecoveryStartRequest {
        mailed_code: None,
        address: OLD.address.to_owned(),
        verifier: code.verifier(),
        registration_request: Bytes(message),
    };
    let answer: Result<RecoveryStartResponse, _> =
        connection.send("POST", "/v1/recovery/start", &request);
    let opens = answer.as_ref().is_ok_and(|answer| recover(answer, OLD.address, code).is_ok());
    assert_eq!(good(answer), opens, "what is kept for a code that is accepted opens with it");
    opens
}

fn stands(connection: &mut Connection, token: &str) -> bool {
    connection.authorize(token);
    good(connection.get::<CurrentSessionResponse>("/v1/sessions/current"))
}
