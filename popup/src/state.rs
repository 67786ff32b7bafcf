//! What every screen shares: where the browser stands, the rows, the route, the notice.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use mysafe_browser::{
    Action, Asked, Event, Filters, ItemId, Met, NoticeView, OnPage, Open, Order, Right, Row,
    Settings, Standing, StoreError, SyncStatus, UserId, standing,
};

use crate::copying::Copied;
use crate::filling;
use crate::kit::notice::Shown;
use crate::route::Route;
use crate::screens::parting::Parting;
use crate::screens::person::Card;

/// What every screen shares.
#[derive(Clone, Copy)]
pub struct App {
    /// Where this browser stands; `None` until it is known.
    pub standing: RwSignal<Option<Standing>, LocalStorage>,
    /// The store does not open: a code for the text.
    pub broken: RwSignal<Option<&'static str>>,
    /// All rows by name.
    pub rows: RwSignal<Arc<Vec<Row>>>,
    /// Where the user is.
    pub route: RwSignal<Route>,
    /// The list the user was on before, to go back to.
    pub before: RwSignal<Option<Route>>,
    /// The address of the page the popup was opened on.
    pub page: RwSignal<Option<String>>,
    /// The addresses that the page names; `None` until it was read.
    pub on_page: RwSignal<Option<OnPage>>,
    /// What is typed into the search.
    pub query: RwSignal<String>,
    /// What an item must be to be listed.
    pub filters: RwSignal<Filters>,
    /// In which order.
    pub order: RwSignal<Order>,
    /// The selected row.
    pub selected: RwSignal<Option<ItemId>>,
    /// How far the list is scrolled.
    pub scroll: RwSignal<i32>,
    /// Settings.
    pub settings: RwSignal<Settings>,
    /// Where sync stands.
    pub sync: RwSignal<SyncStatus>,
    /// The notice at the bottom.
    pub notice: RwSignal<Option<Shown>>,
    /// What was copied a moment ago.
    pub copied: RwSignal<Option<Copied>>,
    /// Counts up with each change of the store.
    pub changes: RwSignal<u32>,
    /// The user is asked whether this item is to be disabled (or enabled: `true`).
    pub asking: RwSignal<Option<(ItemId, bool)>>,
    /// The user is asked whether this item is to be deleted for good.
    pub deleting: RwSignal<Option<ItemId>>,
    /// The user is asked whether the server's state of this item is to be accepted.
    pub accepting: RwSignal<Option<ItemId>>,
    /// The notices that the user did not close.
    pub notices: RwSignal<Vec<NoticeView>>,
    /// The item whose Share screen opens next, with the person who is struck out there.
    pub removing: RwSignal<Option<(ItemId, UserId)>>,
    /// The user is to confirm their mailbox before they go on.
    pub confirming: RwSignal<bool>,
    /// What was asked for outside our own pages, until it is taken up.
    pub asked: RwSignal<Option<Asked>>,
    /// The user is to choose the item it is for; whether it was asked for in the page itself.
    pub choosing: RwSignal<Option<(Action, bool)>>,
    /// The user is asked whether to fill on this page.
    pub filling: RwSignal<Option<filling::Asked>>,
    /// Whose card is open.
    pub card: RwSignal<Option<Card>>,
    /// The user is asked about something of sharing with this item.
    pub parting: RwSignal<Option<Parting>>,
    /// The list of keys is open.
    pub keys: RwSignal<bool>,
    /// "Suggest as I browse" is given.
    pub suggests: RwSignal<bool>,
    /// This is narrow and belongs to a page: the toolbar popup, or the side panel.
    pub popup: bool,
    /// This is the side panel.
    pub panel: bool,
}

impl App {
    /// Nothing known yet.
    pub fn new(popup: bool, panel: bool, route: Route) -> Self {
        Self {
            standing: RwSignal::new_local(None),
            broken: RwSignal::new(None),
            rows: RwSignal::new(Arc::new(Vec::new())),
            route: RwSignal::new(route),
            before: RwSignal::new(None),
            page: RwSignal::new(None),
            on_page: RwSignal::new(None),
            query: RwSignal::new(String::new()),
            filters: RwSignal::new(Filters::default()),
            order: RwSignal::new(Order::default()),
            selected: RwSignal::new(None),
            scroll: RwSignal::new(0),
            settings: RwSignal::new(Settings::default()),
            sync: RwSignal::new(SyncStatus::default()),
            notice: RwSignal::new(None),
            copied: RwSignal::new(None),
            changes: RwSignal::new(0),
            asking: RwSignal::new(None),
            deleting: RwSignal::new(None),
            accepting: RwSignal::new(None),
            notices: RwSignal::new(Vec::new()),
            removing: RwSignal::new(None),
            confirming: RwSignal::new(false),
            asked: RwSignal::new(None),
            choosing: RwSignal::new(None),
            filling: RwSignal::new(None),
            card: RwSignal::new(None),
            parting: RwSignal::new(None),
            keys: RwSignal::new(false),
            suggests: RwSignal::new(false),
            popup: popup || panel,
            panel,
        }
    }

