//! Reopened within two minutes on the same page: the same screen, search and filters.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Filters, Order, now, recall, remember, remember_place};

use crate::route::Route;
use crate::state::App;

const TWO_MINUTES: u64 = 2 * 60 * 1000;
const REFRESHED: std::time::Duration = std::time::Duration::from_secs(15);

/// Keeps where the user is, in the session's memory.
pub fn keep(app: App) {
    // The two minutes count from closing, and a popup that closes has no time to say so.
    let tick = RwSignal::new(());
    let _ = set_interval_with_handle(move || tick.set(()), REFRESHED);
    Effect::new(move |_| {
        tick.get();
        let open = app.is_open();
        let (route, query, page) = (app.route.get(), app.query.get(), app.page.get());
        let listed = app.filters.with(|filters| remember(filters, app.order.get()));
        if open && app.popup && !app.panel && route != Route::Welcome {
            let page = page.unwrap_or_default();
            let place = format!("{}\n{}\n{page}\n{listed}\n{query}", now(), route.hash());
            spawn_local(async move { remember_place(&place).await });
        }
    });
}

/// Where the user was.
pub struct Kept<'p> {
    route: Route,
    query: &'p str,
    filters: Filters,
    order: Order,
}

impl Kept<'_> {
    /// The list, if it is one of all items by name.
    pub fn list(&self) -> Option<Route> {
        let all = self.query.is_empty() && self.filters.count() == 0 && self.order == Order::Name;
        let list = matches!(self.route, Route::ThisPage | Route::ApiSecrets);
        (all && list).then_some(self.route)
    }
}

/// Where the user was, if that is not long ago and the page is the same.
pub fn kept<'p>(place: &'p str, page_now: Option<&str>) -> Option<Kept<'p>> {
    let parts: Vec<&str> = place.splitn(5, '\n').collect();
    let [time, hash, page, listed, query] = parts[..] else { return None };
    let recent = time.parse::<u64>().is_ok_and(|time| now().saturating_sub(time) < TWO_MINUTES);
    let (filters, order) = recall(listed);
    let kept = Kept { route: Route::of(hash), query, filters, order };
    (recent && page_now.unwrap_or_default() == page).then_some(kept)
}

/// Goes there.
pub fn restore(app: App, place: &str) {
    let page = app.page.get_untracked();
    if let Some(Kept { route, query, filters, order }) = kept(place, page.as_deref()) {
        app.query.set(query.to_owned());
        app.filter(filters);
        app.order.set(order);
        app.go(route);
    }
}
