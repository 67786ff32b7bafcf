//! The menu behind "Actions": opens below its button, walked by arrow keys, Esc gives back.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icon::{Glyph, Icon};
use crate::t;

/// An entry of a menu.
#[derive(Clone)]
pub struct Entry {
    /// Its icon.
    pub icon: Icon,
    /// Its name.
    pub name: String,
    /// The key that does the same.
    pub keys: &'static str,
    /// Why it cannot be done; then it is told and nothing happens.
    pub barred: Option<String>,
    /// What happens.
    pub act: Callback<()>,
}

/// The button "Actions" with its menu.
#[component]
pub fn Actions(
    /// The button's id.
    #[prop(into)]
    id: Signal<String>,
    /// What the actions are about: the id of an element.
    #[prop(into)]
    about: Signal<String>,
    /// The entries; made when it opens.
    entries: Callback<(), Vec<Entry>>,
    /// Whether Tab reaches the button.
    #[prop(into)]
    reachable: Signal<bool>,
) -> impl IntoView {
    // The button it was opened at: a row that comes to be of something else has no menu open.
    let open = RwSignal::new(None::<String>);
    let is_open = move || open.with(|open| open.is_some() && *open == Some(id.get()));
    view! {
        <button
            type="button"
            id=move || id.get()
            class="icon-button"
            aria-label=t!("actions")
            aria-describedby=move || about.get()
            aria-haspopup="menu"
            aria-expanded=move || is_open().to_string()
            data-tip=format!("{} ({}+K)", t!("actions"), super::dialog::mac("Ctrl"))
            tabindex=move || if reachable.get() { "0" } else { "-1" }
            on:click=move |event| {
                event.stop_propagation();
                let opened = untrack(is_open);
                open.set((!opened).then(|| id.get_untracked()));
            }
        >
            <Glyph icon=Icon::More />
        </button>
        <Show when=is_open>
            <Menu
                button=id.get_untracked()
                entries=untrack(|| entries.run(()))
                close=move || open.set(None)
            />
        </Show>
    }
}

/// The menu, while it is open.
#[component]
fn Menu(
    /// The id of its button.
    button: String,
    /// As they were when it opened: made anew, the menu would lose its focus.
    entries: Vec<Entry>,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let menu = NodeRef::<html::Div>::new();
    let button = StoredValue::new(button);
    let back = move || {
        close();
        button.with_value(|id| crate::dom::focus(id));
    };
    Effect::new(move |_| {
        if let Some(menu) = menu.get() {
            place(&menu, &button.get_value());
            step(&menu, 0);
        }
    });
    let keydown = move |event: web_sys::KeyboardEvent| {
        event.stop_propagation();
        let Some(menu) = menu.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => step(&menu, 1),
            "ArrowUp" => step(&menu, -1),
            "Home" => step(&menu, 0),
            "End" => step(&menu, i32::MAX),
            "Escape" | "Tab" => back(),
            _ => return,
        }
        event.prevent_default();
    };
    let drawn = |entry: Entry| {
        let act = entry.act;
        let barred = entry.barred.is_some();
        view! {
            <button
                type="button"
                role="menuitem"
                tabindex="-1"
                aria-disabled=barred.then_some("true")
                on:click=move |event| {
                    // Here, and not in the menu around it: closed, that is gone before the click gets
                    // there, and the row below is not.
                    event.stop_propagation();
                    if barred {
                        return;
                    }
                    back();
                    act.run(());
                }
            >
                <Glyph icon=entry.icon />
                <span>
                    {entry.name}
                    {entry.barred.map(|why| view! { <small>{why}</small> })}
                </span>
                <kbd aria-hidden="true">{entry.keys}</kbd>
            </button>
        }
    };
    view! {
        <div
            class="veil"
            on:click=move |event| {
                event.stop_propagation();
                back();
            }
        ></div>
        <div
            node_ref=menu
            class="menu"
            role="menu"
            aria-label=t!("actions")
            on:keydown=keydown
            on:click=|event| event.stop_propagation()
        >
            {entries.into_iter().map(drawn).collect_view()}
        </div>
    }
}

/// Moves the focus within the menu: 0 is the first, `i32::MAX` the last.
fn step(menu: &HtmlElement, by: i32) {
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else { return };
    let count = items.length() as i32;
    if count == 0 {
        return;
    }
    let active = document().active_element();
    let at = (0..count)
        .find(|at| items.item(*at as u32).and_then(|item| item.dyn_into().ok()) == active);
    let next = match by {
        0 => 0,
        i32::MAX => count - 1,
        by => (at.unwrap_or(-1) + by).rem_euclid(count),
    };
    if let Some(item) = items.item(next as u32)
        && let Ok(item) = item.dyn_into::<HtmlElement>()
    {
        let _ = item.focus();
    }
}

/// Below the button, or above it where there is no room.
fn place(menu: &HtmlElement, button: &str) {
    let Some(button) = crate::dom::element(button) else { return };
    let at = button.get_bounding_client_rect();
    let height = f64::from(menu.offset_height());
    let width = f64::from(menu.offset_width());
    let view = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(600.0);
    let below = at.bottom() + 4.0;
    let top = if below + height > view - 8.0 { at.top() - height - 4.0 } else { below };
    let style = menu.style();
    let _ = style.set_property("top", &format!("{}px", top.max(8.0)));
    let _ = style.set_property("left", &format!("{}px", (at.right() - width).max(8.0)));
}
