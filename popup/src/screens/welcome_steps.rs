//! The steps of the first run, as drawn.

use leptos::prelude::*;
use mysafe_browser::Signups;

use crate::kit::code::{CodeShown, TypeBack};
use crate::kit::field::{Shape, TextField};
use crate::screens::settings::Tick;
use crate::screens::strength::{Meter, rated};
use crate::screens::welcome_acts::looks_like_address;
use crate::screens::welcome_answers::{Answers, Step};
use crate::t;

pub fn buttons(answers: Answers, back: bool, go: fn(bool) -> String) -> impl IntoView {
    view! {
        <div class="answers">
            {back
                .then(|| {
                    view! {
                        <button type="button" class="button" on:click=move |_| answers.back()>
                            {t!("back")}
                        </button>
                    }
                })}
            <button
                type="submit"
                class="button fill"
                aria-busy=move || answers.working.get().to_string()
            >
                {move || go(answers.working.get())}
            </button>
        </div>
    }
}

pub fn go_on(_: bool) -> String {
    t!("continue")
}

pub fn server_step(answers: Answers) -> impl IntoView {
    let checking = |working| if working { t!("checking") } else { t!("continue") };
    view! {
        <h1>{t!("w-server-title")}</h1>
        <p>{t!("w-server-text")}</p>
        <TextField
            id="w-server"
            label=t!("server-address")
            value=answers.server
            error=answers.error
            required=true
            ltr=true
            inputmode="url"
            autocomplete="url"
        />
        <Show when=move || answers.asks_unencrypted()>
            <Tick
                id="w-unencrypted"
                label=t!("allow-unencrypted")
                value=answers.allowed
                ticked=Callback::new(move |allowed| answers.allowed.set(allowed))
                described_by="w-unencrypted-hint"
            />
            <p class="setting-hint" id="w-unencrypted-hint">{t!("allow-unencrypted-hint")}</p>
        </Show>
        {buttons(answers, false, checking)}
    }
}

pub fn way_step(answers: Answers) -> impl IntoView {
    let host = answers
        .found
        .with_untracked(|found| found.as_ref().map(|found| found.host.clone()))
        .unwrap_or_default();
    view! {
        <h1>{t!("w-way-title")}</h1>
        <p>{t!("w-way-text", host = host)}</p>
        <div class="ways">
            <button
                id="w-create"
                type="button"
                class="button fill wide"
                on:click=move |_| {
                    answers.recovering.set(false);
                    answers.to(Step::Name);
                }
            >
                {t!("create-account")}
            </button>
            <button type="button" class="button wide" on:click=move |_| answers.to(Step::SignIn)>
                {t!("sign-in")}
            </button>
            <button type="button" class="button wide" on:click=move |_| recover(answers)>
                {t!("use-recovery-code")}
            </button>
        </div>
        <div class="answers">
            <button type="button" class="button" on:click=move |_| answers.back()>
                {t!("back")}
            </button>
        </div>
    }
}

fn recover(answers: Answers) {
    answers.recovering.set(true);
    answers.to(Step::Recover);
}

pub fn name_step(answers: Answers) -> impl IntoView {
    view! {
        <h1>{t!("w-name-title")}</h1>
        <p>{t!("w-name-text")}</p>
        <TextField
            id="w-name"
            label=t!("your-name")
            value=answers.name
            error=answers.error
            required=true
            autocomplete="name"
        />
        {buttons(answers, true, go_on)}
    }
}

pub fn address_step(answers: Answers) -> impl IntoView {
    view! {
        <h1>{t!("w-address-title")}</h1>
        <p>{t!("w-address-text")}</p>
        <TextField
            id="w-address"
            label=t!("email")
            value=answers.address
            error=answers.error
            required=true
            ltr=true
            inputmode="email"
            autocomplete="email"
        />
        {buttons(answers, true, go_on)}
    }
}

