//! The background page of Firefox.

use serde_json::json;

use super::Background;
use super::firefox::Firefox;
use super::firefox_page::evaluate_in;
use super::surface::Gone;

impl Firefox {
    /// Ends the background page at once, with whatever it is at. An event may bring another one up
    /// before this returns.
    pub fn kill_background(&self) {
        let ended = self.run(
            "const { extension } = WebExtensionPolicy.getByID(given[0]);\
             const page = () => extension.backgroundContext?.contextId;\
             const before = page();\
             await extension.terminateBackground({ disableResetIdleForTest: true });\
             return before === undefined || page() !== before;",
            &[json!(self.extension)],
        );
        assert_eq!(ended, json!(true), "the background page ends");
    }

    /// Evaluates in the background page, if it runs.
    pub fn in_background(&self, expression: &str) -> Result<String, Gone> {
        evaluate_in(&self.marionette, json!(self.extension), expression)
    }

    /// Whether the background page runs.
    pub fn background(&self) -> Background {
        let state = self.run(
            "return WebExtensionPolicy.getByID(given[0]).extension.backgroundState;",
            &[json!(self.extension)],
        );
        if state == "stopped" { Background::Stopped } else { Background::Running }
    }
}
