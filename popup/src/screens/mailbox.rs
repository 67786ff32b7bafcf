//! One's own mailbox, in Settings: whether it is confirmed, and the digits that confirm it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Mailbox, MailboxError};

use crate::dom;
use crate::kit::field::{TextField, select_all};
use crate::state::App;
use crate::t;

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
