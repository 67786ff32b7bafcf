//! What opens an account, changed while the server dies: the real server, ended at each request of a
//! new master password, of a new recovery code and of a recovery. It ends before the request reaches
//! it, at each of its writes to the database, and once all is stored but its answer never arrives.
//! After that either all of the change is there or nothing of it, and the client, run again, ends
//! with all of it.

#[path = "killed/before.rs"]
mod before;
#[path = "killed/changes.rs"]
mod changes;
#[path = "killed/gate.rs"]
mod gate;
#[path = "killed/sharing.rs"]
mod sharing;

use before::{Before, State};
use changes::Change;
use gate::{Death, Gate, Moment};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::copy_folder;

#[test]
fn a_new_master_password_is_all_or_nothing() {
    let done = State {
        old_password: false,
        new_password: true,
        other_session: false,
        begun_sign_in: false,
        ..State::BEFORE
    };
    at_each_moment(Change::Password, done, "PUT /v1/accounts/secrets");
}

#[test]
fn a_new_recovery_code_is_all_or_nothing() {
    let done = State {
        old_code: false,
        new_code: true,
        other_session: false,
        begun_sign_in: false,
        ..State::BEFORE
    };
    at_each_moment(Change::Code, done, "PUT /v1/accounts/secrets");
}

#[test]
fn a_recovery_is_all_or_nothing() {
    let done = State {
        old_password: false,
        new_password: true,
        old_code: false,
        new_code: true,
        own_session: false,
        other_session: false,
        begun_sign_in: false,
    };
    at_each_moment(Change::Recovery, done, "POST /v1/recovery/finish");
}

/// Kills the server at each moment of each request. The change is done by the request `decisive`.
fn at_each_moment(change: Change, done: State, decisive: &str) {
    let before = Before::make();
    let requests = undisturbed(&before, change, done);
    let decides = requests.iter().position(|request| request == decisive);
    let decides = decides.unwrap_or_else(|| panic!("no {decisive} in {requests:?}"));
    for (index, request) in requests.iter().enumerate() {
        let none = killed(&before, change, done, Death { request: index, at: Moment::Before });
        let want = if index <= decides { State::BEFORE } else { done };
        assert_eq!(none, Some(want), "{request}: it did not reach the server");

        let mut writes = 0;
        // The others have no half: once in each page is enough there.
        let step = if index == decides { 1 } else { gate::IN_A_FRAME };
        for offset in gate::offsets().step_by(step) {
            let at = Moment::Writing(offset);
            let Some(state) = killed(&before, change, done, Death { request: index, at }) else {
                break;
            };
            writes += 1;
            assert!(state == State::BEFORE || index >= decides, "{request}: {state:?}");
        }
        println!("{request}: killed at {writes} moments of its writes");
        // The pages of the account, of its sessions and of the sign-ins begun, at least.
        assert!(index != decides || writes >= 3 * gate::IN_A_FRAME, "{request}: {writes} moments");

        let all = killed(&before, change, done, Death { request: index, at: Moment::Answered });
        let want = if index < decides { State::BEFORE } else { done };
        assert_eq!(all, Some(want), "{request}: its answer did not arrive");
    }
}

/// The change with nothing in its way; the requests it makes.
fn undisturbed(before: &Before, change: Change, done: State) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    copy_folder(&before.data(), &data);
    let server = serve(&data);
    assert_eq!(before.state(&server, &before.begin_sign_in(&server)), State::BEFORE);
    let begun = before.begin_sign_in(&server);
    let gate = Gate::start(server, &data, None);
    change.make(before, gate.address()).expect("nothing is in its way");
    let (server, requests) = gate.end();
    assert_eq!(before.state(&server.expect("it lives"), &begun), done);
    requests
}

/// The change with the server's death in it: what is there when the server is back. `None` if it had
/// answered by then. The client, run again, ends with the change.
fn killed(before: &Before, change: Change, done: State, death: Death) -> Option<State> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    copy_folder(&before.data(), &data);
    let server = serve(&data);
    let begun = before.begin_sign_in(&server);
    let gate = Gate::start(server, &data, Some(death));
    let made = change.make(before, gate.address());
    let (survived, _) = gate.end();
    if survived.is_some() {
        assert!(matches!(death.at, Moment::Writing(_)), "{death:?}: the server lives");
        made.expect("nothing was in its way");
        return None;
    }
    assert!(made.is_err() || matches!(death.at, Moment::Writing(_)), "{death:?}: all was answered");

    let server = serve(&data);
    let state = before.state(&server, &begun);
    assert!(state == State::BEFORE || state == done, "{death:?}: {state:?}");
    change.make_again(before, server.address());
    let end = before.sessions_and_codes(&server, State { begun_sign_in: false, ..done });
    assert_eq!(end, State { begun_sign_in: false, ..done }, "{death:?}, then made again");
    server.kill();
    Some(state)
}

/// The server without a log: only the database grows.
fn serve(data: &std::path::Path) -> ServerProcess {
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    ServerProcess::start_at(data, address.expect("a free port"), &[("MYSAFE_LOG", "off")])
}
