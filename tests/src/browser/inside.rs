//! What is read and done with all that the extension may, in pages and in the background.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{Browser, Running};
use crate::wait::{PATIENCE, wait_for};

impl Browser {
    /// Everything that the extension stored in the browser: `storage` (local, session, sync),
    /// IndexedDB, localStorage, sessionStorage, cookies, caches and private files, each value as its
    /// own bytes. Opens a tab for it, so the popup closes.
    #[track_caller]
    pub fn storage_dump(&self) -> Vec<u8> {
        let dump = self.as_extension(&format!("({})()", include_str!("storage_dump.js")));
        BASE64_STANDARD.decode(dump).expect("the script answers in base64")
    }

    /// Evaluates an expression that gives text, or a promise of text, with all that the extension may:
    /// for trouble with its storage. Opens a tab for it, so the popup closes.
    #[track_caller]
    pub fn as_extension(&self, expression: &str) -> String {
        // A file without a script in it that has the extension's origin: the application stays asleep.
        let view = self.open_tab("extension/background.js");
        let answer = view.evaluate_as_extension(expression);
        view.close();
        answer.unwrap_or_else(|gone| panic!("the extension does not do it: {}", gone.0))
    }

    /// Evaluates an expression that gives text, or a promise of text, in the background: for the
    /// moments at which it can die. Waits until it runs; it does after a page of the extension asked it
    /// for something.
    #[track_caller]
    pub fn in_background(&self, expression: &str) -> String {
        let mut last = None;
        let answer = wait_for(PATIENCE, || {
            let answer = match &self.running {
                Running::Chromium(browser) => browser.in_background(expression),
                Running::Firefox(browser) => browser.in_background(expression),
            };
            answer.map_err(|gone| last = Some(gone.0)).ok()
        });
        answer.unwrap_or_else(|| panic!("the background does not do it: {last:?}"))
    }

    /// Leaves the extension no space to store more in, until what this gives is dropped. Chromium
    /// only: Firefox has no way to say so of one extension.
    #[track_caller]
    pub fn fill_storage(&self) -> impl Sized + use<> {
        let Running::Chromium(browser) = &self.running else { panic!("Firefox has no such call") };
        browser.fill_storage()
    }
}
