//! How far a sync that takes a while is, above the rows that are here already.

use js_sys::{Array, Function, Intl, JsString, Object};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::state::App;
use crate::t;

/// The progress; nothing while there is none.
#[component]
pub fn Arriving() -> impl IntoView {
    let app = App::here();
    let progress = Memo::new(move |_| {
        app.sync.with(|sync| {
            sync.progress.filter(|_| sync.running).map(|progress| (progress.done, progress.total))
        })
    });
    let some = Memo::new(move |_| progress.get().is_some());
    let part = move || progress.get().unwrap_or_default();
    let text = move || {
        let (done, total) = part();
        t!("arriving-count", done = number(done), total = number(total))
    };
    view! {
        <Show when=move || some.get()>
            <div class="arriving">
                <progress
                    aria-label=t!("arriving")
                    aria-valuetext=text
                    value=move || part().0.to_string()
                    max=move || part().1.to_string()
                ></progress>
                <span>{text}</span>
            </div>
        </Show>
    }
}

/// Whether nothing may be here only because it is still on its way; changes redraw.
pub fn is_on_its_way(app: App) -> bool {
    app.sync.with(|sync| sync.running && sync.last.is_none())
}

/// A number as people write it: "2,000".
fn number(number: u64) -> String {
    let format: Function = Intl::NumberFormat::new(&Array::new(), &Object::new()).format();
    let text = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(number as f64)).ok();
    let text = text.and_then(|text| text.dyn_into::<JsString>().ok());
    text.map_or_else(|| number.to_string(), String::from)
}
