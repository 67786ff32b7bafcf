//! What is chosen in the filters and does not count yet, as the values of their controls.

use leptos::prelude::*;
use mysafe_browser::{Filters, LastUse, OwnerFilter, SharedFilter, StatusFilter};

/// The statuses to choose from.
pub const STATUSES: [StatusFilter; 3] =
    [StatusFilter::Active, StatusFilter::Inactive, StatusFilter::All];
/// Shared or not.
pub const SHARED: [SharedFilter; 3] = [SharedFilter::All, SharedFilter::Yes, SharedFilter::No];
/// The times of last use.
pub const LAST_USES: [LastUse; 7] = [
    LastUse::Any,
    LastUse::Within(1),
    LastUse::Within(7),
    LastUse::Within(30),
    LastUse::NotWithin(30),
    LastUse::NotWithin(90),
    LastUse::Never,
];

/// What is chosen and does not count yet.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// In use or not.
    pub status: RwSignal<String>,
    /// Shared or not.
    pub shared: RwSignal<String>,
    /// Whose.
    pub owner: RwSignal<String>,
    /// All of these tags.
    pub tags: RwSignal<Vec<String>>,
    /// What is typed and not a tag yet.
    pub tag: RwSignal<String>,
    /// Part of an address.
    pub url: RwSignal<String>,
    /// When last used.
    pub last_use: RwSignal<String>,
}

impl Chosen {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self {
            status: RwSignal::new(String::new()),
            shared: RwSignal::new(String::new()),
            owner: RwSignal::new(String::new()),
            tags: RwSignal::new(Vec::new()),
            tag: RwSignal::new(String::new()),
            url: RwSignal::new(String::new()),
            last_use: RwSignal::new(String::new()),
        }
    }

    /// As these filters are.
    pub fn set(self, filters: &Filters) {
        self.status.set(place(&STATUSES, &filters.status));
        self.shared.set(place(&SHARED, &filters.shared));
        self.owner.set(owner_value(filters.owner));
        self.tags.set(filters.tags.clone());
        self.tag.set(String::new());
        self.url.set(filters.url.clone());
        self.last_use.set(place(&LAST_USES, &filters.last_use));
    }

    /// As filters.
    pub fn get(self) -> Filters {
        Filters {
            status: at(&STATUSES, &self.status.get_untracked()).unwrap_or_default(),
            shared: at(&SHARED, &self.shared.get_untracked()).unwrap_or_default(),
            owner: owner_of(&self.owner.get_untracked()),
            tags: self.tags.get_untracked(),
            url: self.url.get_untracked().trim().to_owned(),
            last_use: at(&LAST_USES, &self.last_use.get_untracked()).unwrap_or_default(),
        }
    }
}

/// The value of an option: its place among all.
pub fn place<T: PartialEq>(all: &[T], this: &T) -> String {
    all.iter().position(|one| one == this).unwrap_or_default().to_string()
}

/// The option of a value.
pub fn at<T: Copy>(all: &[T], value: &str) -> Option<T> {
    all.get(value.parse::<usize>().ok()?).copied()
}

/// The options of a select: the value of each, and its text.
pub fn options<T: Copy>(all: &[T], text: impl Fn(T) -> String) -> Vec<(String, String)> {
    all.iter().enumerate().map(|(place, one)| (place.to_string(), text(*one))).collect()
}

/// The value of an owner's option.
pub fn owner_value(owner: OwnerFilter) -> String {
    match owner {
        OwnerFilter::Anyone => String::new(),
        OwnerFilter::Me => "me".to_owned(),
        OwnerFilter::One(user) => user.to_string(),
    }
}

/// The owner of a value.
pub fn owner_of(value: &str) -> OwnerFilter {
    match value {
        "" => OwnerFilter::Anyone,
        "me" => OwnerFilter::Me,
        user => user.parse().map_or(OwnerFilter::Anyone, OwnerFilter::One),
    }
}
