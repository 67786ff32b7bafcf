//! The filters that are set, as chips that can be taken away.

use leptos::prelude::*;
use mysafe_browser::{Filters, LastUse, OwnerFilter, Row, SharedFilter, StatusFilter};

use crate::kit::icon::{Glyph, Icon};
use crate::screens::person::in_full;
use crate::state::App;
use crate::{dom, t};

/// One of the filters that are set.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Chip {
    Status,
    Shared,
    Owner,
    Tag(String),
    Url,
    LastUse,
}

impl Chip {
    fn of(filters: &Filters) -> Vec<Self> {
        let mut chips = Vec::new();
        if filters.status != StatusFilter::All {
            chips.push(Self::Status);
        }
        if filters.shared != SharedFilter::All {
            chips.push(Self::Shared);
        }
        if filters.owner != OwnerFilter::Anyone {
            chips.push(Self::Owner);
        }
        chips.extend(filters.tags.iter().cloned().map(Self::Tag));
        if !filters.url.trim().is_empty() {
            chips.push(Self::Url);
        }
        if filters.last_use != LastUse::Any {
            chips.push(Self::LastUse);
        }
        chips
    }

    fn text(&self, app: App, filters: &Filters) -> String {
        let (field, value) = match self {
            Self::Status => (t!("status"), status(filters.status)),
            Self::Shared => (t!("shared"), shared(filters.shared)),
            Self::Owner => (t!("owner"), owner_text(app, filters.owner)),
            Self::Tag(tag) => (t!("tags"), tag.clone()),
            Self::Url => (t!("url"), filters.url.trim().to_owned()),
            Self::LastUse => (t!("last-use"), last_use(filters.last_use)),
        };
        t!("filter-chip", field = field, value = value)
    }

    fn off(&self, filters: &mut Filters) {
        match self {
            Self::Status => filters.status = StatusFilter::All,
            Self::Shared => filters.shared = SharedFilter::All,
            Self::Owner => filters.owner = OwnerFilter::Anyone,
            Self::Tag(tag) => filters.tags.retain(|kept| kept != tag),
            Self::Url => filters.url.clear(),
            Self::LastUse => filters.last_use = LastUse::Any,
        }
    }
}

/// The word for a status.
pub fn status(status: StatusFilter) -> String {
    match status {
        StatusFilter::Active => t!("active"),
        StatusFilter::Inactive => t!("inactive"),
        StatusFilter::All => t!("all"),
    }
}

/// The word for whether an item is shared.
pub fn shared(shared: SharedFilter) -> String {
    match shared {
        SharedFilter::Yes => t!("yes"),
        SharedFilter::No => t!("no"),
        SharedFilter::All => t!("all"),
    }
}

/// The words for an owner.
pub fn owner_text(app: App, owner: OwnerFilter) -> String {
    match owner {
        OwnerFilter::Anyone => t!("all"),
        OwnerFilter::Me => t!("owner-me"),
        OwnerFilter::One(user) => {
            let of = |row: &Row| row.others.as_ref().filter(|owner| owner.user == user).cloned();
            let owner = app.rows.with(|rows| rows.iter().find_map(of));
            owner.map(|owner| in_full(owner.name.as_deref(), &owner.address)).unwrap_or_default()
        }
    }
}

/// The words for a time of last use.
pub fn last_use(last_use: LastUse) -> String {
    match last_use {
        LastUse::Any => t!("any-time"),
        LastUse::Within(days) => t!("within-days", count = days),
        LastUse::NotWithin(days) => t!("not-within-days", count = days),
        LastUse::Never => t!("never"),
    }
}

/// The chips; nothing while no filter is set.
#[component]
pub fn Chips() -> impl IntoView {
    let app = App::here();
    let chips = Memo::new(move |_| {
        app.filters.with(|filters| {
            let chips = Chip::of(filters).into_iter();
            chips.map(|chip| (chip.text(app, filters), chip)).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || !chips.with(Vec::is_empty)>
            <ul class="chips" aria-label=t!("active-filters")>
                <For
                    each=move || chips.get()
                    key=Clone::clone
                    children=move |(text, chip)| {
                        view! {
                            <li class="chip">
                                <span dir="auto" title=text.clone()>
                                    {text.clone()}
                                </span>
                                <button
                                    type="button"
                                    aria-label=t!("remove-filter", filter = text)
                                    on:click=move |_| {
                                        let mut filters = app.filters.get_untracked();
                                        chip.off(&mut filters);
                                        app.filter(filters);
                                        dom::focus("search");
                                    }
                                >
                                    <Glyph icon=Icon::Close />
                                </button>
                            </li>
                        }
                    }
                />
            </ul>
        </Show>
    }
}
