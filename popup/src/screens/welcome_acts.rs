//! What the buttons of the first run do: ask the server, begin and end a sign-up or a recovery,
//! sign in.

use std::rc::Rc;

use leptos::prelude::*;
use mysafe_browser::{
    Open, RecoverDraft, RecoverError, ServerError, SignInDraft, SignUpDraft, SignUpError,
    begin_recovery, begin_sign_up, check_server, finish_recovery, sign_in, sign_up, strength,
    sync_now,
};
use zeroize::Zeroizing;

use crate::dom;
use crate::route::Route;
use crate::screens::welcome_answers::{Answers, Begun, Step, forget};
use crate::screens::welcome_texts::{self as texts, At};
use crate::state::App;
use crate::t;

/// Whether it has the form of a mail address.
pub fn looks_like_address(text: &str) -> bool {
    let text = text.trim();
    text.is_ascii()
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

/// Asks the address for its server, then goes to a step.
pub async fn find(answers: Answers, then: Step) {
    answers.working.set(true);
    let server = answers.server.get_untracked();
    // Permission for one address holds for no other.
    let asked = answers.unencrypted.with_untracked(|asked| asked.as_ref() == Some(&server));
    let allowed = asked && answers.allowed.get_untracked();
    let found = check_server(&server, allowed).await;
    answers.working.set(false);
    match found {
        Ok(server) => {
            if allowed {
                answers.unencrypted.set(Some(server.url.clone()));
            }
            answers.server.set(server.url.clone());
            answers.found.set(Some(server));
            answers.to(then);
        }
        Err(error) => {
            if matches!(error, ServerError::NotEncrypted { .. }) && !asked {
                answers.allowed.set(false);
                answers.unencrypted.set(Some(server));
            }
            answers.error.set(Some(texts::server(&error)));
            dom::focus_soon("w-server");
        }
    }
}

/// The master password is chosen: the server is asked for the first half, and a code is given.
pub async fn begin(answers: Answers) {
    let Some(server) = answers.found.get_untracked() else { return answers.to(Step::Server) };
    let (name, address) = (answers.name.get_untracked(), answers.address.get_untracked());
    let password = Zeroizing::new(answers.password.get_untracked());
    answers.working.set(true);
    dom::painted().await;
    if !strength(&password, &[&name, &address]).await.accepted() {
        answers.working.set(false);
        answers.error.set(Some(t!("weak-password")));
        return dom::focus_soon("w-password");
    }
    let begun = if answers.recovering.get_untracked() {
        let code = Zeroizing::new(answers.code.get_untracked());
        let mailed_code = Some(answers.mailed.get_untracked()).filter(|code| !code.is_empty());
        let draft = RecoverDraft { server, address, code, password, mailed_code };
        let begun = begin_recovery(draft).await;
        if matches!(begun, Err(RecoverError::NeedsMailedCode)) {
            answers.working.set(false);
            return answers.to(Step::Mailed);
        }
        let begun = begun.map(|begun| Begun::Recovery(Rc::new(begun)));
        begun.map_err(|error| texts::recover(&error))
    } else {
        let admission = Some(answers.admission.get_untracked());
        let draft = SignUpDraft { server, name, address, password, admission };
        let begun = begin_sign_up(draft).await;
        begun.map(|begun| Begun::SignUp(Rc::new(begun))).map_err(|error| sign_up_failed(&error))
    };
    answers.working.set(false);
    match begun {
        Ok(begun) => {
            answers.begun.set_value(begun);
            answers.to(Step::Code);
        }
        Err((step, text)) => {
            answers.step.set(step);
            answers.error.set(Some(text));
        }
    }
}

fn sign_up_failed(error: &SignUpError) -> (Step, String) {
    let (at, text) = texts::sign_up(error);
    let step = match at {
        At::Name => Step::Name,
        At::Address => Step::Address,
        At::Admission => Step::Admission,
        At::Password => Step::Password,
    };
    (step, text)
}

/// The code is with its owner: the account is made, or opened again.
pub async fn finish(app: App, answers: Answers) {
    let code = answers.new_code;
    if !code.typed_back() {
        return;
    }
    answers.working.set(true);
    // The vault opens in between: this screen is to stay until then.
    app.arrive(Route::Welcome);
    dom::painted().await;
    // What fails after the password was taken is said here, where one can try again.
    let here = |step| if step == Step::Password { Step::TypeBack } else { step };
    let finished = match answers.begun.get_value() {
        Begun::SignUp(begun) => sign_up(&begun, &code.code()).await.map_err(|error| {
            let (step, text) = sign_up_failed(&error);
            (here(step), text)
        }),
        Begun::Recovery(begun) => finish_recovery(&begun, &code.code()).await.map_err(|error| {
            let (step, text) = texts::recover(&error);
            (here(step), text)
        }),
        Begun::Nothing => Err((Step::Password, t!("password-missing"))),
    };
    answers.working.set(false);
    match finished {
        Ok(open) => {
            answers.password.set(String::new());
            answers.code.set(String::new());
            answers.begun.set_value(Begun::Nothing);
            forget();
            if answers.recovering.get_untracked() {
                enter_vault(app, open).await;
                app.say(t!("recovered"));
            } else {
                answers.step.set(Step::Ready);
                app.unlocked(open);
            }
        }
        Err((step, text)) => {
            answers.step.set(step);
            answers.error.set(Some(text));
        }
    }
}

async fn enter_vault(app: App, open: Rc<Open>) {
    app.unlocked(open);
    app.go(Route::ApiSecrets);
    app.sync.set(sync_now().await);
}

/// Signs in.
pub async fn enter(app: App, answers: Answers) {
    let Some(server) = answers.found.get_untracked() else { return answers.to(Step::Server) };
    let address = answers.address.get_untracked();
    let password = Zeroizing::new(answers.password.get_untracked());
    if !looks_like_address(&address) {
        answers.error.set(Some(t!("address-invalid")));
        return dom::focus("w-address");
    }
    if password.is_empty() {
        answers.error.set(Some(t!("password-missing")));
        return dom::focus("w-password");
    }
    answers.working.set(true);
    // The vault opens in between: this screen is to stay until then.
    app.arrive(Route::Welcome);
    dom::painted().await;
    let entered = sign_in(SignInDraft { server, address, password }).await;
    answers.working.set(false);
    match entered {
        Ok(open) => {
            answers.password.set(String::new());
            forget();
            enter_vault(app, open).await;
        }
        Err(error) => {
            answers.error.set(Some(texts::sign_in(&error)));
            crate::dom::soon(|| crate::kit::field::select_all("w-password"));
        }
    }
}
