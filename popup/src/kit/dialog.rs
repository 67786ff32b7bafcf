//! Questions: an `alertdialog` that traps the focus and gives it back. "No" is focused.

use leptos::html;
use leptos::prelude::*;

use crate::t;

/// Asks. Esc is "no", or "Cancel" where that is a third answer.
#[component]
pub fn Question(
    /// The question.
    #[prop(into)]
    title: String,
    /// One sentence of what follows.
    #[prop(into)]
    detail: String,
    /// The word for yes.
    #[prop(into)]
    yes: String,
    /// The word for no.
    #[prop(into)]
    no: String,
    /// Yes does harm.
    #[prop(optional)]
    danger: bool,
    /// Neither: nothing is done.
    #[prop(optional, into)]
    cancel: Option<Callback<()>>,
    /// The answer.
    answer: impl Fn(bool) + Clone + 'static,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // A modal dialog of the browser: everything behind it is inert, focus comes back.
            let _ = dialog.show_modal();
            crate::dom::focus(if cancel.is_some() { "answer-cancel" } else { "answer-no" });
        }
    });
    let (on_no, on_cancel, on_yes) = (answer.clone(), answer.clone(), answer);
    view! {
        <dialog
            node_ref=dialog
            role="alertdialog"
            class="question"
            aria-labelledby="question-title"
            aria-describedby="question-detail"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                match cancel {
                    Some(cancel) => cancel.run(()),
                    None => on_cancel(false),
                }
            }
        >
            <h2 id="question-title">{title}</h2>
            <p id="question-detail">{detail}</p>
            <div class="answers">
                {cancel
                    .map(|cancel| {
                        view! {
                            <button
                                id="answer-cancel"
                                type="button"
                                class="button"
                                on:click=move |_| cancel.run(())
                            >
                                {t!("cancel")}
                            </button>
                        }
                    })}
                <button id="answer-no" type="button" class="button" on:click=move |_| on_no(false)>
                    {no}
                </button>
                <button
                    type="button"
                    class="button"
                    class:fill=!danger
                    class:danger=danger
                    on:click=move |_| on_yes(true)
                >
                    {yes}
                </button>
            </div>
        </dialog>
    }
}

/// The list of keys.
#[component]
pub fn Keys(close: impl Fn() + Clone + 'static) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let rows = [
        ("↑ ↓", t!("key-move")),
        ("Ctrl+Home End", t!("key-ends")),
        ("Enter", t!("key-copy-secret")),
        ("Shift+Enter", t!("key-copy-id")),
        ("Ctrl+Enter", t!("view-api-secret")),
        ("Ctrl+K", t!("actions")),
        ("/", t!("search")),
        ("Ctrl+S", t!("save")),
        ("Esc", t!("key-back")),
        ("?", t!("key-list")),
    ];
    let (on_cancel, on_close) = (close.clone(), close);
    view! {
        <dialog
            node_ref=dialog
            class="question keys"
            aria-labelledby="keys-title"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_cancel();
            }
        >
            <h2 id="keys-title">{t!("keyboard")}</h2>
            <dl>
                {rows
                    .map(|(key, what)| {
                        let parts: Vec<String> =
                            key.split(['+', ' ']).map(crate::kit::dialog::mac).collect();
                        view! {
                            <div>
                                <dt>
                                    {parts
                                        .into_iter()
                                        .map(|part| view! { <kbd>{part}</kbd> })
                                        .collect_view()}
                                </dt>
                                <dd>{what}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <div class="answers">
                <button type="button" class="button" autofocus on:click=move |_| on_close()>
                    {t!("close")}
                </button>
            </div>
        </dialog>
    }
}

/// The name of a key here: ⌘ on a Mac.
pub fn mac(key: &str) -> String {
    if is_mac() && key == "Ctrl" { "⌘".into() } else { key.into() }
}

/// A key with the one that commands have here: Ctrl+C, or ⌘C on a Mac.
pub fn chord(key: &str) -> String {
    if is_mac() { format!("⌘{key}") } else { format!("Ctrl+{key}") }
}

fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|name| name.starts_with("Mac"))
}
