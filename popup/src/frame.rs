//! The frame of an open vault: banner, the screen, and the way between screens.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::open_in_tab;

use crate::filling::Filling;
use crate::kit::icon::{Glyph, Icon};
use crate::navigation::Navigation;
use crate::route::Route;
use crate::screens::accepting::Accepting;
use crate::screens::broken;
use crate::screens::deleted::Deleted;
use crate::screens::deleting::Deleting;
use crate::screens::details::Details;
use crate::screens::disable::Disabling;
use crate::screens::form::Form;
use crate::screens::history::HistoryScreen;
use crate::screens::home::Home;
use crate::screens::items::Items;
use crate::screens::mailbox::MailboxDialog;
use crate::screens::notices::{Notices, follow};
use crate::screens::parting::PartingQuestion;
use crate::screens::person::PersonCard;
use crate::screens::secrets::{MasterPassword, NewRecoveryCode};
use crate::screens::settings::SettingsScreen;
use crate::screens::share::ShareScreen;
use crate::state::App;
use crate::t;

/// The frame.
#[component]
pub fn Frame() -> impl IntoView {
    let app = App::here();
    let route = Memo::new(move |_| app.route.get());
    // A list and, beside or over it, what is open: the list keeps its place.
    let list = Memo::new(move |_| match route.get() {
        Route::ThisPage | Route::ApiSecrets => true,
        Route::Item(_) | Route::Sharing(_) | Route::Edit(_) | Route::History(_) | Route::Add => {
            !app.popup
        }
        Route::Home
        | Route::Share(_)
        | Route::Settings
        | Route::MasterPassword
        | Route::RecoveryCode
        | Route::Deleted
        | Route::Recover
        | Route::Welcome => false,
    });
    let has_pane = Memo::new(move |_| {
        !matches!(
            route.get(),
            Route::ThisPage | Route::ApiSecrets | Route::Recover | Route::Welcome
        )
    });
    let split = Memo::new(move |_| list.get() && has_pane.get());
    // The two tabs of the details are one pane.
    let shown = Memo::new(move |_| match route.get() {
        Route::Sharing(id) => Route::Item(id),
        other => other,
    });
    let pane = move || match shown.get() {
        Route::Home => Some(view! { <Home /> }.into_any()),
        Route::Item(id) => Some(view! { <Details id=id /> }.into_any()),
        Route::Share(id) => Some(view! { <ShareScreen id=id /> }.into_any()),
        Route::Edit(id) => Some(view! { <Form item=Some(id) /> }.into_any()),
        Route::History(id) => Some(view! { <HistoryScreen id=id /> }.into_any()),
        Route::Add => Some(view! { <Form item=None /> }.into_any()),
        Route::Settings => Some(view! { <SettingsScreen /> }.into_any()),
        Route::MasterPassword => Some(view! { <MasterPassword /> }.into_any()),
        Route::RecoveryCode => Some(view! { <NewRecoveryCode /> }.into_any()),
        Route::Deleted => Some(view! { <Deleted /> }.into_any()),
        _ => None,
    };
    view! {
        <div class="frame" class:tab=!app.popup>
            <Navigation />
            <main class="main" class:split=move || split.get()>
                <Banners />
                <div class="panes">
                    <Show when=move || list.get()>
                        <Items />
                    </Show>
                    // It stays while its content changes, so that it arrives once.
                    <Show when=move || has_pane.get()>
                        <section class="pane">{pane}</section>
                    </Show>
                </div>
            </main>
            <Disabling />
            <Deleting />
            <Accepting />
            <Filling />
            <PartingQuestion />
            <PersonCard />
            <MailboxDialog />
        </div>
    }
}

/// What lasts: no network, sign-in ended, items that failed their check.
#[component]
fn Banners() -> impl IntoView {
    let app = App::here();
    follow(app);
    view! {
        <div class="banners">
            {move || {
                let sync = app.sync.get();
                if let Some(code) = sync.trouble {
                    Some(
                        view! {
                            <div class="banner bad" role="alert">
                                <Glyph icon=Icon::Alert />
                                <span>{broken::of(code)}</span>
                            </div>
                        }
                            .into_any(),
                    )
                } else if sync.ended {
                    Some(
                        view! {
                            <div class="banner warn" role="status">
                                <Glyph icon=Icon::Alert />
                                <span>{t!("sign-in-ended")}</span>
                                <a
                                    href=Route::Welcome.hash()
                                    on:click=move |event| {
                                        event.prevent_default();
                                        again(app);
                                    }
                                >
                                    {t!("sign-in-again")}
                                </a>
                            </div>
                        }
                            .into_any(),
                    )
                } else if sync.offline {
                    Some(
                        view! {
                            <div class="banner" role="status">
                                <Glyph icon=Icon::CloudOff />
                                <span>{t!("offline", count = sync.waiting)}</span>
                            </div>
                        }
                            .into_any(),
                    )
                } else {
                    None
                }
            }}
            <Notices />
        </div>
    }
}

/// Signing in again happens in a full tab, as signing in did.
pub fn again(app: App) {
    if app.popup {
        spawn_local(async {
            if open_in_tab(&Route::Welcome.hash()).await.is_ok() {
                crate::dom::close();
            }
        });
    } else {
        app.go(Route::Welcome);
    }
}
