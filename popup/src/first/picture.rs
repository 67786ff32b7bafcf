//! The list as it is seen at first, drawn without the application: templates of `index.html` with texts
//! put in. It only looks like the list. Whoever cannot see it waits for the application, and what is
//! clicked and typed until then is kept for that.

use leptos::prelude::document;
use mysafe_browser::{Open, Row, SecretPresence, Standing};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlTemplateElement, Node};

use super::Opening;
use crate::kit::icon::Icon;
use crate::kit::lines::{Line, Section};
use crate::kit::list::{AROUND, HEAD, row_height};
use crate::kit::row::{failed_check, mark_of, middle, trouble};
use crate::kit::tile::{hue, letters};
use crate::kit::why::Why;
use crate::route::Route;
use crate::screens::items_lines::first_lines;
use crate::text::plain_text;
use crate::{dom, plain_t};

const SVG: &str = "http://www.w3.org/2000/svg";

type Drawn<T> = Result<T, JsValue>;

impl Opening {
    /// Draws it, if the popup opens on a list that is not empty. Whether it is there now.
    pub fn draw(&self) -> bool {
        let (Some(list), Some(Ok(Standing::Open(open)))) = (self.list, &self.standing) else {
            return false;
        };
        let narrow = dom::is_popup() || dom::is_panel();
        // Without it the application draws the list a moment later.
        narrow && !open.rows().is_empty() && drawn(self, open, list).is_ok()
    }
}

/// The application does not come: a part of the extension is missing or damaged.
pub fn incomplete() {
    if let (Some(body), Ok(content)) = (document().body(), template("incomplete")) {
        body.replace_children_with_node_1(&content);
    }
}

fn drawn(opening: &Opening, open: &Open, list: Route) -> Drawn<()> {
    let frame = document().get_element_by_id("first-frame").ok_or(JsValue::NULL)?;
    let content = template("first-list")?;
    for link in all(&content, "a")? {
        if link.get_attribute("href").as_deref() == Some(&list.hash()) {
            link.set_attribute("aria-current", "page")?;
        }
    }
    let new = open.new_items().len();
    if new > 0 {
        let count = element("span", "count", &new.to_string())?;
        one(&content, "[href='#/home']")?.append_child(&count)?;
    }
    rows(opening, open, list, &one(&content, ".canvas")?)?;
    dom::set_compact(opening.around.settings.compact);
    frame.replace_children_with_node_1(&content);
    frame.remove_attribute("hidden")
}

fn rows(opening: &Opening, open: &Open, list: Route, canvas: &Element) -> Drawn<()> {
    let page = opening.around.page.as_deref().filter(|_| list == Route::ThisPage);
    let lines = first_lines(open, page);
    let height = row_height(opening.around.settings.compact, dom::width() >= 640.0);
    let (rows, seen) = (open.rows(), dom::height().saturating_sub(AROUND));
    let (row_template, section_template) = (template("first-row")?, template("first-section")?);
    let mut tops = Vec::with_capacity(lines.lines().len());
    let mut end = 0;
    for line in lines.lines() {
        let high = if matches!(line, Line::Head(_)) { HEAD } else { height };
        tops.push((end, high));
        end += high;
    }
    let first = lines.first();
    for (line, (top, high)) in
        lines.lines().iter().zip(tops).take_while(|(_, (top, _))| *top < seen)
    {
        let drawn = match line {
            Line::Head(section) => section_of(&section_template, *section)?,
            Line::Item { row, why } => {
                row_of(&row_template, &rows[*row], *why, first == Some(*row))?
            }
        };
        set_style(&drawn, "top", top)?;
        if matches!(line, Line::Item { .. }) {
            set_style(&drawn, "height", high)?;
        }
        canvas.append_child(&drawn)?;
    }
    let end = end + lines.missing() * height;
    set_style(canvas, "height", end)
}

/// Pixels. An attribute `style` would be refused: only our style sheet may say how something looks.
fn set_style(element: &Element, name: &str, pixels: usize) -> Drawn<()> {
    let element: &HtmlElement = element.unchecked_ref();
    element.style().set_property(name, &format!("{pixels}px"))
}

fn section_of(template: &Node, section: Section) -> Drawn<Element> {
    let drawn = copy(template)?;
    one(&drawn, "span")?.set_text_content(Some(section.text()));
    Ok(drawn)
}

