//! The lies a server can tell in a page beside items: the account record, uses.

use mysafe_protocol::wire::{AccountRecord, ChangesQuery, ChangesResponse, UseState};
use mysafe_protocol::{Bytes, ItemId, ServerEpoch};

use super::device::{Device, account, sealed_record};
use super::hostile::{assert_recovers, assert_refused, before, kept};
use super::lies::Scene;
use super::now;
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::Notice;

/// One lie.
pub(super) struct PageLie {
    pub(super) name: &'static str,
    code: &'static str,
    about: fn(&Scene) -> Option<ItemId>,
    page: fn(&Scene, &ChangesResponse) -> ChangesResponse,
}

fn record(page: &ChangesResponse, account: AccountRecord) -> ChangesResponse {
    ChangesResponse { account: Some(account), ..page.clone() }
}

pub(super) const PAGE_LIES: &[PageLie] = &[
    PageLie {
        name: "an account record under another version",
        code: "forged",
        about: |_| None,
        page: |s, page| {
            let sealed = sealed_record(&s.device.account(), 2);
            record(page, AccountRecord { version: 3, ..sealed })
        },
    },
    PageLie {
        name: "an account record of another account",
        code: "forged",
        about: |_| None,
        page: |_, page| record(page, sealed_record(&AccountKey::generate(&mut SystemRandom), 3)),
    },
    PageLie {
        name: "an account record that is none",
        code: "unreadable",
        about: |_| None,
        page: |s, page| {
            let user = s.device.vault.user();
            let account = s.device.account();
            let blob = Bytes(account.seal_record(&user, 3, b"\xff", &mut SystemRandom));
            record(page, AccountRecord { version: 3, blob })
        },
    },
    PageLie {
        name: "the use of another item",
        code: "forged",
        about: |s| Some(s.item),
        page: |s, page| {
            let (account, user) = (s.device.account(), s.device.vault.user());
            let blob = account.seal_use(&user, &s.other, &[0xa2, 1, 9, 2, 0xf5], &mut SystemRandom);
            let uses = vec![UseState { item: s.item, blob: Bytes(blob) }];
            ChangesResponse { uses, ..page.clone() }
        },
    },
];

#[test]
fn a_lie_about_anything_else_is_refused() {
    for lie in PAGE_LIES {
        let mut scene = Scene::new();
        {
            // The accepted account record is version 2.
            let sealed = sealed_record(&scene.device.account(), 2);
            let data = &mut *scene.device.line.server.data.borrow_mut();
            data.position += 1;
            data.record = (data.position, sealed);
        }
        scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
        assert_eq!(scene.device.notices(), []);
        let before = before(&scene);
        let honest = scene.device.line.server.changes(&ChangesQuery {
            epoch: Some(ServerEpoch([1; 16])),
            position: Some(u64::MAX >> 11),
            limit: None,
        });
        let empty = ChangesResponse { items: vec![], uses: vec![], account: None, ..honest };
        let page = (lie.page)(&scene, &empty);
        *scene.device.line.page.borrow_mut() = Some(Box::new(move |_| page.clone()));
        scene.device.line.uploads.borrow_mut().clear();
        scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
        let about = (lie.about)(&scene);
        match about {
            Some(_) if lie.name.contains("use") => {
                // The item itself is not in doubt.
                let notice =
                    Notice { code: lie.code.into(), item: about, name: None, people: vec![] };
                assert_eq!(scene.device.notices(), [notice]);
                assert!(kept(&scene.device) == before.0);
            }
            _ => assert_refused(&scene, lie.name, &before, lie.code, about),
        }
        assert_eq!(*scene.device.line.uploads.borrow(), [], "{}", lie.name);
        assert_recovers(scene, lie.name);
    }
}

#[test]
fn an_account_record_that_never_comes_is_missed() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    *device.line.page.borrow_mut() =
        Some(Box::new(|page| ChangesResponse { account: None, ..page }));
    device.sync().unwrap();
    assert_eq!(device.notices(), [Notice::general("incomplete")]);
}
