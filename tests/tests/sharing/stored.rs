//! What somebody who was removed can do with all bytes that the server ever stores: the item key they had,
//! raw, against every byte of its database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mysafe_tests::vectors::independent::{Field, context, disclose, open};

use super::*;

/// Every place where the key opens one of an item's parts: epoch, revision, part.
fn opened(stage: &Stage, item: &ItemId, key: &[u8]) -> Vec<(u64, u64, &'static str)> {
    let files = ["mysafe.sqlite", "mysafe.sqlite-wal"];
    let bytes = files.map(|file| std::fs::read(stage.data.join(file)).unwrap_or_default()).concat();
    // Salt, tag and padding (CRYPTO: overview at least 256 bytes, details 128).
    let parts = [("overview", 33 + 256), ("details", 33 + 128)];
    let mut found = Vec::new();
    let places: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place] == 1).collect();
    for (part, length) in parts {
        for epoch in 1..=4 {
            for revision in 1..=5 {
                let fields = [Field::Bytes(&item.0), Field::Number(epoch), Field::Number(revision)];
                let context = context(&format!("item/{part}"), &fields);
                let blobs = places.iter().filter_map(|place| bytes.get(*place..place + length));
                let opens = |blob: &[u8]| open(key, &context, blob).is_ok();
                found.extend(blobs.filter(|blob| opens(blob)).map(|_| (epoch, revision, part)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn the_old_key_opens_nothing_written_later_of_all_that_is_stored() {
    let (mut stage, item) = Stage::shared();
    let envelope = stage.bea.local(&item).state.expect("there").key;
    let account = URL_SAFE_NO_PAD.decode(&**stage.bea.vault.to_session()).expect("base64");
    let user = stage.bea.vault.user();
    let key = disclose(&account, (&item, 2), &user, &envelope).expect("it is hers");

    stage.ana.rename(&item, "before");
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    stage.revoke(&item, user);
    stage.ana.edit(&item, |form| *form.client_secret = "rotated".into());
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    // Revisions: 1 private, 2 and 3 in the epoch that was hers, 4 and 5 in the next.
    let state = stage.ana.local(&item).state.expect("there");
    let newest = Revision::read(&state.revision).unwrap();
    assert_eq!((newest.epoch, newest.revision), (3, 5));
    let hers = [(2, 2, "details"), (2, 2, "overview"), (2, 3, "details"), (2, 3, "overview")];
    assert_eq!(opened(&stage, &item, &key), hers);
    // And no envelope or sealed key that is stored discloses a later one to her.
    let later =
        [2, 3, 4].map(|epoch| disclose(&account, (&item, epoch), &user, &state.key).is_err());
    assert_eq!(later, [true; 3]);
}
