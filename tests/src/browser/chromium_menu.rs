//! Chromium's own context menu: a window of its own, which nothing but the keyboard reaches.

use super::view::View;
use crate::display::Display;
use crate::wait::{PATIENCE, wait_for};
use crate::workspace::root;

/// Our entries over a page, as they stand in the submenu.
const OVER_A_PAGE: &[&str] =
    &["Copy client secret", "Copy client ID", "Add an API secret for this site"];
/// And over a field.
const OVER_A_FIELD: &[&str] = &[
    "Copy client secret",
    "Copy client ID",
    "Fill client ID",
    "Fill client secret",
    "Add an API secret for this site",
];
/// Our submenu is third from the bottom, above "View page source" and "Inspect".
const UP_OVER_A_PAGE: &[&str] = &["Up", "Up", "Up"];
/// A field has no source to view.
const UP_OVER_A_FIELD: &[&str] = &["Up", "Up"];

/// Opens it at an element and chooses an entry of our submenu. Keeps a picture of the open menu.
#[track_caller]
pub fn choose(display: &Display, page: &View, target: (&str, &str), entry: &str) {
    let (entries, up) = match target.0 {
        "textbox" => (OVER_A_FIELD, UP_OVER_A_FIELD),
        _ => (OVER_A_PAGE, UP_OVER_A_PAGE),
    };
    choose_at(display, page, target, (entries, up), entry);
}

/// The same over a field in a frame, which is known by the name of the frame.
#[track_caller]
pub fn choose_in_frame(display: &Display, page: &View, frame: (&str, &str), entry: &str) {
    choose_at(display, page, frame, (OVER_A_FIELD, UP_OVER_A_FIELD), entry);
}

#[track_caller]
fn choose_at(
    display: &Display,
    page: &View,
    target: (&str, &str),
    (entries, up): (&[&str], &[&str]),
    entry: &str,
) {
    let place = entries.iter().position(|known| *known == entry).expect("an entry of ours");
    let windows = display.windows();
    page.right_click(target.0, target.1);
    opens(display, windows, "the context menu");
    display.press(up);
    let windows = display.windows();
    display.press(&["Right"]);
    opens(display, windows, "our submenu");
    for _ in 0..place {
        display.press(&["Down"]);
    }
    let name = entry.to_lowercase().replace(' ', "-");
    display.picture(&root().join(format!("target/screenshots/context-menu-{name}.png")));
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
