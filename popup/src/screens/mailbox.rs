//! One's own mailbox: whether it is confirmed, and the digits that confirm it. It stands in Settings, and in
//! a dialog over what the server does for confirmed mailboxes only.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Mailbox, MailboxError, SharingError, sync_now};

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
            <h2 id="confirm-title" tabindex="-1">{t!("confirm-title")}</h2>
            <MailboxState asked=true />
            <div class="answers">
                <button type="button" class="button" on:click=move |_| close()>
                    {t!("close")}
                </button>
            </div>
        </dialog>
    }
}

/// Says nothing until the server has answered. Where it does not answer, only who asked is told.
#[component]
pub fn MailboxState(#[prop(optional)] asked: bool) -> impl IntoView {
    let app = App::here();
    let mailbox = RwSignal::new(None::<Mailbox>);
    let failed = RwSignal::new(None::<String>);
    spawn_local(async move {
        let Some(open) = app.open() else { return };
        match open.mailbox().await {
            Ok(found) => drop(mailbox.try_set(Some(found))),
            Err(error) => drop(failed.try_set(Some(why(error, &open)).filter(|_| asked))),
        }
    });
    move || {
        if let Some(failed) = failed.get() {
            return Some(view! { <p role="alert">{failed}</p> }.into_any());
        }
        mailbox.get().map(|found| match found {
            Mailbox { confirmed: true, .. } => {
                view! { <p class="hint setting-hint">{t!("email-confirmed")}</p> }.into_any()
            }
            Mailbox { mails: false, .. } => {
                view! { <p class="hint setting-hint">{t!("email-by-administrator")}</p> }.into_any()
            }
            Mailbox { mails: true, .. } => view! { <Confirm mailbox asked /> }.into_any(),
        })
    }
}

/// The form that takes the code.
#[component]
fn Confirm(mailbox: RwSignal<Option<Mailbox>>, asked: bool) -> impl IntoView {
    let app = App::here();
    let code = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    // Below a dialog nobody sees a notice.
    let sent = RwSignal::new(None::<String>);
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
                    // Perhaps changes waited for it.
                    app.sync.set(sync_now().await);
                }
                Err(error) => {
                    sent.try_set(None);
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
                Ok(()) => {
                    wrong.try_set(None);
                    sent.try_set(Some(t!("code-mailed", address = open.address())));
                    dom::focus("s-mailed");
                }
                Err(error) => {
                    sent.try_set(None);
                    wrong.try_set(Some(why(error, &open)));
                }
            }
        });
    };
    let address = app.open().map(|open| open.address().to_owned()).unwrap_or_default();
    view! {
        <form class="mailbox" novalidate on:submit=submit>
            <p class="hint">{t!("email-not-confirmed", address = address)}</p>
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
            <p class="hint sent" role="status">{move || sent.get()}</p>
            <div class="setting buttons">
                <button type="button" class="button" on:click=again>
                    {t!("send-new-code")}
                </button>
                <button
                    type="submit"
                    class="button"
                    class:fill=asked
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
