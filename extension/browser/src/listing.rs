//! What of an open vault a screen lists: all, what is searched for, what belongs to a page.

use std::sync::Arc;

use mysafe::matching::OnPage;
use mysafe::protocol::ItemId;
use mysafe::search::{Filters, Order};

use crate::matches::{Found, Match};
use crate::now;
use crate::open::Open;
use crate::rows::Row;

impl Open {
    /// All items: the active ones by name, then the inactive ones.
    pub fn rows(&self) -> Arc<Vec<Row>> {
        Arc::clone(&self.lists.borrow().rows)
    }

    /// The row of an item.
    pub fn row(&self, id: &ItemId) -> Option<Row> {
        self.lists.borrow().row(id).cloned()
    }

    /// The client ID of a listed item as it is stored.
    pub(crate) fn stored_client_id(&self, id: &ItemId) -> Option<String> {
        self.lists.borrow().client_id(&self.vault.borrow(), id)
    }

    /// The rows in which every word occurs, best first.
    pub fn search(&self, query: &str) -> Vec<Found> {
        self.lists.borrow().search(&self.vault.borrow(), query)
    }

    /// Makes ready to search, a few milliseconds of it: what the first keystroke need not wait for.
    /// Whether it is ready now.
    pub fn prepare_search(&self) -> bool {
        /// Rows at a time.
        const FEW: usize = 400;
        self.lists.borrow().prepare(&self.vault.borrow(), FEW)
    }

    /// The rows that pass the filters, in an order.
    pub fn listed(&self, filters: &Filters, order: Order) -> Vec<usize> {
        self.lists.borrow().listed(&self.vault.borrow(), filters, order, now())
    }

    /// The rows that belong to an address, best first.
    pub fn matching(&self, url: &str) -> Vec<Match> {
        self.lists.borrow().matching(&self.vault.borrow(), url)
    }

    /// The rows at the addresses that the page at an address names.
    pub fn named(&self, on_page: &OnPage, url: &str) -> Vec<Match> {
        self.lists.borrow().named(&self.vault.borrow(), on_page, url)
    }

    /// The items that belong to an address best, one's own before those of others; more than one if nothing but their last use and name
    /// tells them apart.
    pub fn best(&self, url: &str) -> Vec<ItemId> {
        let matches = self.matching(url);
        let lists = self.lists.borrow();
        let rank = |found: &Match| {
            let others = lists.rows.get(found.row).is_some_and(|row| row.others.is_some());
            (found.not_secure, found.reason, others)
        };
        let Some(first) = matches.first().map(rank) else { return Vec::new() };
        let best = matches.iter().take_while(|found| rank(found) == first);
        best.filter_map(|found| lists.rows.get(found.row)).map(|row| row.id).collect()
    }
}
