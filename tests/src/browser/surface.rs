//! What a browser offers for one of its pages, be it a tab or the toolbar popup. Each browser has
//! its own; [`View`](super::view::View) is built on it and is the same for both.

use super::keys::Chord;

/// Which scripts share the globals that an expression sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// The test's own: same document, nothing shared with the page's scripts.
    Test,
    /// One with the extension's interfaces (`chrome`, `browser`).
    Extension,
}

/// The page is gone: the popup closed, the tab was closed, or a navigation is under way.
#[derive(Debug)]
pub struct Gone(pub String);

/// One page of a browser.
pub trait Surface {
    /// Evaluates an expression that gives text or a promise of text.
    fn evaluate(&self, world: World, expression: &str) -> Result<String, Gone>;
    /// From now on runs a script in each document of the page before the document's own, in the same
    /// world. Chromium only.
    fn run_first(&self, script: &str) -> Result<(), Gone> {
        let _ = script;
        Err(Gone("Firefox has no such call".to_owned()))
    }
    /// What the page's own code does meanwhile, function by function: milliseconds in it alone, the
    /// longest first. Chromium only.
    fn profile(&self, act: &dyn Fn()) -> Result<Vec<(String, f64)>, Gone> {
        act();
        Err(Gone("Firefox has no such call".to_owned()))
    }
    /// A click of the left button at a point of the page's viewport, as the mouse makes it.
    fn click(&self, x: f64, y: f64) -> Result<(), Gone>;
    /// A click of the right button there: the browser opens its own menu.
    fn right_click(&self, x: f64, y: f64) -> Result<(), Gone>;
    /// Presses keys one after the other, as the keyboard does.
    fn keys(&self, chords: &[Chord]) -> Result<(), Gone>;
    /// Shows the page in another size, or in its own again. False where the browser cannot.
    fn resize(&self, _size: Option<(u32, u32)>) -> Result<bool, Gone> {
        Ok(false)
    }
    /// A PNG of the viewport.
    fn screenshot(&self) -> Result<Vec<u8>, Gone>;
    /// Whether the page exists.
    fn is_open(&self) -> bool;
    /// Brings a tab to the front; of no effect on a popup.
    fn activate(&self);
    /// Closes the page: a tab as by its cross, the popup as by a click beside it.
    fn close(&self);
}
