//! Notices that stay until the user closes them, each with its sentence. The frame shows all of them, but for
//! those that the details of an item show meanwhile.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    ACCESS_ENDED, ACCOUNT_FULL, BOTH_CHANGED, CHANGED_TOO_OFTEN, DELETED, FELL_OFF, ItemId,
    LACKS_PARTS, LATE, MAILBOX_FIRST, NOT_DELETED, Notice, NoticeView, OWNER_FULL,
    OWNER_MAILBOX_FIRST, PersonView, REMOVED_AGAIN, RESTORED, TOO_MANY_ITEMS, UNSENT_DELETED,
    VIEW_ONLY,
};

use crate::kit::icon::{Glyph, Icon};
use crate::kit::row::middle;
use crate::route::Route;
use crate::screens::accepting::{FORKED, INCOMPLETE, WENT_BACK};
use crate::screens::notice_acts::acts;
use crate::screens::person::in_full;
use crate::state::App;
use crate::t;

/// The code of a notice that an address is pinned to other keys.
pub const KEY_CHANGED: &str = "key_changed";

/// The code of a notice that somebody's version of an item does not open.
pub const UNREADABLE: &str = "unreadable";

/// The codes that the details of an item tell themselves while they are open.
const IN_DETAILS: [&str; 8] =
    [UNREADABLE, LATE, FELL_OFF, REMOVED_AGAIN, LACKS_PARTS, FORKED, WENT_BACK, INCOMPLETE];

/// How many letters of an item's name a sentence has.
const LONGEST_NAME: usize = 48;

/// Keeps the notices of the open vault up to date.
pub fn follow(app: App) {
    Effect::new(move |_| {
        app.changes.track();
        app.standing.track();
        let Some(open) = app.open() else { return };
        spawn_local(async move {
            let notices = open.notices().await;
            if app.open().is_some() && app.notices.with_untracked(|now| *now != notices) {
                app.notices.set(notices);
            }
        });
    });
}

/// The notices below the screen.
#[component]
pub fn Notices() -> impl IntoView {
    let app = App::here();
    let here = move |view: &NoticeView| match app.route.get() {
        Route::Item(id) | Route::Sharing(id) => !is_told_by(view, Some(id)),
        // Its act leads here.
        Route::Share(id) => view.notice.item != Some(id) || view.notice.code != UNREADABLE,
        _ => true,
    };
    lines(app, here, move |notice| {
        let warn = is_mild(&notice);
        let label = text(&notice);
        view! {
            <div class="banner" class:bad=!warn class:warn=warn role="alert">
                <Glyph icon=Icon::Alert />
                <span dir="auto">{label.clone()}</span>
                {acts(app, notice, Some(label))}
            </div>
        }
    })
}

/// The notices of an item, in its details.
#[component]
pub fn ItemNotices(id: ItemId) -> impl IntoView {
    let app = App::here();
    let of_it = move |view: &NoticeView| is_told_by(view, Some(id));
    lines(app, of_it, move |notice| {
        let warn = is_mild(&notice);
        let label = text(&notice);
        view! {
            <div
                class="notice-line"
                class:bad=!warn
                class:warn=warn
                role="group"
                aria-label=label.clone()
            >
                <Glyph icon=Icon::Alert />
                <span dir="auto">{label.clone()}</span>
                {acts(app, notice, None)}
            </div>
        }
    })
}

/// A line for each notice that is to be shown.
fn lines<V: IntoView + 'static>(
    app: App,
    is_shown: impl Fn(&NoticeView) -> bool + Send + Sync + 'static,
    line: impl Fn(NoticeView) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let mut notices = app.notices.get();
        notices.retain(&is_shown);
        notices
    });
    view! {
        <For each=move || shown.get() key=|notice| format!("{notice:?}") children=line />
    }
}

/// Whether the details of an item tell of its trouble by a notice. Tracked.
pub fn tells_of(app: App, id: ItemId, code: &str) -> bool {
    let told = |view: &NoticeView| is_told_by(view, Some(id)) && view.notice.code == code;
    app.notices.with(|notices| notices.iter().any(told))
}

fn is_told_by(view: &NoticeView, details: Option<ItemId>) -> bool {
    let Notice { code, item, .. } = &view.notice;
    details.is_some() && *item == details && IN_DETAILS.contains(&code.as_str())
}