fn row_of(template: &Node, row: &Row, why: Option<Why>, is_first: bool) -> Drawn<Element> {
    let drawn = copy(template)?;
    let site = row.shown();
    let name = if row.name.is_empty() { plain_t!("failed-check") } else { &row.name };
    let classes = drawn.class_list();
    if is_first {
        classes.add_1("current")?;
    }
    if row.trouble.as_deref().is_some_and(failed_check) {
        classes.add_1("damaged")?;
    }
    let tile = one(&drawn, ".tile")?;
    tile.set_attribute("data-hue", &hue(&site.registrable).to_string())?;
    tile.set_text_content(Some(&letters(name)));
    one(&drawn, ".name")?.set_text_content(Some(name));
    match &row.trouble {
        Some(code) => one(&drawn, ".second")?.set_text_content(Some(trouble(code))),
        None => {
            one(&drawn, ".host bdi")?.set_text_content(Some(&site.host));
            one(&drawn, ".client bdi")?.set_text_content(Some(&middle(&row.client_id, 12)));
        }
    }
    let marks = one(&drawn, ".first")?;
    let icon = |shown: bool, class: &str, icon: Icon| match shown {
        true => {
            let mark = element("span", class, "")?;
            let icon = glyph(icon)?;
            mark.append_child(&icon)?;
            marks.append_child(&mark).map(drop)
        }
        false => Ok(()),
    };
    icon(row.waiting, "mark", Icon::Clock)?;
    icon(row.trouble.is_some(), row.trouble.as_deref().map_or("", mark_of), Icon::Alert)?;
    icon(row.shared || row.others.is_some(), "mark", Icon::Users)?;
    if row.inactive {
        marks.append_child(&*element("span", "mark-text", plain_t!("inactive"))?)?;
    }
    if let Some(why) = why.and_then(Why::text) {
        marks.append_child(&*element("span", "why", why)?)?;
    }
    if row.secret == SecretPresence::Missing {
        one(&drawn, ".c-do :nth-child(2)")?.set_attribute("aria-disabled", "true")?;
    }
    Ok(drawn)
}

/// The content of a template, with its texts and icons.
fn template(id: &str) -> Drawn<Node> {
    let template = document().get_element_by_id(id).ok_or(JsValue::NULL)?;
    let content =
        template.unchecked_into::<HtmlTemplateElement>().content().clone_node_with_deep(true)?;
    for place in all(&content, "[data-text]")? {
        let text = plain_text(&place.get_attribute("data-text").unwrap_or_default());
        place.set_text_content(Some(text));
    }
    for place in all(&content, "[data-placeholder]")? {
        let text = plain_text(&place.get_attribute("data-placeholder").unwrap_or_default());
        place.set_attribute("placeholder", text)?;
    }
    for place in all(&content, "[data-icon]")? {
        let icon = icon(&place.get_attribute("data-icon").unwrap_or_default());
        place.replace_with_with_node_1(&*glyph(icon)?)?;
    }
    Ok(content)
}

/// The icons of the templates.
fn icon(name: &str) -> Icon {
    match name {
        "page" => Icon::Page,
        "list" => Icon::List,
        "home" => Icon::Home,
        "settings" => Icon::Settings,
        "view" => Icon::View,
        "lock" => Icon::Lock,
        "search" => Icon::Search,
        "plus" => Icon::Plus,
        "filters" => Icon::Filters,
        "down" => Icon::Down,
        "copy" => Icon::Copy,
        "key" => Icon::Key,
        _ => Icon::More,
    }
}

fn copy(template: &Node) -> Drawn<Element> {
    let copy = template.clone_node_with_deep(true)?;
    one(&copy, "*")
}

fn one(within: &Node, which: &str) -> Drawn<Element> {
    all(within, which)?.next().ok_or(JsValue::NULL)
}

fn all(within: &Node, which: &str) -> Drawn<impl Iterator<Item = Element> + use<>> {
    // Of elements and of the fragments that templates hold.
    let found = match within.dyn_ref::<Element>() {
        Some(element) => element.query_selector_all(which)?,
        None => within.unchecked_ref::<web_sys::DocumentFragment>().query_selector_all(which)?,
    };
    Ok((0..found.length()).filter_map(move |at| found.item(at)?.dyn_into().ok()))
}

fn element(name: &str, class: &str, text: &str) -> Drawn<Element> {
    let element = document().create_element(name)?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Ok(element)
}

/// An icon, as `kit::icon::Glyph` draws it.
fn glyph(icon: Icon) -> Drawn<Element> {
    let svg = document().create_element_ns(Some(SVG), "svg")?;
    for (name, value) in [
        ("class", "icon"),
        ("viewBox", "0 0 24 24"),
        ("width", "16"),
        ("height", "16"),
        ("fill", "none"),
        ("stroke", "currentColor"),
        ("stroke-width", "2.25"),
        ("stroke-linecap", "round"),
        ("stroke-linejoin", "round"),
    ] {
        svg.set_attribute(name, value)?;
    }
    let path = document().create_element_ns(Some(SVG), "path")?;
    path.set_attribute("d", icon.path())?;
    svg.append_child(&path)?;
    Ok(svg)
}
