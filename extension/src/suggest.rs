//! "Suggest as I browse": the number of items that belong to a tab, on the icon while that tab is in
//! front. The browser is given a number and nothing else.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use mysafe_browser::{
    Event, Open, Standing, Subscription, active_tabs, clear_badges, follow, is_open, set_tab_badge,
    standing, subscribe, suggests,
};

/// The vault, and what tells of its changes, for as long as this script lives: opening ten thousand
/// items for every page one comes to is too much.
struct Kept {
    open: Rc<Open>,
    _changes: Subscription,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    /// Counts the changes heard of: one that comes while the vault is opened must not be missed.
    static CHANGES: Cell<u32> = const { Cell::new(0) };
}

/// Shows what belongs to the tabs in front.
pub(crate) async fn show() {
    if !suggests().await {
        return;
    }
    let open = vault().await;
    for (tab, address) in active_tabs().await {
        follow(tab, &address).await;
        let count = open.as_ref().map_or(0, |open| open.matching(&address).len());
        set_tab_badge(tab, &sign(count)).await;
    }
}

/// Takes the numbers away: the user does not want them any more.
pub(crate) async fn end() {
    KEPT.set(None);
    clear_badges().await;
}

/// Locked: nothing is kept.
pub(crate) fn forget() {
    KEPT.set(None);
}

fn sign(count: usize) -> String {
    match count {
        0 => String::new(),
        1..=99 => count.to_string(),
        _ => "99+".to_owned(),
    }
}

async fn vault() -> Option<Rc<Open>> {
    if is_open().await != Ok(true) {
        forget();
        return None;
    }
    let kept = KEPT.with_borrow(|kept| kept.as_ref().map(|kept| Rc::clone(&kept.open)));
    if kept.is_some() {
        return kept;
    }
    let before = CHANGES.get();
    let changes = subscribe(|event| {
        if event == Event::Changed {
            wasm_bindgen_futures::spawn_local(changed());
        }
    });
    let Ok(Standing::Open(open)) = standing().await else { return None };
    if CHANGES.get() != before && open.refresh().await.is_err() {
        return None;
    }
    KEPT.set(Some(Kept { open: Rc::clone(&open), _changes: changes }));
    Some(open)
}

/// Something was added, edited or disabled.
async fn changed() {
    CHANGES.set(CHANGES.get().wrapping_add(1));
    let open = KEPT.with_borrow(|kept| kept.as_ref().map(|kept| Rc::clone(&kept.open)));
    if let Some(open) = open
        && open.refresh().await.is_err()
    {
        forget();
    }
    show().await;
}
