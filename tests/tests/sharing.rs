//! Two people share an item: the core on both sides, over real connections to the real server.

use std::process::Command;

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::protocol::bodies::Permission;
use mysafe::protocol::wire::{ChangesQuery, ErrorCode, ItemState, PeopleResponse};
use mysafe::protocol::{ItemId, Revision};
use mysafe::sync::{Remote as _, RemoteError};
use mysafe::vault::{LocalItem, Share, ShareError, keys};
use mysafe_tests::client::{Connection, Device, Person, finish, sign_up};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::built_program;

const ANA: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};
const BEA: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "seven amber kites over quiet harbours",
};

/// What Bea sees of an item; an error if it is none of hers.
fn seen(bea: &Device, at: &str, item: &ItemId) -> Result<ItemState, RemoteError> {
    finish(bea.remote(at).item(item))
}

/// What is in an item as Bea sees it, once she accepted it.
fn opened(bea: &Device, state: &ItemState) -> ApiSecretForm {
    assert!(bea.vault.accept(&state.item, None, state, &[]).is_ok());
    let local = LocalItem { state: Some(state.clone()), pending: None };
    bea.vault.form(&state.item, &local).expect("it opens")
}

fn not_there<T: std::fmt::Debug>(answer: Result<T, RemoteError>) {
    assert!(matches!(answer, Err(RemoteError::Refused(ErrorCode::NotFound))), "{answer:?}");
}

#[test]
fn what_one_shares_the_other_opens_and_edits_until_it_is_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = ServerProcess::start(&data);
    let address = server.address();
    server.stop();
    let server = ServerProcess::start_at(&data, address, &[("MYSAFE_SIGNUPS", "open")]);
    let at = server.address().to_string();
    for person in [&ANA, &BEA] {
        sign_up(&mut Connection::open(&at).expect("it is there"), person).expect("signs up");
    }
    let (mut ana, mut bea) = (Device::new(&at, &ANA), Device::new(&at, &BEA));
    let (item, other) = (ana.add("CRM"), ana.add("other"));
    ana.sync(&at);
    bea.sync(&at);

    // Whoever did not confirm their mailbox is not found, and nothing is shared with them.
    let find = |at: &str, token: String| -> PeopleResponse {
        let mut connection = Connection::open(at).expect("it is there");
        connection.authorize(&token);
        connection.get("/v1/users?search=bea").expect("an answer")
    };
    let token = ana.token().to_owned();
    assert_eq!(find(&at, token.clone()).people, []);
    let user = bea.vault.user();
    ana.with(&at, |sync| finish(sync.pin(&user))).expect("sent").expect("pinned");
    let share = |permission| [Share { user, permission, until: None }];
    let refused = ana.with(&at, |sync| finish(sync.share(&item, &share(Permission::Edit))));
    assert!(refused.is_err(), "{refused:?}");
    let confirmed = Command::new(built_program("mysafe-server"))
        .args(["confirm", BEA.address])
        .env("MYSAFE_DATA", &data)
        .output()
        .expect("runs");
    assert!(confirmed.status.success(), "{}", String::from_utf8_lossy(&confirmed.stderr));
    let found = find(&at, token).people;
    assert_eq!((found[0].user, &*found[0].name), (user, BEA.name));

    ana.with(&at, |sync| finish(sync.share(&item, &share(Permission::Edit)))).unwrap().unwrap();
    let again = ana.with(&at, |sync| finish(sync.share(&item, &share(Permission::Edit))));
    assert_eq!(again.unwrap(), Err(ShareError::NoChange));
    let query = ChangesQuery { epoch: None, position: None, limit: None };
    let page = finish(bea.remote(&at).changes(&query)).expect("a page");
    assert_eq!(page.items.len(), 1, "the other one is Ana's alone");
    not_there(seen(&bea, &at, &other));
    let owner = ana.vault.user();
    let bundle = finish(bea.remote(&at).bundle(&owner)).expect("Ana's keys");
    bea.vault.know(&owner, &bundle).expect("they fit her id");
    assert_eq!(seen(&bea, &at, &item).as_ref(), Ok(&page.items[0]));
    let form = opened(&bea, &page.items[0]);
    assert_eq!((&*form.name, &**form.client_secret), ("CRM", "secret of CRM"));

    // Bea rotates the client secret; Ana has it with her next sync.
    let local = LocalItem { state: Some(page.items[0].clone()), pending: None };
    let rotated = ApiSecretForm { client_secret: String::from("rotated").into(), ..form };
    let change = bea.vault.edit(&item, &rotated, &local, 2, &mut SystemRandom).expect("edits");
    let put = change.puts.into_iter().find(|put| put.key == keys::write(&item)).expect("a write");
    let written = bea.vault.local(&item, None, put.into_bytes().as_deref()).expect("whole");
    let write = written.pending.expect("it waits");
    finish(bea.remote(&at).write(&item, &write)).expect("Bea may edit");
    assert_eq!(ana.sync(&at), Vec::<String>::new());
    assert_eq!(**ana.form(&item).client_secret, *"rotated");
    let changed = Revision::read(&ana.local(&item).state.unwrap().revision).unwrap();
    assert_eq!(changed.author, user);

    // So has one of her browsers that never met Bea.
    let mut second = Device::new(&at, &ANA);
    assert_eq!(second.sync(&at), Vec::<String>::new());
    assert_eq!(**second.form(&item).client_secret, *"rotated");

    // Can view: she opens it and cannot write any more.
    ana.with(&at, |sync| finish(sync.share(&item, &share(Permission::View)))).unwrap().unwrap();
    let state = seen(&bea, &at, &item).expect("still hers");
    assert_eq!(&**opened(&bea, &state).client_secret, "rotated");
    let local = LocalItem { state: Some(state), pending: None };
    let change = bea.vault.edit(&item, &rotated, &local, 3, &mut SystemRandom).expect("edits");
    let put = change.puts.into_iter().find(|put| put.key == keys::write(&item)).expect("a write");
    let written = bea.vault.local(&item, None, put.into_bytes().as_deref()).expect("whole");
    let write = written.pending.expect("it waits");
    let refused = finish(bea.remote(&at).write(&item, &write));
    assert!(matches!(refused, Err(RemoteError::Refused(ErrorCode::NotAllowed))), "{refused:?}");

    // She leaves; Ana's next sync takes her off the list, with a new key.
    bea.remote(&at).ask("DELETE", &format!("/v1/items/{item}/access")).expect("she leaves");
    not_there(seen(&bea, &at, &item));
    assert_eq!(ana.sync(&at), Vec::<String>::new());
    let list = ana.vault.access(&ana.local(&item)).unwrap().expect("a list");
    assert_eq!((list.epoch, list.grants.len()), (4, 0));
    // And back, and taken away by Ana.
    ana.with(&at, |sync| finish(sync.share(&item, &share(Permission::View)))).unwrap().unwrap();
    seen(&bea, &at, &item).expect("hers again");
    ana.with(&at, |sync| finish(sync.revoke(&item, &[user]))).unwrap().unwrap();
    not_there(seen(&bea, &at, &item));
    let page = finish(bea.remote(&at).changes(&query)).expect("a page");
    assert_eq!((page.items.len(), page.ended), (0, vec![item]));
    assert_eq!(ana.sync(&at), Vec::<String>::new());
    server.stop();
}
