//! The screens of MySafe, in the toolbar popup and in a full tab. They show what
//! `mysafe-browser` gives them and keep no secret longer than they show it.

mod app;
mod asking;
mod browsing;
mod copying;
mod dates;
mod dom;
mod exposed;
mod filling;
mod first;
mod frame;
mod kit;
mod live;
mod navigation;
mod place;
mod route;
mod screens;
mod state;
mod text;

use wasm_bindgen::prelude::*;

/// Draws the application into the page.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
