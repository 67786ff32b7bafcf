//! The opened overviews as a screen lists them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::matches::{Found, Match};
use mysafe::matching::{self, Index, OnPage, Site};
use mysafe::model::{Method, line, shown_method, shown_tags};
use mysafe::protocol::bodies::Status;
use mysafe::protocol::{ItemId, UserId, limits};
use mysafe::search::{Filters, Making, Order, Search};
use mysafe::vault::{Entry, Met, Right, SecretPresence, Vault};

/// Whose an item is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OwnerView {
    /// The id.
    pub user: UserId,
    /// Mail address.
    pub address: String,
    /// The name as the server told it, if it did; never shown without the address.
    pub name: Option<String>,
    /// Whether the user has accepted them.
    pub met: Met,
}

/// A row of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The item.
    pub id: ItemId,
    /// Name.
    pub name: String,
    /// Address.
    pub url: String,
    /// Client ID, as it is shown.
    pub client_id: String,
    /// HTTP method.
    pub method: Option<Method>,
    /// Tags.
    pub tags: Vec<String>,
    /// A change of it is not on the server yet.
    pub waiting: bool,
    /// Why it failed its check, or the server refused it: a stable code.
    pub trouble: Option<String>,
    /// It was disabled.
    pub inactive: bool,
    /// Whether it has a client secret, as far as is known.
    pub secret: SecretPresence,
    /// Last use, Unix milliseconds.
    pub last_use: Option<u64>,
    /// Last change, Unix milliseconds.
    pub changed: u64,
    /// Whose it is, if it is somebody else's.
    pub others: Option<OwnerView>,
    /// What the user may do with it.
    pub right: Right,
    /// When the user's access ends, Unix seconds; for ever if absent.
    pub until: Option<u64>,
    /// It is the user's own and others have access.
    pub shared: bool,
    /// It stands under "New items".
    pub new: bool,
    /// When its client secret is to be rotated at the provider, Unix milliseconds; the owner's reminder.
    pub rotate: Option<u64>,
}

/// Where an item's address is, as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Host, with the port if it is not the scheme's own.
    pub host: String,
    /// What the tile's colour is made of: the registrable domain, or the host.
    pub registrable: String,
}

impl Row {
    /// Where it is. Not kept: of ten thousand rows, few are ever seen.
    pub fn shown(&self) -> Shown {
        let site = Site::of(&self.url);
        let host = site.as_ref().map_or_else(|| self.url.clone(), Site::readable);
        let registrable = site.and_then(|site| site.registrable).unwrap_or_else(|| host.clone());
        Shown { host, registrable }
    }

    fn of(vault: &Vault, entry: &Entry) -> Self {
        let (overview, access) = (&entry.overview, &entry.access);
        let others = access.owner.map(|user| OwnerView {
            user,
            address: vault.person(&user).map_or(String::new(), |person| person.address.clone()),
            name: vault.name(&user).map(|name| line(name, limits::PERSON)),
            met: access.met,
        });
        Self {
            id: entry.id,
            name: line(&overview.name, limits::NAME),
            url: line(&overview.url, limits::URL),
            client_id: line(&overview.client_id, limits::CLIENT_ID),
            method: shown_method(overview),
            tags: shown_tags(overview),
            waiting: entry.waiting,
            trouble: entry.trouble.clone(),
            inactive: entry.status == Status::Inactive,
            secret: entry.secret,
            last_use: Some(entry.last_use).filter(|time| *time > 0),
            changed: overview.changed.map_or(0, |stamp| stamp.time),
            others,
            right: access.right,
            until: access.until.filter(|_| access.owner.is_some()),
            shared: access.shared,
            new: access.is_new(),
            rotate: vault.reminder(&entry.id),
        }
    }
}

