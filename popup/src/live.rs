//! Live changes: heard of from the moment the vault is open until it locks or the page goes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Live, stay_live, sync_now};

use crate::state::App;

/// Hears of changes on the server while the vault is open here.
pub fn keep(app: App) {
    let live = StoredValue::new_local(None::<Live>);
    let begin = move || live.set_value(app.open().map(stay_live));
    Effect::new(move |_| {
        app.standing.track();
        begin();
    });
    let hidden = window_event_listener(leptos::ev::pagehide, move |_| live.set_value(None));
    let shown = window_event_listener(leptos::ev::pageshow, move |event| {
        if event.persisted() {
            begin();
        }
    });
    // Without this it would be tried again only after the pause.
    let online = window_event_listener(leptos::ev::online, move |_| {
        if app.open().is_some() {
            begin();
            spawn_local(async move { app.sync.set(sync_now().await) });
        }
    });
    on_cleanup(move || {
        hidden.remove();
        shown.remove();
        online.remove();
        live.set_value(None);
    });
}
