//! Small things of the page itself.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Whether this is the toolbar popup; `theme.js` found out before the first paint.
pub fn is_popup() -> bool {
    kind().as_deref() == Some("popup")
}

/// Whether this is the side panel.
pub fn is_panel() -> bool {
    kind().as_deref() == Some("panel")
}

fn kind() -> Option<String> {
    document().document_element()?.get_attribute("data-view")
}

/// The part of the address behind `#`.
pub fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Sets the part of the address behind `#`.
pub fn set_hash(hash: &str) {
    let _ = window().location().set_hash(hash);
}

/// How wide the window is.
pub fn width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(400.0)
}

/// How high the window is.
pub fn height() -> usize {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(600.0) as usize
}

/// Closes the popup. The side panel is the user's to close.
pub fn close() {
    if is_panel() {
        return;
    }
    let _ = window().close();
}

/// Focuses an element by id, once it is drawn.
pub fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    soon(move || focus(&id));
}

/// Focuses an element by id.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

/// Focuses the tab that is selected, once it is drawn.
pub fn focus_selected_tab() {
    soon(|| {
        let tab = document().query_selector("[role=tab][aria-selected=true]");
        if let Ok(Some(tab)) = tab
            && let Ok(tab) = tab.dyn_into::<HtmlElement>()
        {
            let _ = tab.focus();
        }
    });
}

/// An element by id.
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Takes the frame away that stood there before the module ran.
pub fn remove_first_frame() {
    if let Some(frame) = element("first-frame") {
        frame.remove();
    }
}

/// Whether an element has the focus, by id.
pub fn is_focused(id: &str) -> bool {
    document().active_element().is_some_and(|active| active.id() == id)
}

/// Whether the user types into something, so that single keys are text.
pub fn typing() -> bool {
    let Some(active) = document().active_element() else { return false };
    matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// What stands in a field now. `None` while it ends in half a character: Firefox may tell of the two
/// halves of one above U+FFFF one after the other, and to show half of it back would destroy it.
pub fn typed_text(event: &web_sys::Event) -> Option<String> {
    let target = event.target()?;
    let value = js_sys::Reflect::get(&target, &"value".into()).ok()?;
    let value: js_sys::JsString = value.dyn_into().ok()?;
    value.is_valid_utf16().then(|| String::from(&value))
}

/// Waits so that what was set is painted before what follows blocks the page. A page that is
/// not visible paints nothing: then a tenth of a second is enough.
pub async fn painted() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().request_animation_frame(&resolve);
    });
    let frame = wasm_bindgen_futures::JsFuture::from(frame);
    let limit = gloo_timers::future::TimeoutFuture::new(100);
    futures::future::select(frame, limit).await;
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Lets the page answer to input and paint before a long work goes on.
pub async fn rest() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Does something once what is being drawn now is there.
pub fn soon(act: impl FnOnce() + 'static) {
    leptos::prelude::set_timeout(act, std::time::Duration::ZERO);
}

/// Writes the theme where `theme.js` finds it, and shows it.
pub fn set_theme(theme: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match theme {
            Some(theme) => root.set_attribute("data-theme", theme),
            None => root.remove_attribute("data-theme"),
        };
    }
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = match theme {
            Some(theme) => storage.set_item("theme", theme),
            None => storage.remove_item("theme"),
        };
    }
}

/// Sets an attribute of the root: rows of 40 pixels.
pub fn set_compact(compact: bool) {
    if let Some(root) = document().document_element() {
        let _ = if compact {
            root.set_attribute("data-compact", "")
        } else {
            root.remove_attribute("data-compact")
        };
    }
}

/// Has the browser save a text as a file.
pub fn save_file(name: &str, text: &str) -> Result<(), wasm_bindgen::JsValue> {
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence(&parts)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has begun to read it by then.
    leptos::prelude::set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(10),
    );
    Ok(())
}
