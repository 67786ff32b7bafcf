//! The server as a program: started, asked to stop, killed, started again.

use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;

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
