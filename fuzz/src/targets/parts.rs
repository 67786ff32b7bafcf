//! The two parts of an item, as they are opened.

use mysafe::model::{ApiSecretForm, Details, Overview, check};

/// A part that is read is written in no more bytes, and read the same.
pub(super) fn parts(bytes: &[u8]) -> bool {
    match bytes.split_first() {
        Some((0, bytes)) => overview(bytes),
        Some((1, bytes)) => details(bytes),
        _ => false,
    }
}

fn overview(bytes: &[u8]) -> bool {
    let Ok(overview) = Overview::decode(bytes) else { return false };
    let written = overview.encode();
    assert!(written.len() <= bytes.len(), "an overview does not grow");
    assert_eq!(Overview::decode(&written), Ok(overview.clone()), "an overview is read the same");
    let details = Details::decode(&[0xa0]).expect("an empty map");
    // A form may be wrong; that is said, and nothing else.
    drop(check(&ApiSecretForm::of(&overview, &details)));
    true
}

fn details(bytes: &[u8]) -> bool {
    let Ok(details) = Details::decode(bytes) else { return false };
    let written = details.encode();
    assert!(written.len() <= bytes.len(), "details do not grow");
    let again = Details::decode(&written).expect("what is written is read");
    assert_eq!(again.client_secret(), details.client_secret());
    assert_eq!(again.encode(), written, "details are written the same");
    true
}
