//! The list of items: a grid that a search box steers. Only the rows one can see, and a few
//! more, are drawn; `aria-rowcount` tells how many there are.

use leptos::html;
use leptos::prelude::*;
use mysafe_browser::{ItemId, Order};

use super::lines::{Line, Lines, Section};
use super::listed::Listed;
use super::row::{Place, item};
use super::slots::{Shown, Slots};
use super::why::Why;
use crate::state::App;
use crate::t;

const MORE: usize = 4;
const SETTLED_MS: u32 = 60;
/// The height of a heading.
pub const HEAD: usize = 32;
const COLUMNS: usize = 36;
/// What stands above and below the list in the popup.
pub const AROUND: usize = 140;

/// The id of an item's row.
pub fn row_id(id: &ItemId) -> String {
    format!("row-{id}")
}

/// The height of a row.
pub fn row_height(compact: bool, wide: bool) -> usize {
    match (compact, wide) {
        (true, _) => 40,
        (false, true) => 44,
        (false, false) => 48,
    }
}

/// The list.
#[component]
pub fn Grid(
    /// What stands in it.
    lines: Memo<Lines>,
    /// The selected item.
    current: Memo<Option<ItemId>>,
) -> impl IntoView {
    let app = App::here();
    let grid = NodeRef::<html::Div>::new();
    // Until it is measured: what is left of the window by the search above and the bar below.
    let size = RwSignal::new((crate::dom::height().saturating_sub(AROUND), 400usize));
    let measure = move || {
        if let Some(grid) = grid.get_untracked() {
            size.set((grid.client_height().max(1) as usize, grid.client_width() as usize));
        }
    };
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let wide = || crate::dom::width() >= 640.0;
    let height = Memo::new(move |_| {
        size.track();
        row_height(app.settings.with(|settings| settings.compact), wide())
    });
    // Where each line begins, and where the last one ends.
    let tops = Memo::new(move |_| {
        let height = height.get();
        let mut top = 0;
        lines.with(|Lines { lines, .. }| {
            let mut tops = Vec::with_capacity(lines.len() + 1);
            for line in lines {
                tops.push(top);
                top += if matches!(line, Line::Head(_)) { HEAD } else { height };
            }
            tops.push(top);
            tops
        })
    });
    // Where all rows are other ones (at first, with each key typed, after a jump), what can be seen is
    // drawn first, and more when that is on the screen.
    let jumps = Memo::new(move |before: Option<&(i32, u32)>| {
        let (scroll, height) = (app.scroll.get(), size.with(|(height, _)| *height as i32));
        let (last, jumps) = before.copied().unwrap_or((scroll, 0));
        (scroll, jumps + u32::from((scroll - last).abs() > height))
    });
    let jumps = Memo::new(move |_| jumps.get().1);
    let others = Memo::new(move |before: Option<&u32>| {
        lines.track();
        jumps.track();
        before.map_or(0, |count| count.wrapping_add(1))
    });
    let painted = RwSignal::new(None);
    Effect::new(move |_| {
        let others = others.get();
        leptos::task::spawn_local(async move {
            crate::dom::painted().await;
            // While it jumps on, each frame has others.
            gloo_timers::future::TimeoutFuture::new(SETTLED_MS).await;
            painted.try_set(Some(others));
        });
    });
    let visible = Memo::new(move |_| {
        let more = if painted.get() == Some(others.get()) { MORE } else { 0 };
        let from = app.scroll.get().max(0) as usize;
        let (height, _) = size.get();
        tops.with(|tops| {
            let last = tops.len().saturating_sub(1);
            let first = tops.partition_point(|top| *top <= from).saturating_sub(1 + more);
            let end = (tops.partition_point(|top| *top < from + height) + more).min(last);
            first.min(end)..end
        })
    });
    // Back from somewhere: where one was, and what was chosen or saved meanwhile in view.
    Effect::new(move |_| {
        if let Some(grid) = grid.get() {
            measure();
            grid.set_scroll_top(app.scroll.get_untracked());
            if let Some(chosen) = app.selected.get_untracked() {
                reveal(app, &grid, &chosen, lines, tops, wide());
            }
        }
    });
    // The selected row stays in view.
    Effect::new(move |before: Option<Option<ItemId>>| {
        let now = current.get();
        if let (Some(before), Some(now)) = (before, now)
            && before != Some(now)
            && let Some(grid) = grid.get_untracked()
        {
            reveal(app, &grid, &now, lines, tops, wide());
        }
        now
    });
    let drawn = move || -> Vec<Drawn> {
        let rows = app.rows.get();
        let line = |lines: &Lines, tops: &Vec<usize>, at: usize| {
            let (line, top) = (*lines.lines.get(at)?, *tops.get(at)?);
            let what = match line {
                Line::Item { row, why } => What::Item(Listed::of(&rows, row)?, why),
                Line::Head(section) => What::Head(section),
            };
            Some(Drawn { at, top, what })
        };
        lines.with(|lines| {
            tops.with(|tops| visible.get().filter_map(|at| line(lines, tops, at)).collect())
        })
    };
    let canvas = NodeRef::<html::Div>::new();
    let slots = StoredValue::new_local(Slots::new());
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            let drawn = drawn();
            slots.update_value(|slots| {
                slots.show(&canvas, drawn, |line| draw(app, line, current, height));
            });
        }
    });
    // What was searched for stands by how well it fits.
    let sorted = move |order: Order, direction: &'static str| {
        move || {
            let here = app.order.get() == order && app.query.with(|query| query.trim().is_empty());
            here.then_some(direction)
        }
    };
    view! {
        <div
            node_ref=grid
            id="rows"
            class="grid"
            role="grid"
            aria-label=t!("api-secrets")
            aria-rowcount=move || lines.with(|lines| lines.lines.len() + lines.missing) + 1
            on:scroll=move |_| {
                if let Some(grid) = grid.get_untracked() {
                    app.scroll.set(grid.scroll_top());
                }
            }
        >
            <div class="columns" role="row" aria-rowindex="1">
                <span role="columnheader" class="c-name" aria-sort=sorted(Order::Name, "ascending")>
                    {t!("name")}
                </span>
                <span role="columnheader" class="c-url">{t!("url")}</span>
                <span role="columnheader" class="c-id">{t!("client-id")}</span>
                <span role="columnheader" class="c-tags">{t!("tags")}</span>
                <span role="columnheader" class="c-owner">{t!("owner")}</span>
                <span role="columnheader" class="c-used" aria-sort=sorted(Order::LastUse, "descending")>
                    {t!("last-use")}
                </span>
                <span role="columnheader" class="c-do">{t!("actions")}</span>
            </div>
            <div
                node_ref=canvas
                class="canvas"
                role="presentation"
                style:height=move || {
                    let missing = lines.with(|lines| lines.missing) * height.get();
                    let drawn = tops.with(|tops| *tops.last().unwrap_or(&0));
                    format!("{}px", drawn + missing)
                }
            ></div>
        </div>
    }
}

