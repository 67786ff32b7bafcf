//! The way between screens: a bar at the bottom of the popup and the side panel, a menu at the side of
//! a wide tab.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{LockReason, SidePanel, lock, open_in_tab};

use crate::kit::button::IconButton;
use crate::kit::icon::{Glyph, Icon, Mark};
use crate::route::Route;
use crate::screens::home_new::new_items;
use crate::state::App;
use crate::t;

/// The bar.
#[component]
pub fn Navigation() -> impl IntoView {
    let app = App::here();
    let new = new_items(app);
    let fresh = Memo::new(move |_| new.with(Vec::len));
    let entry = move |route: Route, icon: Icon, name: String| {
        let here = move || {
            let now = app.route.get();
            now == route
                || route == Route::Settings
                    && matches!(now, Route::MasterPassword | Route::RecoveryCode | Route::Deleted)
                || (now.item().is_some() || now == Route::Add) && app.list() == route
        };
        view! {
            <a
                href=route.hash()
                aria-current=move || here().then_some("page")
                on:click=move |event| {
                    event.prevent_default();
                    app.go(route);
                }
            >
                <Glyph icon=icon />
                <span>{name}</span>
                {(route == Route::Home)
                    .then(|| {
                        view! {
                            <Show when=move || { fresh.get() > 0 }>
                                <span class="count" title=move || t!("new-items-count", count = fresh.get())>
                                    {move || fresh.get()}
                                </span>
                            </Show>
                        }
                    })}
            </a>
        }
    };
    view! {
        <nav class="navigation" aria-label=t!("mysafe")>
            <div class="brand">
                <Mark size=24 />
                <span>{t!("mysafe")}</span>
            </div>
            {app.popup.then(|| entry(Route::ThisPage, Icon::Page, t!("this-page")))}
            {entry(Route::ApiSecrets, Icon::List, t!("api-secrets"))}
            {entry(Route::Home, Icon::Home, t!("home"))}
            {entry(Route::Settings, Icon::Settings, t!("settings"))}
            <span class="space"></span>
            <PanelButton />
            {app
                .popup
                .then(|| {
                    view! {
                        <IconButton
                            name=Signal::derive(|| t!("open-in-tab"))
                            icon=Signal::derive(|| Icon::View)
                            act=move |_| {
                                let route = match app.route.get_untracked() {
                                    Route::ThisPage => Route::ApiSecrets,
                                    route => route,
                                };
                                spawn_local(async move {
                                    if open_in_tab(&route.hash()).await.is_ok() {
                                        crate::dom::close();
                                    }
                                });
                            }
                        />
                    }
                })}
            <button
                type="button"
                class="lock"
                data-tip=t!("lock-now")
                on:click=move |_| {
                    spawn_local(async move {
                        if lock(LockReason::Button).await.is_err() {
                            app.fail(t!("lock-failed"));
                        }
                    });
                }
            >
                <Glyph icon=Icon::Lock />
                <span>{t!("lock")}</span>
            </button>
        </nav>
    }
}

/// From the popup into the side panel, where the browser has one.
#[component]
fn PanelButton() -> impl IntoView {
    let app = App::here();
    // Known before the click: nothing may be waited for between that and the opening.
    let panel = RwSignal::new_local(None::<SidePanel>);
    if app.popup && !app.panel {
        spawn_local(async move {
            let found = SidePanel::find().await;
            panel.try_set(found);
        });
    }
    let open = move |_: web_sys::MouseEvent| {
        let Some(opened) = panel.with_untracked(|panel| panel.as_ref().map(SidePanel::open)) else {
            return;
        };
        spawn_local(async move {
            if opened.await {
                crate::dom::close();
            } else {
                app.fail(t!("panel-failed"));
            }
        });
    };
    view! {
        <Show when=move || panel.with(Option::is_some)>
            <IconButton
                name=Signal::derive(|| t!("open-side-panel"))
                icon=Signal::derive(|| Icon::Panel)
                act=open
            />
        </Show>
    }
}
