//! What was asked for by the context menu or a shortcut, taken up where a view is needed: to unlock,
//! to choose one of several, to say why not.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Action, Asked, ItemId, What, forget_asked};

use crate::copying::{copy_id, copy_secret};
use crate::dom;
use crate::filling::fill;
use crate::kit::button::IconButton;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::App;
use crate::t;

const CLOSE_AFTER_MS: u64 = 900;

/// Whether what was asked for is for this page, or for this tab of ours.
pub async fn look(app: App, asked: Option<Asked>) {
    let Some(asked) = asked.filter(|_| !app.panel) else { return };
    let page = app.page.get_untracked();
    if asked.action == Action::Find {
        // It is for a full tab of ours, whatever is in front.
        if !app.popup {
            app.asked.set(Some(asked));
        }
        return;
    }
    if !app.popup && app.route.get_untracked() == Route::ThisPage {
        // The browser did not open the popup: this tab stands for it.
        app.page.set(Some(asked.page.clone()));
    } else if page.as_deref() != Some(&*asked.page) {
        return forget_asked().await;
    }
    app.asked.set(Some(asked));
}

/// Does it as soon as the vault is open.
pub fn keep(app: App) {
    Effect::new(move |_| {
        if app.is_open()
            && let Some(asked) = app.asked.get()
        {
            app.asked.set(None);
            spawn_local(take_up(app, asked));
        }
    });
}

async fn take_up(app: App, asked: Asked) {
    forget_asked().await;
    let Some(open) = app.open() else { return };
    if asked.action == Action::Add {
        return app.go(Route::Add);
    }
    if asked.action == Action::Find {
        app.go(Route::ApiSecrets);
        return app.query.set(asked.page);
    }
    app.query.set(String::new());
    app.go(Route::ThisPage);
    open.whole().await;
    match open.best(&asked.page)[..] {
        [] => app.fail(t!("nothing-for", host = host(&asked.page))),
        [id] => act(app, asked.action, id, asked.top).await,
        _ => {
            // Its rows are to be seen whatever was filtered before.
            app.filter(mysafe_browser::Filters::default());
            app.choosing.set(Some((asked.action, asked.top)));
        }
    }
}

async fn act(app: App, action: Action, id: ItemId, top: bool) {
    let done = match action {
        Action::CopySecret => copy_secret(app, id).await,
        Action::CopyId => copy_id(app, id).await,
        Action::FillSecret => fill(app, id, What::ClientSecret, top, None).await,
        Action::FillId => fill(app, id, What::ClientId, top, None).await,
        Action::Add | Action::Find => false,
    };
    if done {
        leave(app);
    }
}

/// The popup closes a moment after a copy by key, so that the notice is seen.
pub fn leave(app: App) {
    if app.popup && app.settings.with_untracked(|settings| settings.close_after_copy) {
        set_timeout(dom::close, std::time::Duration::from_millis(CLOSE_AFTER_MS));
    }
}

/// A row was clicked: it is the one that was asked for, or it is opened.
pub fn choose(app: App, id: ItemId) {
    app.selected.set(Some(id));
    match app.choosing.get_untracked() {
        Some((action, top)) => {
            app.choosing.set(None);
            spawn_local(act(app, action, id, top));
        }
        None => app.go(Route::Item(id)),
    }
}

/// Above the rows while one of them is to be chosen.
#[component]
pub fn Choosing() -> impl IntoView {
    let app = App::here();
    move || {
        app.choosing.get().map(|(action, _)| {
            let text = match action {
                Action::CopyId | Action::FillId => t!("choose-for-id"),
                _ => t!("choose-for-secret"),
            };
            view! {
                <div class="banner" role="status">
                    <Glyph icon=Icon::Key />
                    <span>{text}</span>
                    <IconButton
                        name=Signal::derive(|| t!("cancel"))
                        icon=Signal::derive(|| Icon::Close)
                        act=move |_| app.choosing.set(None)
                    />
                </div>
            }
        })
    }
}

fn host(page: &str) -> String {
    web_sys::Url::new(page).map(|url| url.host()).unwrap_or_default()
}
