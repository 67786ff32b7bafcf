//! First run, in a full tab: one question a step. What was answered is kept, also when the tab
//! closes; the master password never is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{RecoveryCode, Signups, Standing, known_server};

use crate::dom;
use crate::kit::code::NewCode;
use crate::kit::icon::Mark;
use crate::route::Route;
use crate::screens::welcome_acts::{begin, enter, find, finish, looks_like_address};
use crate::screens::welcome_answers::{Answers, Step};
use crate::screens::welcome_mailed::mailed_step;
use crate::screens::welcome_steps::*;
use crate::screens::welcome_texts as texts;
use crate::state::App;
use crate::t;

/// The screen. With an account on this device, it signs in to it again.
#[component]
pub fn Welcome() -> impl IntoView {
    let app = App::here();
    let answers = Answers::new();
    let again = app.standing.with_untracked(|standing| match standing {
        Some(Standing::Open(open)) => Some((open.server().to_owned(), open.address().to_owned())),
        Some(Standing::Locked(locked)) => Some((locked.server.clone(), locked.address.clone())),
        _ => None,
    });
    if let Some((server, address)) = again {
        answers.server.set(server);
        answers.address.set(address);
        // Who has forgotten the master password comes from the unlock screen.
        let recovering = app.route.with_untracked(|route| *route == Route::Recover);
        answers.recovering.set(recovering);
        spawn_local(find(answers, if recovering { Step::Recover } else { Step::SignIn }));
    } else {
        // Once the account is made this screen still has something to say.
        app.arrive(Route::Welcome);
        spawn_local(async move {
            if answers.server.with_untracked(String::is_empty)
                && let Some(server) = known_server().await
            {
                answers.server.set(server);
            }
            // The server is asked again: what it admits may have changed.
            if let Some(step) = Answers::kept_step() {
                find(answers, step).await;
                answers.recovering.set(step == Step::Recover);
                if answers.step.get_untracked() == Step::Password && answers.needs_admission() {
                    answers.to(Step::Admission);
                }
            }
        });
    }
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !answers.working.get_untracked() {
            next(app, answers);
        }
    };
    Effect::new(move |_| {
        let id = match answers.step.get() {
            Step::Server => "w-server",
            Step::Way => "w-create",
            Step::Name => "w-name",
            Step::Address => "w-address",
            Step::Admission => "w-admission",
            Step::Password => "w-password",
            Step::SignIn if answers.address.with_untracked(String::is_empty) => "w-address",
            Step::SignIn => "w-password",
            Step::Recover if answers.address.with_untracked(String::is_empty) => "w-address",
            Step::Recover => "w-code",
            Step::Mailed => "w-mailed",
            Step::TypeBack => NewCode::first_field(),
            Step::Code | Step::Ready => "w-title",
        };
        dom::focus_soon(id);
    });
    view! {
        <main class="card-screen">
            <form class="card first-run" novalidate on:submit=submit>
                <header>
                    <Mark size=32 />
                    <span>{t!("mysafe")}</span>
                </header>
                {move || match answers.step.get() {
                    Step::Server => server_step(answers).into_any(),
                    Step::Way => way_step(answers).into_any(),
                    Step::Name => name_step(answers).into_any(),
                    Step::Address => address_step(answers).into_any(),
                    Step::Admission => admission_step(answers).into_any(),
                    Step::Password => password_step(answers).into_any(),
                    Step::Code => code_step(answers).into_any(),
                    Step::TypeBack => type_back_step(answers).into_any(),
                    Step::SignIn => sign_in_step(answers).into_any(),
                    Step::Recover => recover_step(answers).into_any(),
                    Step::Mailed => mailed_step(answers).into_any(),
                    Step::Ready => ready_step(app).into_any(),
                }}
            </form>
        </main>
    }
}

/// The button that goes on was pressed.
fn next(app: App, answers: Answers) {
    answers.error.set(None);
    let missing = |value: RwSignal<String>| value.with_untracked(|text| text.trim().is_empty());
    match answers.step.get_untracked() {
        Step::Server => spawn_local(find(answers, Step::Way)),
        Step::Way | Step::Ready => {}
        Step::Name if missing(answers.name) => answers.error.set(Some(t!("name-invalid"))),
        Step::Name => answers.to(Step::Address),
        Step::Address if !looks_like_address(&answers.address.get_untracked()) => {
            answers.error.set(Some(t!("address-invalid")));
        }
        Step::Address if answers.needs_admission() => answers.to(Step::Admission),
        Step::Address => answers.to(Step::Password),
        Step::Admission if missing(answers.admission) => {
            let needs_code = answers.found.with_untracked(|found| {
                found.as_ref().is_some_and(|found| found.signups == Signups::FirstWithCode)
            });
            answers.error.set(Some(if needs_code {
                t!("needs-setup-code")
            } else {
                t!("needs-invitation")
            }));
        }
        Step::Admission => answers.to(Step::Password),
        Step::Mailed if missing(answers.mailed) => {
            answers.error.set(Some(t!("mailed-code-missing")))
        }
        Step::Password | Step::Mailed => spawn_local(begin(answers)),
        Step::Code => answers.to(Step::TypeBack),
        Step::TypeBack => spawn_local(finish(app, answers)),
        Step::Recover if !looks_like_address(&answers.address.get_untracked()) => {
            answers.error.set(Some(t!("address-invalid")));
        }
        Step::Recover => match RecoveryCode::parse(&answers.code.get_untracked()) {
            Ok(_) => answers.to(Step::Password),
            Err(why) => {
                answers.error.set(Some(texts::not_a_code(&why)));
                dom::focus("w-code");
            }
        },
        Step::SignIn => spawn_local(enter(app, answers)),
    }
}
