//! The server as a program: started, asked to stop, killed, started again.

use mysafe_tests::client::{Connection, Person, sign_in, sign_up};
use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::smtp_receiver::{SmtpReceiver, Tls};
use mysafe_tests::wait::{PATIENCE, wait_for};

const ANA: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};

#[test]
fn the_program_stops_when_asked_and_comes_back_on_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = ServerProcess::start(&data);
    let address = server.address();
    assert!(server.log().contains("listening on"), "{}", server.log());
    server.stop();
    let server = ServerProcess::start_at(&data, address, &[("MYSAFE_SIGNUPS", "open")]);
    server.kill();
    let server = ServerProcess::start_at(&data, address, &[]);
    assert!(data.is_dir());
    // Traffic through the wire tap reaches it.
    let recorder = Recorder::start(server.address());
    assert!(mysafe_tests::server_process::healthy(recorder.address()));
    assert_eq!(recorder.streams().len(), 2);
    server.stop();
}

#[test]
fn mails_go_by_tls_to_whoever_has_a_certificate_that_is_trusted() {
    for tls in [Tls::AtOnce, Tls::Later] {
        let folder = tempfile::tempdir().expect("a folder");
        let receiver = SmtpReceiver::start_with(tls);
        let authority = receiver.authority().display().to_string();
        let [url, from] = receiver.settings();
        let trusted = ("SSL_CERT_FILE", authority.as_str());
        for trusts in [false, true] {
            let data = folder.path().join(if trusts { "trusts" } else { "does not" });
            let mut settings = vec![("MYSAFE_SIGNUPS", "open")];
            settings.extend([&url, &from].map(|(name, value)| (*name, value.as_str())));
            settings.extend(Some(trusted).filter(|_| trusts));
            let address = std::net::TcpListener::bind("127.0.0.1:0")
                .and_then(|socket| socket.local_addr())
                .expect("a free port");
            let server = ServerProcess::start_at(&data, address, &settings);
            let mut connection = Connection::open(&address.to_string()).expect("it is there");
            sign_up(&mut connection, &ANA).expect("signs up");
            let (_, token) = sign_in(&mut connection, &ANA).expect("signs in");
            let remote = Connection::open(&address.to_string()).expect("it is there");
            let asked = remote.signed_in(token).ask("POST", "/v1/mailbox/code");
            asked.expect("a code is mailed");
            if trusts {
                let code = receiver.next_code("Confirm your email for MySafe");
                assert_eq!(code.replace(' ', "").len(), 8, "{tls:?}");
            } else {
                let refused = || server.log().contains("did not take a mail").then_some(());
                wait_for(PATIENCE, refused).unwrap_or_else(|| panic!("{tls:?}: {}", server.log()));
                assert!(server.log().contains("again=true"), "{tls:?}: {}", server.log());
            }
            server.stop();
        }
    }
}
