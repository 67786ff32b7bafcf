//! An account with thousands of items, made as fast as a server takes them: a device that keeps
//! nothing of what it sends.

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::protocol::ItemId;
use mysafe::sync::Remote as _;
use mysafe::vault::{Store, Vault};

use super::{Connection, Person, finish, sign_in, unix_millis};

/// Requests at the same time: while the server writes for one, another is signed.
const HANDS: usize = 2;

/// The name of an item by its number.
pub fn name(number: usize) -> String {
    format!("Number {number:06}")
}

/// Writes items of the numbers from nought to `count` to a person's account at `host:port`.
#[track_caller]
pub fn fill(server: &str, person: &Person, count: usize) {
    std::thread::scope(|scope| {
        for hand in 0..HANDS {
            scope.spawn(move || write(server, person, (hand..count).step_by(HANDS)));
        }
    });
}

fn write(server: &str, person: &Person, numbers: impl Iterator<Item = usize>) {
    let mut connection = Connection::open(server).expect("it is there");
    let (mut vault, token) = sign_in(&mut connection, person).expect("signs in");
    let remote = connection.signed_in(token);
    for number in numbers {
        let form = ApiSecretForm {
            name: name(number),
            url: format!("https://api.host-{}.example.com/v1/{number}", number % 4000),
            client_id: format!("client-{number:08}"),
            client_secret: format!("secret-{number:032}").into(),
            tags: vec![format!("team {}", number % 40), "production".into()],
            ..Default::default()
        };
        let (item, request) = waiting(&mut vault, &form);
        finish(remote.write(&item, &request)).expect("the server takes it");
    }
}

/// A new item as it is sent. The vault forgets it: what it holds it would seal with each change.
fn waiting(
    vault: &mut Vault,
    form: &ApiSecretForm,
) -> (ItemId, mysafe::protocol::wire::ItemWriteRequest) {
    let change = vault.add(form, unix_millis(), &mut SystemRandom).expect("a good form");
    let put = change.puts.into_iter().find(|put| put.store == Store::Outbox).expect("a write");
    let local = vault.local(&change.item, None, put.into_bytes().as_deref()).expect("just sealed");
    vault.empty();
    (change.item, local.pending.expect("it waits"))
}