    /// The shared state of the component this is called in.
    pub fn here() -> Self {
        expect_context()
    }

    /// The open vault, if it is open.
    pub fn open(&self) -> Option<Rc<Open>> {
        self.standing.with_untracked(|standing| match standing {
            Some(Standing::Open(open)) => Some(Rc::clone(open)),
            _ => None,
        })
    }

    /// Whether the vault is open; changes redraw.
    pub fn is_open(&self) -> bool {
        self.standing.with(|standing| matches!(standing, Some(Standing::Open(_))))
    }

    /// Goes to another screen.
    pub fn go(&self, route: Route) {
        if self.route.get_untracked() != route {
            crate::dom::set_hash(&route.hash());
            self.arrive(route);
        }
    }

    /// The address behind `#` is another one now.
    pub fn arrive(&self, route: Route) {
        let now = self.route.get_untracked();
        if now != route {
            if matches!(now, Route::ThisPage | Route::ApiSecrets | Route::Home) {
                self.before.set(Some(now));
            }
            self.route.set(route);
        }
    }

    /// The list one came from, or Home.
    pub fn list(&self) -> Route {
        match self.before.get_untracked() {
            Some(list @ (Route::ThisPage | Route::ApiSecrets | Route::Home)) => list,
            _ if self.popup => Route::ThisPage,
            _ => Route::ApiSecrets,
        }
    }

    /// Takes a vault that was just opened.
    pub fn unlocked(&self, open: Rc<Open>) {
        self.rows.set(open.rows());
        self.standing.set(Some(Standing::Open(open)));
    }

    /// Finds out where the browser stands.
    pub async fn look(&self) {
        self.stand(standing().await);
    }

    /// Takes where the browser stands.
    pub fn stand(&self, standing: Result<Standing, StoreError>) {
        match standing {
            Ok(Standing::Open(open)) => {
                self.broken.set(None);
                self.unlocked(open);
            }
            Ok(other) => {
                self.broken.set(None);
                self.blank();
                self.standing.set(Some(other));
            }
            Err(error) => self.broken.set(Some(error.code())),
        }
    }

    /// Takes everything that was open off the screen.
    fn blank(&self) {
        self.standing.set(None);
        self.rows.set(Arc::new(Vec::new()));
        self.query.set(String::new());
        self.filter(Filters::default());
        self.order.set(Order::default());
        self.notice.set(None);
        self.asking.set(None);
        self.deleting.set(None);
        self.accepting.set(None);
        self.notices.set(Vec::new());
        self.removing.set(None);
        self.confirming.set(false);
        self.filling.set(None);
        self.choosing.set(None);
        self.card.set(None);
        self.parting.set(None);
    }

    /// Something happened in another context.
    pub async fn hear(&self, event: Event) {
        match event {
            Event::Locked => {
                if self.route.get_untracked() == Route::Welcome {
                    self.go(self.list());
                }
                self.blank();
                self.look().await;
            }
            Event::Unlocked => {
                if self.open().is_none() {
                    self.look().await;
                }
            }
            Event::Changed => self.refresh().await,
            Event::Sync(status) => self.sync.set(status),
        }
    }

    /// The first screen may have come with what it shows only; the rest comes once it is painted.
    pub async fn finish(self) {
        crate::dom::painted().await;
        let Some(open) = self.open() else { return };
        match open.finish().await {
            // Nothing is another than before but the list.
            Ok(true) if self.open().is_some_and(|now| Rc::ptr_eq(&now, &open)) => {
                self.rows.set(open.rows());
            }
            Ok(_) => {}
            Err(_) => self.look().await,
        }
    }

    /// Takes over what the store holds now.
    pub async fn refresh(&self) {
        match self.open() {
            Some(open) if open.refresh().await.is_ok() => {
                self.changed();
            }
            // An account came or went.
            _ => self.look().await,
        }
    }

    /// The place of an item among the rows; not tracked.
    pub fn place(&self, id: &ItemId) -> Option<usize> {
        self.rows.with_untracked(|rows| rows.iter().position(|row| row.id == *id))
    }

    /// The row of an item, also of one that stands under New items only.
    pub fn row(&self, id: &ItemId) -> Option<Row> {
        let listed = self.rows.with(|rows| rows.iter().find(|row| row.id == *id).cloned());
        listed.or_else(|| self.open()?.row(id))
    }

    /// What the user may do with an item now; only view it while its owner was not accepted. Tracked.
    pub fn right(&self, id: &ItemId) -> Option<Right> {
        self.changes.track();
        let row = self.row(id)?;
        let met = row.others.is_none_or(|owner| owner.met == Met::Accepted);
        Some(if met { row.right } else { Right::View })
    }

    /// Whether the user may edit an item now. Tracked.
    pub fn may_edit(&self, id: &ItemId) -> bool {
        self.right(id).is_some_and(|right| right >= Right::Edit)
    }

    /// Takes over what this view itself changed.
    pub fn changed(&self) {
        if let Some(open) = self.open() {
            self.rows.set(open.rows());
            self.changes.update(|count| *count += 1);
        }
    }
}