/// The rows, and what finds in them; made anew with each change of the vault.
pub(crate) struct Lists {
    pub(crate) rows: Arc<Vec<Row>>,
    /// What stands under "New items", the newest first; what is of people not accepted is nowhere else.
    pub(crate) fresh: Vec<Row>,
    places: HashMap<ItemId, usize>,
    /// The address that was asked for first, and what belongs to it: a popup asks for no other, and
    /// paints before it could be told of an index of all.
    first: RefCell<Option<(String, Vec<Match>)>>,
    /// What the page names, asked for with each change of the list.
    named: RefCell<Option<(OnPage, String, Vec<Match>)>>,
    /// Made when a second address is asked for.
    index: OnceCell<Placed<Index>>,
    search: RefCell<Searching>,
}

/// What finds words, made piece by piece.
enum Searching {
    /// Of so many rows already.
    Making {
        made: Placed<Making>,
        next: usize,
    },
    Made(Placed<Search>),
}

/// Something made of entries, and the row of each.
#[derive(Default)]
struct Placed<T> {
    made: T,
    rows: Vec<usize>,
}

impl Lists {
    /// The items by name, the inactive ones last.
    pub(crate) fn of(vault: &Vault) -> Self {
        let there = vault.entries().filter(|entry| entry.status != Status::Deleted);
        let entries: Vec<&Entry> = there.filter(|entry| entry.access.is_usable()).collect();
        let order = Order::Name.of(entries.iter().copied()).into_iter();
        Self::listing(vault, order.map(|place| entries[place]))
    }

    /// The same, where the order of what is not deleted is known.
    pub(crate) fn in_order(vault: &Vault, order: &[ItemId]) -> Self {
        let entries = order.iter().filter_map(|item| vault.entry(item));
        Self::listing(vault, entries.filter(|entry| entry.access.is_usable()))
    }

