//! The lines of a list: what is searched for, or what matches the page and then everything, of
//! what the filters let pass.

use leptos::prelude::*;

use mysafe_browser::{Match, Open};

use crate::kit::lines::{Line, Lines, Section};
use crate::kit::why::Why;
use crate::state::App;

/// The rows that pass the filters: in their order, and by row.
#[derive(Clone, PartialEq, Eq, Default)]
struct Listed {
    rows: Vec<usize>,
    passes: Vec<bool>,
}

/// The lines; made anew when the rows, the search or the filters change.
pub fn lines(app: App, this_page: Memo<bool>) -> Memo<Lines> {
    // Not with each key: filters and order look at every item.
    let listed = Memo::new(move |_| {
        let count = app.rows.with(|rows| rows.len());
        let order = app.order.get();
        let Some(open) = app.open() else { return Listed::default() };
        let rows = app.filters.with(|filters| open.listed(filters, order));
        let mut passes = vec![false; count];
        for row in &rows {
            if let Some(passes) = passes.get_mut(*row) {
                *passes = true;
            }
        }
        Listed { rows, passes }
    });
    Memo::new(move |_| {
        // A row may stand elsewhere while as many pass as before.
        app.rows.track();
        let query = app.query.get();
        listed.with(|listed| {
            if query.trim().is_empty() {
                // What filters would let pass is not known of what is not decoded.
                let all_pass = app.filters.with(|filters| filters.count() == 0);
                let Some(open) = app.open() else { return Lines::default() };
                let page = app.page.get().filter(|_| this_page.get());
                let named = page.as_deref().map(|page| named(app, page)).unwrap_or_default();
                let missing = if all_pass { open.missing() } else { 0 };
                all(&open, page.as_deref(), &named, listed).with_missing(missing)
            } else {
                found(app, &query, listed)
            }
        })
    })
}

fn found(app: App, query: &str, listed: &Listed) -> Lines {
    let Some(open) = app.open() else { return Lines::default() };
    let found = open.search(query);
    let count = found.len();
    let passing = found.into_iter().filter(|found| listed.passes(found.row));
    let lines: Vec<Line> = passing
        .map(|found| Line::Item { row: found.row, why: Some(Why::Found(found.field)) })
        .collect();
    let hidden = count - lines.len();
    Lines::of(lines, listed.passes.len(), hidden)
}

/// What belongs to a page, then everything.
fn all(open: &Open, page: Option<&str>, named: &[Match], listed: &Listed) -> Lines {
    let count = listed.passes.len();
    let hidden = count.saturating_sub(listed.rows.len());
    let item = |row: &usize| Line::Item { row: *row, why: None };
    let Some(page) = page else {
        return Lines::of(listed.rows.iter().map(item).collect(), count, hidden);
    };
    let mut lines = Vec::with_capacity(listed.rows.len() + 2);
    let mut rest = listed.passes.clone();
    for found in open.matching(page) {
        if listed.passes(found.row) {
            rest[found.row] = false;
            let why = if found.not_secure { Why::NotSecure } else { Why::Match(found.reason) };
            lines.push(Line::Item { row: found.row, why: Some(why) });
        }
    }
    for found in named {
        if listed.passes(found.row) && rest[found.row] {
            rest[found.row] = false;
            lines.push(Line::Item { row: found.row, why: Some(Why::Match(found.reason)) });
        }
    }
    if !lines.is_empty() {
        lines.insert(0, Line::Head(Section::Matches));
    }
    if rest.contains(&true) {
        lines.push(Line::Head(Section::All));
        lines.extend(listed.rows.iter().filter(|row| rest[**row]).map(item));
    }
    Lines::of(lines, count, hidden)
}

/// The lines of a list that nothing narrows, before the page was read.
pub fn first_lines(open: &Open, page: Option<&str>) -> Lines {
    let count = open.rows().len();
    let listed = Listed { rows: (0..count).collect(), passes: vec![true; count] };
    all(open, page, &[], &listed).with_missing(open.missing())
}

/// What the page names. It comes after the first paint, below what matches the page itself.
fn named(app: App, page: &str) -> Vec<Match> {
    let Some(open) = app.open() else { return Vec::new() };
    app.on_page.with(|on_page| {
        on_page.as_ref().map(|on_page| open.named(on_page, page)).unwrap_or_default()
    })
}

impl Listed {
    fn passes(&self, row: usize) -> bool {
        self.passes.get(row).copied().unwrap_or_default()
    }
}

/// The host of the page, if it is a web page that nothing matches and nothing is searched.
pub fn unmatched(app: App) -> Option<String> {
    app.rows.track();
    if app.query.with(|query| !query.trim().is_empty()) {
        return None;
    }
    let page = app.page.get().filter(|page| page.starts_with("http"))?;
    // Not before the page was read: what is said must not be taken back.
    let read = app.on_page.with(Option::is_some);
    if !read || !app.open()?.matching(&page).is_empty() || !named(app, &page).is_empty() {
        return None;
    }
    let url = web_sys::Url::new(&page).ok()?;
    Some(url.host())
}
