//! The acts that a notice offers: compare, remove a person, choose a version, confirm one's email, try again,
//! close.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    ACCOUNT_FULL, BOTH_CHANGED, ItemId, LATE, MAILBOX_FIRST, Notice, NoticeView, OWNER_FULL,
    TOO_MANY_ITEMS, UserId, sync_now,
};

use crate::kit::button::IconButton;
use crate::kit::icon::Icon;
use crate::route::Route;
use crate::screens::accepting::{AcceptServer, FORKED, INCOMPLETE, WENT_BACK};
use crate::screens::broken;
use crate::screens::disable::why;
use crate::screens::notices::{KEY_CHANGED, UNREADABLE};
use crate::screens::person::called;
use crate::state::App;
use crate::t;

/// The acts that a notice offers. The last one closes it. The label says whose they are, where nothing around
/// them does.
pub fn acts(app: App, view: NoticeView, label: Option<String>) -> impl IntoView {
    let NoticeView { notice, own, people, removable, .. } = view;
    let code = notice.code.as_str();
    let both = code == BOTH_CHANGED;
    let home = (code == KEY_CHANGED).then_some(Route::Home);
    let link = notice.item.filter(|_| both).map(Route::History).or(home).map(|route| {
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
    let offered = match code {
        FORKED => true,
        WENT_BACK => !own,
        INCOMPLETE => own,
        _ => false,
    };
    let accept = notice.item.filter(|_| offered).map(|id| view! { <AcceptServer id=id /> });
    let remove = notice.item.filter(|_| code == UNREADABLE).map(|id| {
        let people = people.iter().filter(|person| removable.contains(&person.user));
        people.map(|person| remove(app, id, person.user, called(person))).collect_view()
    });
    let late = (code == LATE).then(|| late(app, notice.clone()));
    let confirm = (code == MAILBOX_FIRST).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| app.confirming.set(true)>
                {t!("confirm-email")}
            </button>
        }
    });
    let again = [ACCOUNT_FULL, TOO_MANY_ITEMS, OWNER_FULL].contains(&code).then(|| {
        let tried = notice.clone();
        view! {
            <button
                type="button"
                class="button"
                on:click=move |_| spawn_local(try_again(app, tried.clone()))
            >
                {t!("try-again")}
            </button>
        }
    });
    // The user's choice closes what came late.
    let close = (code != LATE).then(|| {
        let closed = notice.clone();
        view! {
            <IconButton
                name=Signal::derive(|| t!("close"))
                icon=Signal::derive(|| Icon::Close)
                act=move |_| spawn_local(dismiss(app, closed.clone()))
            />
        }
    });
    let some = link.is_some() || accept.is_some() || remove.is_some() || late.is_some();
    let some = some || confirm.is_some() || again.is_some();
    let acts = some.then(|| {
        view! { <div class="acts" role=label.as_ref().map(|_| "group") aria-label=label>{link} {accept} {remove} {late} {confirm} {again}</div> }
    });
    view! {
        {acts}
        {close}
    }
}

/// The way to Share, where this person is struck out and "Share" removes them.
fn remove(app: App, id: ItemId, user: UserId, name: String) -> impl IntoView {
    let act = move |_| {
        app.removing.set(Some((id, user)));
        app.go(Route::Share(id));
    };
    view! {
        <button type="button" class="button" on:click=act>
            {t!("remove-who", name = name)}
        </button>
    }
}

fn late(app: App, notice: Notice) -> impl IntoView {
    let before = notice.clone();
    view! {
        <button
            type="button"
            class="button"
            on:click=move |_| spawn_local(dismiss(app, notice.clone()))
        >
            {t!("keep-this-version")}
        </button>
        <button
            type="button"
            class="button"
            on:click=move |_| spawn_local(use_version_before(app, before.clone()))
        >
            {t!("use-version-before")}
        </button>
    }
}

/// Sends what waits for room. Says so if there still is none.
async fn try_again(app: App, notice: Notice) {
    let status = sync_now().await;
    let is_offline = status.offline;
    app.sync.set(status);
    let Some(open) = app.open() else { return };
    app.changed();
    if is_offline {
        app.fail(t!("accept-offline"));
    } else if open.notices().await.iter().any(|view| view.notice == notice) {
        app.fail(t!("still-no-room"));
    }
}

async fn dismiss(app: App, notice: Notice) {
    let Some(open) = app.open() else { return };
    match open.dismiss(&notice).await {
        Ok(()) => app.notices.update(|kept| kept.retain(|kept| kept.notice != notice)),
        Err(error) => app.fail(broken::text(&error)),
    }
}

/// These people were removed from an item: nothing is left to do about the versions of theirs that cannot be
/// read.
pub async fn close_unreadable(app: App, id: ItemId, removed: &[UserId]) {
    let theirs = |view: &NoticeView| {
        let Notice { code, item, people, .. } = &view.notice;
        code == UNREADABLE && *item == Some(id) && people.iter().all(|user| removed.contains(user))
    };
    let notices = app.notices.get_untracked();
    for view in notices.into_iter().filter(theirs) {
        dismiss(app, view.notice).await;
    }
}

async fn use_version_before(app: App, notice: Notice) {
    let Some(open) = app.open() else { return };
    match open.use_version_before(&notice).await {
        Ok(Some(_)) => {
            app.changed();
            app.say(t!("restored"));
            app.sync.set(sync_now().await);
        }
        Ok(None) => app.fail(t!("no-version-before")),
        Err(error) => app.fail(why(&error)),
    }
}
