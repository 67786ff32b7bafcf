//! The menu of an item: what can be done with it, by what the user may do.

use leptos::prelude::*;
use mysafe_browser::{ItemId, MAILBOX_FIRST, Met, Right};

use super::icon::Icon;
use super::menu::Entry;
use crate::filling;
use crate::route::Route;
use crate::screens::parting::Parting;
use crate::state::App;
use crate::t;

/// What can be done with an item; what is not allowed is left out.
pub fn actions(app: App, id: ItemId) -> Vec<Entry> {
    let Some(row) = app.row(&id) else { return Vec::new() };
    let go = move |route: Route| {
        Callback::new(move |()| {
            app.selected.set(Some(id));
            app.go(route);
        })
    };
    let entry = |icon, name, act| Entry { icon, name, keys: "", barred: None, act };
    let others = row.others.as_ref();
    let met = others.is_none_or(|owner| owner.met == Met::Accepted);
    let edits = row.right >= Right::Edit && met;
    let mut entries = vec![entry(Icon::View, t!("view-api-secret"), go(Route::Item(id)))];
    if row.trouble.as_deref() == Some(MAILBOX_FIRST) {
        let confirm = Callback::new(move |()| app.confirming.set(true));
        entries.push(entry(Icon::Check, t!("confirm-email"), confirm));
    }
    if met {
        entries.extend(filling::entries(app, id));
    }
    if edits {
        entries.push(entry(Icon::Edit, t!("edit"), go(Route::Edit(id))));
    }
    if row.right == Right::Own {
        entries.push(entry(Icon::Share, t!("share"), go(Route::Share(id))));
    }
    if met {
        entries.push(entry(Icon::Clock, t!("history"), go(Route::History(id))));
    }
    if edits {
        let (icon, name) = match row.inactive {
            true => (Icon::Check, t!("enable")),
            false => (Icon::Close, t!("disable")),
        };
        let inactive = row.inactive;
        let ask = Callback::new(move |()| app.asking.set(Some((id, inactive))));
        entries.push(entry(icon, name, ask));
    }
    if others.is_some() {
        let ask = move |parting| Callback::new(move |()| app.parting.set(Some(parting)));
        if met && !row.inactive {
            entries.push(entry(Icon::Copy, t!("make-copy"), ask(Parting::Copy(id))));
        }
        entries.push(entry(Icon::Leave, t!("leave"), ask(Parting::Leave(id))));
    } else if row.inactive {
        let ask = Callback::new(move |()| app.deleting.set(Some(id)));
        entries.push(entry(Icon::Trash, t!("delete"), ask));
    }
    entries
}
