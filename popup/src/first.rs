//! What the first screen shows, if that is a list of all items by name: it waits for no other item.

use leptos::prelude::*;
use mysafe_browser::{Asked, FirstScreen};

use crate::place;
use crate::route::Route;
use crate::state::App;

/// The first screen, if it is such a list. Whatever leads elsewhere, or narrows the list, waits for all
/// items.
pub fn first_screen(
    app: App,
    page: Option<&str>,
    asked: Option<&Asked>,
    place: Option<&str>,
) -> Option<FirstScreen> {
    let listed = matches!(app.route.get_untracked(), Route::ThisPage | Route::ApiSecrets);
    // It may be a link from a mail.
    let linked = page.is_some_and(|page| page.contains("/item/"));
    let kept = place.and_then(|place| place::kept(place, page)).is_none_or(|kept| kept.is_list());
    let list = listed && asked.is_none() && !linked && kept;
    list.then(|| FirstScreen { page: page.map(str::to_owned) })
}
