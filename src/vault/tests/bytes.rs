//! Each byte of an item changed, each of its parts cut: refused as a whole.

use mysafe_protocol::wire::ItemState;

use super::written::{Author, held};
use super::{blob, damaged};

#[test]
fn each_byte_of_an_item_counts() {
    let author = Author::new();
    let states = author.history(2);
    let before = held(&states[0]);
    type Part = (&'static str, fn(&mut ItemState) -> &mut mysafe_protocol::Bytes);
    let parts: [Part; 5] = [
        ("body", |state| &mut state.revision.body),
        ("signature", |state| &mut state.revision.signature),
        ("overview", |state| &mut state.overview),
        ("details", |state| &mut state.details),
        ("key", |state| &mut state.key),
    ];
    let mut tried = 0;
    for (name, part) in parts {
        let mut state = states[1].clone();
        let original = part(&mut state).clone();
        for (why, bytes) in damaged(&original) {
            *part(&mut state) = blob(bytes);
            for held in [None, Some(&before)] {
                assert!(author.refusal(held, &state, &[]).is_some(), "{name}: {why}");
            }
            tried += 1;
        }
        *part(&mut state) = original;
        assert_eq!(author.refusal(Some(&before), &state, &[]), None, "{name}");
    }
    assert!(tried > 1_000);
}

#[test]
fn parts_of_different_revisions_items_and_accounts_do_not_mix() {
    let (author, other) = (Author::new(), Author::new());
    let states = author.history(3);
    let theirs = other.history(3);
    let base = &states[1];
    for (name, from) in [("first", &states[0]), ("third", &states[2]), ("theirs", &theirs[1])] {
        // Every choice of parts from the one or the other, but all from one.
        for choice in 1..31u8 {
            let pick = |bit: u8| if choice & (1 << bit) == 0 { base } else { from };
            let mut mixed = ItemState {
                overview: pick(0).overview.clone(),
                details: pick(1).details.clone(),
                key: pick(2).key.clone(),
                ..base.clone()
            };
            mixed.revision.body = pick(3).revision.body.clone();
            mixed.revision.signature = pick(4).revision.signature.clone();
            // Within one epoch of one item any sealing of its key is as good as another.
            let only_the_key = mixed == ItemState { key: mixed.key.clone(), ..base.clone() }
                || mixed == ItemState { key: mixed.key.clone(), ..from.clone() };
            if only_the_key && name != "theirs" {
                continue;
            }
            assert!(author.refusal(None, &mixed, &[]).is_some(), "{name}: {choice:05b}");
        }
    }
}
