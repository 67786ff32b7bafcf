//! The context menu. Its entries are always the same: an address or a name given to the browser would
//! be written to disk in clear.

use mysafe_browser::{MenuEntry, localized, set_menu};

/// Where the mouse may be. A click in a frame tells the page's address too.
const CONTEXTS: [&str; 8] =
    ["page", "frame", "selection", "link", "editable", "image", "video", "audio"];
/// The actions, and what `_locales` calls their titles.
const ENTRIES: [(&str, &str); 3] =
    [("copy-secret", "menuCopySecret"), ("copy-id", "menuCopyId"), ("add", "menuAdd")];

/// Makes the menu, in place of one that an earlier version or start made.
pub(crate) async fn make() {
    let entries: Vec<MenuEntry> = ENTRIES
        .iter()
        .map(|(id, title)| MenuEntry { id, title: localized(title), contexts: &CONTEXTS })
        .collect();
    set_menu(&entries).await;
}
