//! The application: finds out where the browser stands, draws the screen for it, and listens.

use futures::StreamExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    Around, Standing, Theme, lock_if_due, standing as standing_now, sync_now, sync_status, touch,
};

use crate::asking;
use crate::browsing;
use crate::dom;
use crate::filling;
use crate::first::{Early, Opening};
use crate::frame::Frame;
use crate::kit::dialog::Keys;
use crate::kit::notice::Notices;
use crate::live;
use crate::place;
use crate::route::Route;
use crate::screens::broken::Broken;
use crate::screens::setup::SetUp;
use crate::screens::unlock::Unlock;
use crate::screens::welcome::Welcome;
use crate::state::App as State;

const TOUCH_MS: f64 = 5_000.0;

/// Draws the application into the page.
pub fn mount(opening: Opening, early: Option<Early>) {
    leptos::mount::mount_to_body(move || view! { <App opening=opening early=early /> });
}

/// The whole application.
#[component]
fn App(opening: Opening, early: Option<Early>) -> impl IntoView {
    let app = State::new(dom::is_popup(), dom::is_panel(), Route::of(&dom::hash()));
    provide_context(app);
    listen(app);
    live::keep(app);
    browsing::keep(app);
    spawn_local(begin(app, opening, early));
    Effect::new(move |_| {
        app.settings.with(|settings| {
            dom::set_compact(settings.compact);
            dom::set_theme(match settings.theme {
                Theme::System => None,
                Theme::Light => Some("light"),
                Theme::Dark => Some("dark"),
            });
        });
    });
    // A memo: what is drawn goes on while the route or the vault within it changes.
    let kind = Memo::new(move |_| {
        let route = app.route.get();
        let welcome = matches!(route, Route::Welcome | Route::Recover);
        if let Some(code) = app.broken.get() {
            return Kind::Broken(code);
        }
        app.standing.with(|standing| match standing {
            None => Kind::Loading,
            Some(Standing::New) if app.popup => Kind::SetUp,
            Some(Standing::New) => Kind::Welcome,
            Some(Standing::Locked(locked)) if locked.sign_in_again && !app.popup => Kind::Welcome,
            // Signing up and in pass through "locked" and "open"; their screen stays meanwhile.
            Some(_) if welcome && !app.popup => Kind::Welcome,
            Some(Standing::Locked(_)) => Kind::Locked,
            Some(Standing::Open(_)) => Kind::Open,
        })
    });
    Effect::new(move |_| {
        if kind.get() != Kind::Loading {
            dom::remove_first_frame();
        }
    });
    let screen = move || match kind.get() {
        Kind::Broken(code) => view! { <Broken code=code /> }.into_any(),
        Kind::Loading => view! { <div class="loading" aria-busy="true"></div> }.into_any(),
        Kind::SetUp => view! { <SetUp /> }.into_any(),
        Kind::Welcome => view! { <Welcome /> }.into_any(),
        Kind::Locked => view! { <Unlock /> }.into_any(),
        Kind::Open => view! { <Frame /> }.into_any(),
    };
    view! {
        {screen}
        <Notices />
        <Show when=move || app.keys.get()>
            <Keys close=move || app.keys.set(false) />
        </Show>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Broken(&'static str),
    Loading,
    SetUp,
    Welcome,
    Locked,
    Open,
}

/// Takes over what was found out; then a sync.
async fn begin(app: State, opening: Opening, early: Option<Early>) {
    let Opening { around, standing, heard: (mut heard, subscription), .. } = opening;
    let Around { settings, page, asked, place, .. } = around;
    app.settings.set(settings);
    app.page.set(page);
    browsing::follow_link(app).await;
    asking::look(app, asked).await;
    let standing = match standing {
        Some(standing) => standing,
        None => standing_now().await,
    };
    // Before anything is shown: what one sees first stays.
    if matches!(standing, Ok(Standing::Open(_)))
        && app.popup
        && !app.panel
        && app.asked.with_untracked(Option::is_none)
        && app.route.get_untracked() == Route::ThisPage
        && let Some(place) = place
    {
        place::restore(app, &place);
    }
    let inputs = early.map(Early::end);
    app.stand(standing);
    // What was heard since it was found out is heeded now; as long as the page is there, what comes is.
    spawn_local(async move {
        let _subscription = subscription;
        while let Some(event) = heard.next().await {
            spawn_local(async move { app.hear(event).await });
        }
    });
    // What was meant for a list is for nothing else.
    if let Some(inputs) = inputs.filter(|_| app.open().is_some()) {
        spawn_local(async move {
            // Once the list is there to be clicked, and its search to be typed into.
            dom::painted().await;
            dom::focus("search");
            inputs.replay(|typed| app.query.update(|query| typed.put(query)));
        });
    }
    spawn_local(app.finish());
    let unlock = app.standing.with_untracked(
        |standing| matches!(standing, Some(Standing::Locked(locked)) if !locked.sign_in_again),
    );
    if unlock && app.route.get_untracked() == Route::Welcome {
        app.go(Route::ApiSecrets);
    }
    if app.popup {
        spawn_local(filling::look(app));
    }
    // To open a view is to do something: the vault stays open longer. Not before the list takes input, as it
    // wakes the background. What was found out before anything could be heard may have been locked since.
    if app.open().is_some() && !touch().await {
        app.look().await;
    }
    asking::keep(app);
    place::keep(app);
    app.sync.set(sync_status().await);
    if app.open().is_some() {
        app.sync.set(sync_now().await);
    }
}

/// Other contexts, the address bar, keys, and the clock of the lock.
fn listen(app: State) {
    let hash = window_event_listener(leptos::ev::hashchange, move |_| {
        app.arrive(Route::of(&dom::hash()));
    });
    on_cleanup(move || hash.remove());

    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "?" && !dom::typing() {
            event.prevent_default();
            app.keys.set(true);
        }
    });
    on_cleanup(move || keys.remove());

    let last = StoredValue::new(0.0);
    let input = move || {
        let now = js_sys::Date::now();
        if now - last.get_value() > TOUCH_MS {
            last.set_value(now);
            spawn_local(async {
                touch().await;
            });
        }
    };
    let key = window_event_listener(leptos::ev::keydown, move |_| input());
    let pointer = window_event_listener(leptos::ev::pointerdown, move |_| input());
    on_cleanup(move || {
        key.remove();
        pointer.remove();
    });

    let due = move || {
        spawn_local(async {
            // Locking tells every view, this one too.
            let _ = lock_if_due().await;
        });
    };
    set_interval(due, std::time::Duration::from_secs(1));
}
