//! What the browser itself shows of the extension: its context menu, opened and chosen from as a person
//! does, and what stands below its address bar.

use super::chromium_menu;
use super::{Browser, Running, View};
use crate::display::Display;

impl Browser {
    /// Clicks an element of a web page with the right button and chooses an entry of ours in the menu
    /// that the browser opens: in its submenu.
    #[track_caller]
    pub fn choose_in_menu(
        &self,
        display: &Display,
        page: &View,
        target: (&str, &str),
        entry: &str,
    ) {
        match &self.running {
            Running::Chromium(_) => chromium_menu::choose(display, page, target, entry),
            Running::Firefox(browser) => {
                page.right_click(target.0, target.1);
                browser.choose_in_menu(entry);
            }
        }
    }

    /// What stands below the address bar. Firefox only: Chromium shows it to nobody.
    #[track_caller]
    pub fn address_bar_entries(&self) -> Vec<String> {
        let Running::Firefox(browser) = &self.running else { panic!("Chromium has no such call") };
        browser.address_bar_entries()
    }

    /// Chooses in the menu over a field that fills a frame of the page; the target is the frame.
    #[track_caller]
    pub fn choose_in_frame(
        &self,
        display: &Display,
        page: &View,
        frame: (&str, &str),
        entry: &str,
    ) {
        match &self.running {
            Running::Chromium(_) => chromium_menu::choose_in_frame(display, page, frame, entry),
            Running::Firefox(browser) => {
                page.right_click(frame.0, frame.1);
                browser.choose_in_menu(entry);
            }
        }
    }
}
