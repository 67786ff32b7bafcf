//! Chromium's own context menu: a window of its own, which nothing but the keyboard reaches.

use super::view::View;
use crate::display::Display;
use crate::wait::{PATIENCE, wait_for};
use crate::workspace::root;

/// Our entries, as they stand in the submenu.
const ENTRIES: [&str; 3] =
    ["Copy client secret", "Copy client ID", "Add an API secret for this site"];
/// Our submenu is third from the bottom, above "View page source" and "Inspect".
const TO_SUBMENU: [&str; 3] = ["Up", "Up", "Up"];

/// Opens it at an element and chooses an entry of our submenu. Keeps a picture of the open menu.
#[track_caller]
pub fn choose(display: &Display, page: &View, target: (&str, &str), entry: &str) {
    let place = ENTRIES.iter().position(|known| *known == entry).expect("an entry of ours");
    let windows = display.windows();
    page.right_click(target.0, target.1);
    opens(display, windows, "the context menu");
    display.press(&TO_SUBMENU);
    let windows = display.windows();
    display.press(&["Right"]);
    opens(display, windows, "our submenu");
    for _ in 0..place {
        display.press(&["Down"]);
    }
    display.picture(&root().join("target/screenshots/context-menu.png"));
    display.press(&["Return"]);
}

#[track_caller]
fn opens(display: &Display, windows: usize, what: &str) {
    let opened = wait_for(PATIENCE, || (display.windows() > windows).then_some(()));
    if opened.is_none() {
        display.picture(&root().join("target/screenshots/context-menu-failed.png"));
    }
    assert!(opened.is_some(), "{what} does not open");
}
