//! The frame of an open vault: banner, the screen, and the way between screens.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    ACCESS_ENDED, BOTH_CHANGED, DELETED, NOT_DELETED, Notice, RESTORED, UNSENT_DELETED, VIEW_ONLY,
    open_in_tab,
};

use crate::filling::Filling;
use crate::kit::button::IconButton;
use crate::kit::icon::{Glyph, Icon};
use crate::navigation::Navigation;
use crate::route::Route;
use crate::screens::accepting::{AcceptServer, Accepting, FORKED};
use crate::screens::broken;
use crate::screens::deleted::Deleted;
use crate::screens::deleting::Deleting;
use crate::screens::details::Details;
use crate::screens::disable::Disabling;
use crate::screens::form::Form;
use crate::screens::history::HistoryScreen;
use crate::screens::home::Home;
use crate::screens::items::Items;
use crate::screens::parting::PartingQuestion;
use crate::screens::person::PersonCard;
use crate::screens::secrets::{MasterPassword, NewRecoveryCode};
use crate::screens::settings::SettingsScreen;
use crate::screens::share::ShareScreen;
use crate::state::App;
use crate::t;

/// What the core says of somebody whose address is pinned to other keys.
const KEY_CHANGED: &str = "key_changed";

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
        </div>
    }
}

/// What lasts: no network, sign-in ended, items that failed their check.
#[component]
fn Banners() -> impl IntoView {
    let app = App::here();
    let notices = RwSignal::new(Vec::<Notice>::new());
    Effect::new(move |_| {
        app.changes.track();
        app.standing.track();
        let Some(open) = app.open() else { return };
        spawn_local(async move {
            // They have names of items.
            open.whole().await;
            notices.set(open.notices().await);
        });
    });
    let text = move |notice: &Notice| {
        let code = notice.code.as_str();
        let here = notice.item.and_then(|id| app.open()?.name_of(&id));
        let name = here.or_else(|| notice.name.clone());
        let named = || name.clone().unwrap_or_else(|| t!("unnamed"));
        match (code, &name) {
            (BOTH_CHANGED, Some(name)) => t!("both-changed", name = name.as_str()),
            (NOT_DELETED, Some(name)) => t!("not-deleted", name = name.as_str()),
            (ACCESS_ENDED, _) => t!("access-ended", name = named()),
            (DELETED, _) => t!("others-deleted", name = named()),
            (VIEW_ONLY, _) => t!("now-view-only", name = named()),
            (KEY_CHANGED, _) => t!("notice-key-changed"),
            (RESTORED, None) => t!("notice-restored"),
            ("damaged", None) => t!("notice-damaged-account"),
            (code, Some(name)) => of_item(name.clone(), code.to_owned()),
            (code, None) => t!("notice-account", code = code),
        }
    };
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
            <For
                each=move || notices.get()
                key=|notice| format!("{notice:?}")
                children=move |notice| {
                    let closed = notice.clone();
                    let both = notice.code == BOTH_CHANGED;
                    let harmless =
                        [RESTORED, NOT_DELETED, UNSENT_DELETED, ACCESS_ENDED, DELETED, VIEW_ONLY];
                    let warn = both || harmless.contains(&notice.code.as_str());
                    let home = (notice.code == KEY_CHANGED).then_some(Route::Home);
                    let accept = notice
                        .item
                        .filter(|_| notice.code == FORKED)
                        .map(|id| view! { <AcceptServer id=id /> });
                    let history = notice.item.filter(|_| both).map(Route::History);
                    let link = history.or(home).map(|route| {
                        let text = if both { t!("history") } else { t!("compare") };
                        view! {
                            <a
                                href=route.hash()
                                on:click=move |event| {
                                    event.prevent_default();
                                    app.go(route);
                                }
                            >
                                {text}
                            </a>
                        }
                    });
                    view! {
                        <div class="banner" class:bad=!warn class:warn=warn role="alert">
                            <Glyph icon=Icon::Alert />
                            <span>{text(&notice)}</span>
                            {link}
                            {accept}
                            <IconButton
                                name=Signal::derive(|| t!("close"))
                                icon=Signal::derive(|| Icon::Close)
                                act=move |_| {
                                    let closed = closed.clone();
                                    spawn_local(async move {
                                        let Some(open) = app.open() else { return };
                                        if open.dismiss(&closed).await.is_ok() {
                                            notices.update(|kept| kept.retain(|kept| *kept != closed));
                                        }
                                    });
                                }
                            />
                        </div>
                    }
                }
            />
        </div>
    }
}

/// What is wrong with an item, by whom.
fn of_item(name: String, code: String) -> String {
    match &*code {
        "damaged" => t!("notice-damaged", name = name),
        // The server refused what was changed here.
        "identifier_taken" => t!("notice-taken", name = name),
        "too_large" => t!("notice-too-large", name = name),
        "refused" => t!("notice-refused", name = name),
        UNSENT_DELETED => t!("notice-unsent-deleted", name = name),
        _ => t!("notice-item", name = name, code = code),
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
