//! Accounts as a server has them. They share one password: hashing a thousand takes long.

use mysafe::crypto::{Random as _, RecoveryCode, SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    SignUpFinishRequest, SignUpFinishResponse, SignUpStartRequest, SignUpStartResponse,
};
use mysafe::vault::create;
use mysafe_tests::client::Connection;

/// Makes so many accounts. Returns their addresses, and as many of the same form without one.
pub fn make(connection: &mut Connection, count: usize) -> [Vec<String>; 2] {
    let random = &mut SystemRandom;
    let addresses = || (0..count).map(|_| address()).collect::<Vec<_>>();
    let known = addresses();
    let (started, message) = SignUp::start("violet otters tune 7 quiet cellos", random);
    let start = SignUpStartRequest {
        address: known[0].clone(),
        admission: None,
        registration_request: Bytes(message),
    };
    let answer: SignUpStartResponse =
        connection.send("POST", "/v1/accounts/start", &start).expect("an answer");
    let (upload, export) = started.finish(&answer.registration_response, random).expect("OPAQUE");
    for address in &known {
        connection.come_from(&client());
        let code = RecoveryCode::generate(random);
        let created = create(address, &export, &code, random);
        let finish = SignUpFinishRequest {
            address: address.clone(),
            name: "Ana Prado".to_owned(),
            admission: None,
            registration_upload: Bytes(upload.clone()),
            bundle: created.bundle,
            wrap: created.wrap,
            recovery: created.recovery,
            record: created.record,
        };
        let _: SignUpFinishResponse =
            connection.send("POST", "/v1/accounts/finish", &finish).expect("signs up");
    }
    [known, addresses()]
}

fn address() -> String {
    format!("{:016x}@example.com", u64::from_le_bytes(SystemRandom.array()))
}

/// Another client's address for each request: tries are counted by it.
pub fn client() -> String {
    let [a, b, c] = SystemRandom.array();
    format!("10.{a}.{b}.{c}")
}