pub fn admission_step(answers: Answers) -> impl IntoView {
    let first = answers.found.with_untracked(|found| {
        found.as_ref().is_some_and(|found| found.signups == Signups::FirstWithCode)
    });
    let (title, text, label) = if first {
        (t!("w-code-title"), t!("w-code-text"), t!("setup-code"))
    } else {
        (t!("w-invite-title"), t!("w-invite-text"), t!("invitation"))
    };
    view! {
        <h1>{title}</h1>
        <p>{text}</p>
        <TextField
            id="w-admission"
            label=label
            value=answers.admission
            error=answers.error
            required=true
            ltr=true
        />
        {buttons(answers, true, go_on)}
    }
}

pub fn password_step(answers: Answers) -> impl IntoView {
    let known = move || [answers.name.get_untracked(), answers.address.get_untracked()];
    let rated = rated(answers.password, answers.error, known);
    let waiting = |working| if working { t!("checking") } else { t!("continue") };
    let recovering = answers.recovering.get_untracked();
    let (title, text) = if recovering {
        (t!("w-new-password-title"), t!("w-new-password-text"))
    } else {
        (t!("w-password-title"), t!("w-password-text"))
    };
    view! {
        <h1>{title}</h1>
        <p>{text}</p>
        <input type="text" hidden autocomplete="username" prop:value=answers.address.get_untracked() />
        <TextField
            id="w-password"
            label=t!("master-password")
            value=answers.password
            error=answers.error
            required=true
            shape=Shape::Password
            autocomplete="new-password"
        />
        <Meter strength=rated />
        {buttons(answers, true, waiting)}
    }
}

pub fn sign_in_step(answers: Answers) -> impl IntoView {
    let signing_in = |working| if working { t!("signing-in") } else { t!("sign-in") };
    view! {
        <h1>{t!("sign-in")}</h1>
        <p>{t!("w-sign-in-text")}</p>
        <TextField
            id="w-address"
            label=t!("email")
            value=answers.address
            required=true
            ltr=true
            inputmode="email"
            autocomplete="username"
        />
        <TextField
            id="w-password"
            label=t!("master-password")
            value=answers.password
            error=answers.error
            required=true
            shape=Shape::Password
            autocomplete="current-password"
        />
        <button type="button" class="link" on:click=move |_| recover(answers)>
            {t!("use-recovery-code")}
        </button>
        {buttons(answers, true, signing_in)}
    }
}

pub fn recover_step(answers: Answers) -> impl IntoView {
    let wrong_address = move || !looks_like_address(&answers.address.get());
    let at_address = Signal::derive(move || answers.error.get().filter(|_| wrong_address()));
    let at_code = Signal::derive(move || answers.error.get().filter(|_| !wrong_address()));
    view! {
        <h1>{t!("w-recover-title")}</h1>
        <p>{t!("w-recover-text")}</p>
        <TextField
            id="w-address"
            label=t!("email")
            value=answers.address
            error=at_address
            required=true
            ltr=true
            inputmode="email"
            autocomplete="username"
        />
        <TextField
            id="w-code"
            label=t!("recovery-code")
            value=answers.code
            error=at_code
            required=true
            ltr=true
        />
        {buttons(answers, true, go_on)}
    }
}

pub fn code_step(answers: Answers) -> impl IntoView {
    let server = answers.server.get_untracked();
    view! {
        <h1 id="w-title" tabindex="-1">{t!("w-new-code-title")}</h1>
        <p>{t!("w-new-code-text")}</p>
        <CodeShown
            code=answers.new_code
            address=answers.address.get_untracked()
            server=server
        />
        {buttons(answers, true, go_on)}
    }
}

pub fn type_back_step(answers: Answers) -> impl IntoView {
    let creating = |working| if working { t!("creating") } else { t!("create-account") };
    let recovering = |working| if working { t!("recovering") } else { t!("recover-account") };
    let last = if answers.recovering.get_untracked() { recovering } else { creating };
    view! {
        <h1>{t!("w-type-back-title")}</h1>
        <p>{t!("w-type-back-text")}</p>
        <TypeBack code=answers.new_code />
        {move || answers.error.get().map(|error| view! { <p class="error" role="alert">{error}</p> })}
        {buttons(answers, true, last)}
    }
}
