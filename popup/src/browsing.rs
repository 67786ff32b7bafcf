//! What the browser tells of the page in front: the side panel follows it, a link from a mail leads to
//! its item, and "Suggest as I browse" comes and goes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Optional, current_tab_url, linked_route, on_suggesting, on_tabs, suggests};

use crate::filling;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::App;
use crate::t;

/// Keeps up with the browser.
pub fn keep(app: App) {
    let given = move || {
        spawn_local(async move { app.suggests.set(suggests().await) });
        if app.panel {
            spawn_local(turn(app));
        }
    };
    spawn_local(async move { app.suggests.set(suggests().await) });
    on_suggesting(given);
    if app.panel {
        on_tabs(move || spawn_local(turn(app)));
    }
}

/// Turns to the page that is in front now.
async fn turn(app: App) {
    let page = current_tab_url().await;
    if app.page.with_untracked(|now| *now != page) {
        app.on_page.set(None);
        app.page.set(page);
        app.selected.set(None);
        app.scroll.set(0);
        filling::look(app).await;
    }
}

/// Opened on an address from a mail: its item is what one came for.
pub async fn follow_link(app: App) {
    let Some(page) = app.page.get_untracked().filter(|_| !app.panel) else { return };
    if app.route.get_untracked() == Route::ThisPage
        && let Some(route) = linked_route(&page).await
    {
        app.go(Route::of(&route));
    }
}

/// Above the rows of a side panel that is not told the page: how it would be.
#[component]
pub fn Unseen(
    /// The list is the one of the page.
    this_page: Memo<bool>,
) -> impl IntoView {
    let app = App::here();
    let unseen = move || app.panel && this_page.get() && !app.suggests.get();
    let ask = move |_| {
        let asked = Optional::Tabs.ask();
        spawn_local(async move { app.suggests.set(asked.await) });
    };
    view! {
        <Show when=unseen>
            <div class="unmatched">
                <span>{t!("panel-unseen")}</span>
                <button type="button" class="button" on:click=ask>
                    <Glyph icon=Icon::Page />
                    {t!("suggest")}
                </button>
            </div>
        </Show>
    }
}