/// Whether nothing was refused, or what was refused goes out by itself later.
fn is_mild(view: &NoticeView) -> bool {
    [
        BOTH_CHANGED,
        RESTORED,
        NOT_DELETED,
        UNSENT_DELETED,
        ACCESS_ENDED,
        DELETED,
        VIEW_ONLY,
        LACKS_PARTS,
        FELL_OFF,
        REMOVED_AGAIN,
        LATE,
        UNREADABLE,
        ACCOUNT_FULL,
        TOO_MANY_ITEMS,
        OWNER_FULL,
        CHANGED_TOO_OFTEN,
        MAILBOX_FIRST,
        OWNER_MAILBOX_FIRST,
    ]
    .contains(&view.notice.code.as_str())
}

fn full(person: &PersonView) -> String {
    in_full(person.name.as_deref(), &person.address)
}

/// The sentence of a notice.
fn text(view: &NoticeView) -> String {
    let name = view.name.as_deref().map(|name| middle(name, LONGEST_NAME));
    let view = &NoticeView { name, ..view.clone() };
    let code = view.notice.code.as_str();
    let named = || view.name.clone().unwrap_or_else(|| t!("unnamed"));
    let who = || view.people.iter().map(full).collect::<Vec<_>>().join(", ");
    let owner = view.owner.as_ref().map(full);
    match (code, &view.name, owner) {
        (BOTH_CHANGED, Some(name), _) => t!("both-changed", name = name.as_str()),
        (NOT_DELETED, Some(name), _) => t!("not-deleted", name = name.as_str()),
        (ACCESS_ENDED, ..) => t!("access-ended", name = named()),
        (DELETED, ..) => t!("others-deleted", name = named()),
        (VIEW_ONLY, ..) => t!("now-view-only", name = named()),
        (UNREADABLE, ..) if !view.people.is_empty() => match &view.name {
            Some(name) => t!("notice-unreadable", who = who(), name = name.as_str()),
            None => t!("notice-nothing-readable", who = who()),
        },
        (LATE, ..) => t!("notice-late", who = who(), name = named()),
        (FELL_OFF, ..) => t!("notice-fell-off", who = who(), name = named()),
        (REMOVED_AGAIN, ..) => t!("notice-removed-again", who = who(), name = named()),
        (LACKS_PARTS, ..) => t!("notice-lacks-parts", name = named()),
        (FORKED, Some(name), None) if view.shared => t!("notice-forked", name = name.as_str()),
        (FORKED, Some(name), None) => t!("notice-forked-alone", name = name.as_str()),
        (FORKED, Some(name), Some(owner)) => {
            t!("notice-forked-of", name = name.as_str(), owner = owner)
        }
        (WENT_BACK, Some(name), Some(owner)) => {
            t!("notice-went-back-of", name = name.as_str(), owner = owner)
        }
        (OWNER_FULL, Some(name), Some(owner)) => {
            t!("notice-owner-full", name = name.as_str(), owner = owner)
        }
        (OWNER_MAILBOX_FIRST, Some(name), Some(owner)) => {
            t!("notice-owner-mailbox-first", name = name.as_str(), owner = owner)
        }
        (KEY_CHANGED, ..) => t!("notice-key-changed"),
        (RESTORED, None, _) => t!("notice-restored"),
        ("damaged", None, _) => t!("notice-damaged-account"),
        (code, Some(name), _) => of_item(name.clone(), code.to_owned()),
        (code, None, _) => t!("notice-account", code = code),
    }
}

/// The sentence of a notice that names an item and has no act of its own.
fn of_item(name: String, code: String) -> String {
    match &*code {
        "damaged" => t!("notice-damaged", name = name),
        // The server refused what was changed here.
        "identifier_taken" => t!("notice-taken", name = name),
        "too_large" => t!("notice-too-large", name = name),
        "refused" => t!("notice-refused", name = name),
        ACCOUNT_FULL => t!("notice-account-full", name = name),
        TOO_MANY_ITEMS => t!("notice-too-many-items", name = name),
        MAILBOX_FIRST => t!("notice-mailbox-first", name = name),
        CHANGED_TOO_OFTEN => t!("notice-too-often", name = name),
        UNSENT_DELETED => t!("notice-unsent-deleted", name = name),
        _ => t!("notice-item", name = name, code = code),
    }
}