    fn listing<'e>(vault: &Vault, entries: impl Iterator<Item = &'e Entry>) -> Self {
        let rows: Vec<Row> = entries.map(|entry| Row::of(vault, entry)).collect();
        let mut fresh: Vec<Row> = vault.new_items().map(|entry| Row::of(vault, entry)).collect();
        fresh.sort_by_key(|row| std::cmp::Reverse(row.changed));
        let places = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        Self {
            rows: Arc::new(rows),
            fresh,
            places,
            first: RefCell::default(),
            named: RefCell::default(),
            index: OnceCell::new(),
            search: RefCell::new(Searching::Making { made: Placed::default(), next: 0 }),
        }
    }

    /// The row of an item.
    pub(crate) fn row(&self, item: &ItemId) -> Option<&Row> {
        match self.places.get(item) {
            Some(place) => self.rows.get(*place),
            None => self.fresh.iter().find(|row| row.id == *item),
        }
    }

    /// The client ID of a listed item as it is stored, to copy or fill it.
    pub(crate) fn client_id(&self, vault: &Vault, item: &ItemId) -> Option<String> {
        self.row(item)?;
        vault.entry(item).map(|entry| entry.overview.client_id.clone())
    }

    pub(crate) fn matching(&self, vault: &Vault, address: &str) -> Vec<Match> {
        let matching = |Placed { made, rows }: &Placed<Index>| -> Vec<Match> {
            made.matching(address).map(|found| Match::of(found, rows)).collect()
        };
        if let Some(index) = self.index.get() {
            return matching(index);
        }
        let mut first = self.first.borrow_mut();
        match &*first {
            Some((asked, found)) if asked == address => found.clone(),
            Some(_) => matching(
                self.index.get_or_init(|| self.placed(vault, |entries| Index::of(entries))),
            ),
            None => {
                let found = matching(&self.near(vault, &[address]));
                *first = Some((address.to_owned(), found.clone()));
                found
            }
        }
    }

    pub(crate) fn named(&self, vault: &Vault, on_page: &OnPage, address: &str) -> Vec<Match> {
        let mut named = self.named.borrow_mut();
        match &*named {
            Some((known, asked, found)) if known == on_page && asked == address => found.clone(),
            _ => {
                let Placed { made, rows } = self.near(vault, &on_page.addresses());
                let found = on_page.matching(&made, address).into_iter();
                let found: Vec<Match> = found.map(|found| Match::of(found, &rows)).collect();
                *named = Some((on_page.clone(), address.to_owned(), found.clone()));
                found
            }
        }
    }

    fn near(&self, vault: &Vault, addresses: &[&str]) -> Placed<Index> {
        let near = matching::near(vault.entries(), addresses);
        let near = near.filter_map(|entry| Some((*self.places.get(&entry.id)?, entry)));
        let mut near: Vec<(usize, &Entry)> = near.collect();
        near.sort_unstable_by_key(|(place, _)| *place);
        let (rows, near): (_, Vec<&Entry>) = near.into_iter().unzip();
        Placed { made: Index::of(near.into_iter()), rows }
    }

    pub(crate) fn search(&self, vault: &Vault, query: &str) -> Vec<Found> {
        self.prepare(vault, usize::MAX);
        match &*self.search.borrow() {
            Searching::Made(Placed { made, rows }) => made
                .find(query)
                .into_iter()
                .map(|found| Found { row: rows[found.place], field: found.field })
                .collect(),
            Searching::Making { .. } => Vec::new(),
        }
    }

    /// The rows that pass, in an order.
    pub(crate) fn listed(
        &self,
        vault: &Vault,
        filters: &Filters,
        order: Order,
        now: u64,
    ) -> Vec<usize> {
        if filters.count() == 0 && order == Order::Name {
            return (0..self.rows.len()).collect();
        }
        let Placed { made, rows } = self.placed(vault, |entries| {
            let mut passes = vec![false; entries.len()];
            filters.pass(entries.clone(), now).into_iter().for_each(|place| passes[place] = true);
            let ordered = order.of(entries).into_iter();
            ordered.filter(|place| passes[*place]).collect::<Vec<_>>()
        });
        made.into_iter().map(|place| rows[place]).collect()
    }

    /// Makes ready for the first keystroke, of at most so many more rows; whether it is.
    pub(crate) fn prepare(&self, vault: &Vault, most: usize) -> bool {
        let mut search = self.search.borrow_mut();
        let Searching::Making { made, next } = &mut *search else { return true };
        let end = next.saturating_add(most).min(self.rows.len());
        for place in std::mem::replace(next, end)..end {
            if let Some(entry) = vault.entry(&self.rows[place].id) {
                made.made.add(entry);
                made.rows.push(place);
            }
        }
        let ready = end == self.rows.len();
        if ready {
            let Placed { made, rows } = std::mem::take(made);
            *search = Searching::Made(Placed { made: made.done(), rows });
        }
        ready
    }

    /// Makes something of the entries in the order of the rows. While a change is being stored the
    /// vault may lack an item that is still listed.
    fn placed<T>(
        &self,
        vault: &Vault,
        make: impl for<'e> FnOnce(std::vec::IntoIter<&'e Entry>) -> T,
    ) -> Placed<T> {
        let (entries, rows): (Vec<&Entry>, Vec<usize>) = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((vault.entry(&row.id)?, place)))
            .unzip();
        Placed { made: make(entries.into_iter()), rows }
    }
}

#[cfg(test)]
mod tests {
    use mysafe::crypto::{AccountKey, Identity, SystemRandom};
    use mysafe::model::ApiSecretForm;

    use super::*;

    #[test]
    fn a_client_id_is_shown_on_one_line_and_copied_as_it_is() {
        let (random, address) = (&mut SystemRandom, "ana@example.com");
        let account = AccountKey::generate(random);
        let user = Identity::of(&account, address).user();
        let mut vault = Vault::open(account, &user, address).unwrap();
        let form = ApiSecretForm {
            name: "CRM".into(),
            url: "https://example.com".into(),
            client_id: "id\u{202e}di".into(),
            ..ApiSecretForm::default()
        };
        let Ok(change) = vault.add(&form, 1, random) else { panic!("not added") };
        let lists = Lists::of(&vault);
        assert_eq!(lists.row(&change.item).unwrap().client_id, "iddi");
        assert_eq!(lists.client_id(&vault, &change.item).as_deref(), Some("id\u{202e}di"));
    }
}
