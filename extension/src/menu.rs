//! The context menu. Its entries are always the same: an address or a name given to the browser would
//! be written to disk in clear.

use mysafe_browser::{MenuEntry, localized, set_menu};

/// Where the mouse may be. A click in a frame tells the page's address too.
const CONTEXTS: [&str; 8] =
    ["page", "frame", "selection", "link", "editable", "image", "video", "audio"];
/// Where there is something to fill.
const FIELDS: [&str; 1] = ["editable"];
/// The actions, what `_locales` calls their titles, and where they stand.
const ENTRIES: [(&str, &str, &[&str]); 5] = [
    ("copy-secret", "menuCopySecret", &CONTEXTS),
    ("copy-id", "menuCopyId", &CONTEXTS),
    ("fill-id", "menuFillId", &FIELDS),
    ("fill", "menuFillSecret", &FIELDS),
    ("add", "menuAdd", &CONTEXTS),
];

/// Makes the menu, in place of one that an earlier version or start made.
pub(crate) async fn make() {
    let entries: Vec<MenuEntry> = ENTRIES
        .iter()
        .map(|(id, title, contexts)| MenuEntry { id, title: localized(title), contexts })
        .collect();
    set_menu(&entries).await;
}
