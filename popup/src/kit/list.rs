//! The list of items: a grid that a search box steers. Only the rows one can see, and a few
//! more, are drawn; `aria-rowcount` tells how many there are.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, Row, SecretPresence};

use super::icon::{Glyph, Icon};
use super::menu::{Actions, Entry};
use super::tile::Tile;
use crate::copying::{Copied, copy_id, copy_secret};
use crate::dates::{exact, relative};
use crate::route::Route;
use crate::state::App;
use crate::t;

const MORE: usize = 8;
const HEAD: usize = 32;
const COLUMNS: usize = 36;

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// The heading of a section.
    Head(String),
    /// An item, by its place in the rows, and why it stands here.
    Item {
        /// Place in the rows.
        row: usize,
        /// The reason.
        why: Option<String>,
    },
}

/// The id of an item's row.
pub fn row_id(id: &ItemId) -> String {
    format!("row-{id}")
}

/// The items in the order shown.
pub fn items(app: App, lines: &[Line]) -> Vec<ItemId> {
    app.rows.with(|rows| {
        lines
            .iter()
            .filter_map(|line| match line {
                Line::Item { row, .. } => rows.get(*row).map(|row| row.id),
                Line::Head(_) => None,
            })
            .collect()
    })
}

/// The list.
#[component]
pub fn Grid(
    /// What stands in it.
    lines: Memo<Vec<Line>>,
    /// The selected item.
    current: Memo<Option<ItemId>>,
) -> impl IntoView {
    let app = App::here();
    let grid = NodeRef::<html::Div>::new();
    let size = RwSignal::new((600usize, 400usize));
    let measure = move || {
        if let Some(grid) = grid.get_untracked() {
            size.set((grid.client_height().max(1) as usize, grid.client_width() as usize));
        }
    };
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    Effect::new(move |_| {
        if let Some(grid) = grid.get() {
            measure();
            grid.set_scroll_top(app.scroll.get_untracked());
        }
    });
    let wide =
        move || window().inner_width().ok().and_then(|w| w.as_f64()).unwrap_or(400.0) >= 640.0;
    let height = Memo::new(move |_| {
        size.track();
        match (app.settings.with(|settings| settings.compact), wide()) {
            (true, _) => 40,
            (false, true) => 44,
            (false, false) => 48,
        }
    });
    // Where each line begins, and where the last one ends.
    let tops = Memo::new(move |_| {
        let height = height.get();
        let mut top = 0;
        lines.with(|lines| {
            let mut tops = Vec::with_capacity(lines.len() + 1);
            for line in lines {
                tops.push(top);
                top += if matches!(line, Line::Head(_)) { HEAD } else { height };
            }
            tops.push(top);
            tops
        })
    });
    let visible = Memo::new(move |_| {
        let from = app.scroll.get().max(0) as usize;
        let (height, _) = size.get();
        tops.with(|tops| {
            let last = tops.len().saturating_sub(1);
            let first = tops.partition_point(|top| *top <= from).saturating_sub(1 + MORE);
            let end = (tops.partition_point(|top| *top < from + height) + MORE).min(last);
            first.min(end)..end
        })
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
    let drawn = move || {
        let lines = lines.get();
        let tops = tops.get();
        let rows = app.rows.get();
        visible
            .get()
            .filter_map(|at| {
                let (line, top) = (lines.get(at)?.clone(), *tops.get(at)?);
                let row = match &line {
                    Line::Item { row, .. } => Some(rows.get(*row)?.clone()),
                    Line::Head(_) => None,
                };
                Some(Drawn { at, top, line, row })
            })
            .collect::<Vec<_>>()
    };
    view! {
        <div
            node_ref=grid
            id="rows"
            class="grid"
            role="grid"
            aria-label=t!("api-secrets")
            aria-rowcount=move || lines.with(Vec::len) + 1
            on:scroll=move |_| {
                if let Some(grid) = grid.get_untracked() {
                    app.scroll.set(grid.scroll_top());
                }
            }
        >
            <div class="columns" role="row" aria-rowindex="1">
                <span role="columnheader" class="c-name">{t!("name")}</span>
                <span role="columnheader" class="c-url">{t!("url")}</span>
                <span role="columnheader" class="c-id">{t!("client-id")}</span>
                <span role="columnheader" class="c-tags">{t!("tags")}</span>
                <span role="columnheader" class="c-used">{t!("last-use")}</span>
                <span role="columnheader" class="c-do">{t!("actions")}</span>
            </div>
            <div
                class="canvas"
                role="presentation"
                style:height=move || format!("{}px", tops.with(|tops| *tops.last().unwrap_or(&0)))
            >
                <For
                    each=drawn
                    key=|drawn| format!("{drawn:?}")
                    children=move |drawn| draw(app, drawn, current, height)
                />
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Drawn {
    at: usize,
    top: usize,
    line: Line,
    row: Option<Row>,
}

fn reveal(
    app: App,
    grid: &web_sys::HtmlElement,
    id: &ItemId,
    lines: Memo<Vec<Line>>,
    tops: Memo<Vec<usize>>,
    wide: bool,
) {
    let place = app.rows.with_untracked(|rows| rows.iter().position(|row| row.id == *id));
    let at = lines.with_untracked(|lines| {
        lines.iter().position(|line| matches!(line, Line::Item { row, .. } if Some(*row) == place))
    });
    let Some(at) = at else { return };
    let first =
        lines.with_untracked(|lines| lines[..at].iter().all(|line| matches!(line, Line::Head(_))));
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

fn draw(app: App, drawn: Drawn, current: Memo<Option<ItemId>>, height: Memo<usize>) -> AnyView {
    // Not a transform: the menu in a row is placed by the window, which a transform would undo.
    let top = format!("{}px", drawn.top);
    let index = drawn.at + 2;
    match (drawn.line, drawn.row) {
        (Line::Item { why, .. }, Some(row)) => item(app, row, why, top, index, current, height),
        (Line::Head(text), _) => view! {
            <div class="section" role="row" aria-rowindex=index style:top=top>
                <span role="rowheader">{text}</span>
            </div>
        }
        .into_any(),
        (Line::Item { .. }, None) => ().into_any(),
    }
}

fn item(
    app: App,
    row: Row,
    why: Option<String>,
    top: String,
    index: usize,
    current: Memo<Option<ItemId>>,
    height: Memo<usize>,
) -> AnyView {
    let id = row.id;
    let is_current = Memo::new(move |_| current.get() == Some(id));
    let name_id = format!("name-{id}");
    let damaged = row.trouble.as_deref().is_some_and(failed_check);
    let name = if row.name.is_empty() { t!("failed-check") } else { row.name.clone() };
    // A host loses its left when there is no room, a client ID its middle.
    let second = match &row.trouble {
        Some(code) => trouble(code).into_any(),
        None => view! {
            <span class="host"><bdi dir="ltr">{row.host.clone()}</bdi></span>
            <span class="client"><bdi dir="ltr">{middle(&row.client_id, 12)}</bdi></span>
        }
        .into_any(),
    };
    let missing = row.secret == SecretPresence::Missing;
    let secret_copied = Memo::new(move |_| app.copied.get() == Some(Copied::Secret(id)));
    let id_copied = Memo::new(move |_| app.copied.get() == Some(Copied::Id(id)));
    let reach = move || if is_current.get() { "0" } else { "-1" };
    let used = row.last_use;
    view! {
        <div
            id=row_id(&id)
            class="row"
            class:current=move || is_current.get()
            class:damaged=damaged
            role="row"
            aria-rowindex=index
            aria-selected=move || is_current.get().to_string()
            style:top=top
            style:height=move || format!("{}px", height.get())
            on:click=move |_| {
                app.selected.set(Some(id));
                app.go(Route::Item(id));
            }
        >
            <div role="gridcell" class="c-name">
                <Tile name=name.clone() domain=row.registrable.clone() />
                <div class="lines">
                    <div class="first">
                        <span class="name" id=name_id.clone() dir="auto" title=name.clone()>
                            {name.clone()}
                        </span>
                        {row
                            .waiting
                            .then(|| {
                                view! {
                                    <span class="mark" title=t!("waiting") role="img" aria-label=t!("waiting")>
                                        <Glyph icon=Icon::Clock />
                                    </span>
                                }
                            })}
                        {row
                            .trouble
                            .is_some()
                            .then(|| view! { <span class="mark bad"><Glyph icon=Icon::Alert /></span> })}
                        {why.map(|why| view! { <span class="why">{why}</span> })}
                    </div>
                    <div class="second" title=format!("{} · {}", row.url, row.client_id)>
                        {second}
                    </div>
                </div>
            </div>
            <div role="gridcell" class="c-url" title=row.url.clone()>
                <bdi dir="ltr">{row.host.clone()}</bdi>
            </div>
            <div role="gridcell" class="c-id mono" title=row.client_id.clone()>
                {middle(&row.client_id, 24)}
            </div>
            <div role="gridcell" class="c-tags" title=row.tags.join(", ")>
                {row.tags.iter().map(|tag| view! { <span class="tag" dir="auto">{tag.clone()}</span> }).collect_view()}
            </div>
            <div role="gridcell" class="c-used" title=used.map(exact)>
                {used.map(relative)}
            </div>
            <div role="gridcell" class="c-do">
                <button
                    type="button"
                    class="icon-button quiet"
                    class:done=move || id_copied.get()
                    aria-label=t!("copy-client-id")
                    aria-describedby=name_id.clone()
                    data-tip=t!("copy-client-id-tip")
                    tabindex=reach
                    on:click=move |event| {
                        event.stop_propagation();
                        spawn_local(async move {
                            copy_id(app, id).await;
                        });
                    }
                >
                    {move || {
                        view! { <Glyph icon=if id_copied.get() { Icon::Check } else { Icon::Copy } /> }
                    }}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    class:done=move || secret_copied.get()
                    aria-label=t!("copy-client-secret")
                    aria-describedby=name_id.clone()
                    aria-disabled=missing.then_some("true")
                    data-tip=if missing {
                        t!("no-secret")
                    } else {
                        t!("copy-client-secret-tip")
                    }
                    tabindex=reach
                    on:click=move |event| {
                        event.stop_propagation();
                        spawn_local(async move {
                            copy_secret(app, id).await;
                        });
                    }
                >
                    {move || {
                        view! { <Glyph icon=if secret_copied.get() { Icon::Check } else { Icon::Key } /> }
                    }}
                </button>
                <Actions
                    id=format!("actions-{id}")
                    about=name_id
                    reachable=is_current
                    entries=Callback::new(move |()| actions(app, id))
                />
            </div>
        </div>
    }
    .into_any()
}

/// What can be done with an item.
pub fn actions(app: App, id: ItemId) -> Vec<Entry> {
    vec![
        Entry {
            icon: Icon::View,
            name: t!("view-api-secret"),
            keys: "",
            act: Callback::new(move |()| {
                app.selected.set(Some(id));
                app.go(Route::Item(id));
            }),
        },
        Entry {
            icon: Icon::Edit,
            name: t!("edit"),
            keys: "",
            act: Callback::new(move |()| {
                app.selected.set(Some(id));
                app.go(Route::Edit(id));
            }),
        },
    ]
}

/// A text without its middle.
fn middle(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    let tail: String = text.chars().skip(count - most / 2 + 1).collect();
    format!("{head}…{tail}")
}

/// Whether a code says that the item itself failed its check.
fn failed_check(code: &str) -> bool {
    matches!(code, "forged" | "went_back" | "forked" | "incomplete" | "unreadable")
}

/// What is wrong with an item.
pub fn trouble(code: &str) -> String {
    match code {
        "identifier_taken" => t!("trouble-identifier"),
        code if failed_check(code) => t!("failed-check"),
        _ => t!("trouble-refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_loses_its_middle() {
        assert_eq!(middle("short", 10), "short");
        assert_eq!(middle("0123456789abcdef", 10), "01234…cdef");
        assert_eq!(middle("ççççççççççç", 10), "ççççç…çççç");
    }
}
