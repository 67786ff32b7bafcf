//! The screens of MySafe, in the toolbar popup and in a full tab. They show what
//! `mysafe-browser` gives them and keep no secret longer than they show it.
//!
//! The module is in two parts. The first finds out where the browser stands and, where that is a list,
//! draws what is seen of it at first; it is small, because a browser compiles all of a module before it
//! runs any. The second is the application.

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
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use first::{Early, Opening};

/// Draws what is seen first, then the application.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let opening = Opening::find().await;
        let early = opening.draw().then(Early::keep);
        if early.is_some() {
            dom::painted().await;
        }
        if run(Box::new((opening, early))).await.is_err() {
            first::incomplete();
        }
    });
}

/// From here on it is the second part.
#[wasm_split(application, fallible)]
fn run(opening: Box<(Opening, Option<Early>)>) -> Result<(), SplitLoaderError> {
    let (opening, early) = *opening;
    app::mount(opening, early);
    Ok(())
}