/// A line that is drawn.
#[derive(Clone, PartialEq)]
struct Drawn {
    at: usize,
    top: usize,
    what: What,
}

#[derive(Clone, PartialEq)]
enum What {
    Head(Section),
    Item(Listed, Option<Why>),
}

#[derive(PartialEq, Eq)]
enum Key {
    Head(Section),
    Item(ItemId),
}

impl Shown for Drawn {
    type Key = Key;

    // By what it is about, not by what it shows: a menu that is open, and the focus, stay when a sync
    // changes the row.
    fn key(&self) -> Key {
        match &self.what {
            What::Head(section) => Key::Head(*section),
            What::Item(row, _) => Key::Item(row.id),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        matches!((&self.what, &other.what), (What::Item(..), What::Item(..)))
    }
}

fn reveal(
    app: App,
    grid: &web_sys::HtmlElement,
    id: &ItemId,
    lines: Memo<Lines>,
    tops: Memo<Vec<usize>>,
    wide: bool,
) {
    let Some(row) = app.place(id) else { return };
    let at = lines.with_untracked(|lines| Some((lines.line(row)?, lines.place(row)? == 0)));
    let Some((at, first)) = at else { return };
    let (mut top, bottom) = tops.with_untracked(|tops| (tops[at] as i32, tops[at + 1] as i32));
    if first {
        top = 0;
    }
    let head = if wide { COLUMNS as i32 } else { 0 };
    let (seen, height) = (grid.scroll_top(), grid.client_height() - head);
    if top < seen {
        grid.set_scroll_top(top);
    } else if bottom > seen + height {
        grid.set_scroll_top(bottom - height);
    }
}

fn draw(
    app: App,
    line: RwSignal<Drawn>,
    current: Memo<Option<ItemId>>,
    height: Memo<usize>,
) -> AnyView {
    // Not a transform: the menu in a row is placed by the window, which a transform would undo.
    let top = Signal::derive(move || format!("{}px", line.with(|line| line.top)));
    let index = Signal::derive(move || line.with(|line| line.at + 2));
    match line.get_untracked().what {
        What::Item(first, _) => {
            let row = Memo::new(move |_| match &line.read().what {
                What::Item(row, _) => row.clone(),
                What::Head(_) => first.clone(),
            });
            let why = Memo::new(move |_| match line.read().what {
                What::Item(_, why) => why.and_then(Why::text),
                What::Head(_) => None,
            });
            item(app, row, why, Place { top, index }, current, height)
        }
        What::Head(section) => view! {
            <div class="section" role="row" aria-rowindex=move || index.get() style:top=move || top.get()>
                <span role="rowheader">{section.text()}</span>
            </div>
        }
        .into_any(),
    }
}
