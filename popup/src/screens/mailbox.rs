//! One's own mailbox: whether it is confirmed, and the digits that confirm it. It stands in Settings, and in
//! a dialog over what the server does for confirmed mailboxes only.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Mailbox, MailboxError, SharingError};

use crate::dom;
use crate::kit::field::{TextField, select_all};
use crate::state::App;
use crate::t;

impl App {
    /// Opens the dialog over the screen if this is why something of sharing is not done. Whether it is.
    pub fn asks_to_confirm(&self, error: &SharingError) -> bool {
        let asks = *error == SharingError::NotConfirmed;
        if asks {
            self.confirming.set(true);
        }
        asks
    }
}

/// The dialog. The screen below keeps all that the user chose.
#[component]
pub fn MailboxDialog() -> impl IntoView {
    let app = App::here();
    move || app.confirming.get().then(|| view! { <Asked /> })
}

#[component]
fn Asked() -> impl IntoView {
    let app = App::here();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
            dom::focus("confirm-title");
        }
    });
    let close = move || app.confirming.set(false);
    view! {
        <dialog
            node_ref=dialog
            class="question"
            aria-labelledby="confirm-title"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 id="confirm-title" tabindex="-1">{t!("sharing-not-confirmed")}</h2>
            <MailboxState />
            <div class="answers">
                <button type="button" class="button" on:click=move |_| close()>
                    {t!("close")}
                </button>
            </div>
        </dialog>
    }
}

/// Says nothing until the server has answered: offline there is nothing to do about it.
#[component]
pub fn MailboxState() -> impl IntoView {
    let app = App::here();
    let mailbox = RwSignal::new(None::<Mailbox>);
    spawn_local(async move {
        let Some(open) = app.open() else { return };
        if let Ok(found) = open.mailbox().await {
            mailbox.try_set(Some(found));
        }
    });
    move || {
        mailbox.get().map(|found| match found {
            Mailbox { confirmed: true, .. } => {
                view! { <p class="hint setting-hint">{t!("email-confirmed")}</p> }.into_any()
            }
            Mailbox { mails: false, .. } => {
                view! { <p class="hint setting-hint">{t!("email-by-administrator")}</p> }.into_any()
            }
            Mailbox { mails: true, .. } => view! { <Confirm mailbox /> }.into_any(),
        })
    }
}

/// The form that takes the code.
#[component]
fn Confirm(mailbox: RwSignal<Option<Mailbox>>) -> impl IntoView {
    let app = App::here();
    let code = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let working = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(open) = app.open() else { return };
        if working.get_untracked() {
            return;
        }
        working.set(true);
        spawn_local(async move {
            let told = open.confirm_mailbox(&code.get_untracked()).await;
            working.try_set(false);
            match told {
                Ok(()) => {
                    mailbox.try_set(Some(Mailbox { confirmed: true, mails: true }));
                    // The user goes on where they were.
                    app.confirming.set(false);
                    app.say(t!("email-confirmed-now"));
                }
                Err(error) => {
                    wrong.try_set(Some(why(error, &open)));
                    dom::focus("s-mailed");
                    select_all("s-mailed");
                }
            }
        });
    };
    let again = move |_| {
        let Some(open) = app.open() else { return };
        spawn_local(async move {
            match open.mail_code().await {
                Ok(()) => app.say(t!("code-mailed", address = open.address())),
                Err(error) => {
                    wrong.try_set(Some(why(error, &open)));
                }
            }
        });
    };
    view! {
        <form class="mailbox" novalidate on:submit=submit>
            <p class="hint">{t!("email-not-confirmed")}</p>
            <TextField
                id="s-mailed"
                label=t!("mailed-code")
                value=code
                error=wrong
                typed=Callback::new(move |()| wrong.set(None))
                ltr=true
                inputmode="numeric"
                autocomplete="one-time-code"
            />
            <div class="setting buttons">
                <button type="button" class="button" on:click=again>
                    {t!("send-new-code")}
                </button>
                <button
                    type="submit"
                    class="button"
                    aria-busy=move || working.get().to_string()
                >
                    {move || if working.get() { t!("confirming") } else { t!("confirm-email") }}
                </button>
            </div>
        </form>
    }
}

fn why(error: MailboxError, open: &mysafe_browser::Open) -> String {
    match error {
        MailboxError::WrongCode => t!("mailed-code-wrong"),
        MailboxError::TooManyTries { retry_after } => t!("too-many-tries", seconds = retry_after),
        MailboxError::SignInEnded => t!("sign-in-ended-first"),
        MailboxError::NoAnswer => t!("server-no-answer", host = open.server()),
    }
}
