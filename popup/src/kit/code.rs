//! A new recovery code: shown in groups of four, then two groups typed back. It lies in memory
//! only, for as long as its screen is there.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{RecoveryCode, copy, new_recovery_code, recovery_symbols, two_groups};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::field::TextField;
use crate::state::App;
use crate::t;

const FIELDS: [&str; 2] = ["code-first", "code-second"];

/// A new code and what was typed of it.
#[derive(Clone, Copy)]
pub struct NewCode {
    code: StoredValue<Rc<RecoveryCode>, LocalStorage>,
    asked: [usize; 2],
    typed: [RwSignal<String>; 2],
    wrong: [RwSignal<Option<String>>; 2],
}

impl NewCode {
    /// Draws one.
    pub fn draw() -> Self {
        Self {
            code: StoredValue::new_local(Rc::new(new_recovery_code())),
            asked: two_groups(),
            typed: [RwSignal::new(String::new()), RwSignal::new(String::new())],
            wrong: [RwSignal::new(None), RwSignal::new(None)],
        }
    }

    /// The code.
    pub fn code(&self) -> Rc<RecoveryCode> {
        self.code.get_value()
    }

    fn groups(&self) -> Vec<Zeroizing<String>> {
        self.code().groups()
    }

    /// Whether both groups were typed as shown; else says which was not.
    pub fn typed_back(&self) -> bool {
        let groups = self.groups();
        let mut first_wrong = None;
        for (at, group) in self.asked.into_iter().enumerate() {
            let typed = Zeroizing::new(self.typed[at].get_untracked());
            let fits = *recovery_symbols(&typed) == *groups[group];
            self.wrong[at].set((!fits).then(|| t!("code-group-wrong", group = group + 1)));
            if !fits && first_wrong.is_none() {
                first_wrong = Some(at);
            }
        }
        if let Some(at) = first_wrong {
            dom::focus(FIELDS[at]);
        }
        first_wrong.is_none()
    }

    /// The field that is typed into first.
    pub fn first_field() -> &'static str {
        FIELDS[0]
    }
}

/// The code in its groups, and three ways to keep it.
#[component]
pub fn CodeShown(
    /// The code.
    code: NewCode,
    /// The account's mail address.
    address: String,
    /// The server's base address.
    server: String,
) -> impl IntoView {
    let app = App::here();
    let shown = {
        let groups = code.groups();
        groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join("-")
    };
    let shown = StoredValue::new_local(Zeroizing::new(shown));
    let page = t!("code-page", address = address, server = server);
    let copy_it = move |_| {
        spawn_local(async move {
            let seconds = app.settings.with_untracked(|settings| settings.clear_clipboard_after);
            let text = shown.get_value();
            match copy(&text, seconds).await {
                Ok(()) => app.say(t!("code-copied", seconds = seconds)),
                Err(_) => app.fail(t!("code-copy-failed")),
            }
        });
    };
    let print = move |_| {
        let _ = window().print();
    };
    let text = page.clone();
    let save = move |_| {
        let text = Zeroizing::new(format!("{text}\n\n{}\n", *shown.get_value()));
        if dom::save_file("MySafe recovery code.txt", &text).is_err() {
            app.fail(t!("code-save-failed"));
        }
    };
    view! {
        <div class="code">
            <p class="printed">{page}</p>
            <ol aria-label=t!("recovery-code") dir="ltr">
                {code
                    .groups()
                    .iter()
                    .map(|group| view! { <li>{group.as_str().to_owned()}</li> })
                    .collect_view()}
            </ol>
        </div>
        <div class="keeping">
            <button type="button" class="button" on:click=copy_it>
                {t!("copy")}
            </button>
            <button type="button" class="button" on:click=print>
                {t!("print")}
            </button>
            <button type="button" class="button" on:click=save>
                {t!("save-as-file")}
            </button>
        </div>
    }
}

/// Two fields for two of the groups.
#[component]
pub fn TypeBack(
    /// The code.
    code: NewCode,
) -> impl IntoView {
    let field = move |at: usize| {
        view! {
            <TextField
                id=FIELDS[at]
                label=t!("code-group", group = code.asked[at] + 1)
                value=code.typed[at]
                error=code.wrong[at]
                required=true
                ltr=true
                typed=Callback::new(move |()| code.wrong[at].set(None))
            />
        }
    };
    view! { <div class="type-back">{field(0)} {field(1)}</div> }
}
