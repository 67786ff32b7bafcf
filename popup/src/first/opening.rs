//! What is found out before anything is shown, none of it from the network.

use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use mysafe_browser::{
    Around, Event, FirstScreen, Standing, StoreError, Subscription, standing_for, subscribe,
};

use crate::dom;
use crate::place::kept;
use crate::route::Route;

/// It.
pub struct Opening {
    /// The list that is shown at first, if it is one of all items by name.
    pub list: Option<Route>,
    /// What other processes say.
    pub around: Around,
    /// Where this browser stands, if a first screen could tell.
    pub standing: Option<Result<Standing, StoreError>>,
    /// What is heard from other contexts from now on, as long as the second is kept.
    pub heard: (UnboundedReceiver<Event>, Subscription),
}

impl Opening {
    /// Finds it out.
    pub async fn find() -> Self {
        let (tell, heard) = unbounded();
        let subscription = subscribe(move |event| {
            let _ = tell.unbounded_send(event);
        });
        let route = Route::of(&dom::hash());
        let mut list = None;
        let (mut around, standing) = standing_for(|around| {
            list = first_list(route, around);
            list.map(|_| FirstScreen { page: page_of(around) })
        })
        .await;
        around.page = page_of(&around);
        let heard = (heard, subscription);
        Self { list, around, standing: standing.transpose(), heard }
    }
}

/// The page that the popup or the side panel was opened on.
fn page_of(around: &Around) -> Option<String> {
    around.page.clone().filter(|_| dom::is_popup() || dom::is_panel())
}

/// The first screen, if it is a list of all items by name. Whatever leads elsewhere, or narrows the list,
/// waits for all items.
fn first_list(route: Route, around: &Around) -> Option<Route> {
    let page = page_of(around);
    let listed = matches!(route, Route::ThisPage | Route::ApiSecrets);
    // It may be a link from a mail.
    let linked = page.as_ref().is_some_and(|page| page.contains("/item/"));
    let first = match around.place.as_deref().and_then(|place| kept(place, page.as_deref())) {
        // Only from where the popup begins one goes on to where one was.
        Some(kept) if route == Route::ThisPage && dom::is_popup() => kept.list()?,
        Some(kept) => kept.list().map(|_| route)?,
        None => route,
    };
    (listed && around.asked.is_none() && !linked).then_some(first)
}
