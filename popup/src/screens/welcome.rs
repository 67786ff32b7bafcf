//! First run, in a full tab: one question a step. What was answered is kept, also when the tab
//! closes; the master password never is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    Server, SignInDraft, SignUpDraft, Signups, Standing, check_server, known_server, shortcut,
    sign_in, sign_up, strength, sync_now,
};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::field::{Shape, TextField};
use crate::kit::icon::Mark;
use crate::route::Route;
use crate::screens::strength::Meter;
use crate::screens::welcome_texts::{self as texts, At};
use crate::state::App;
use crate::t;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Server,
    Way,
    Name,
    Address,
    Admission,
    Password,
    SignIn,
    Ready,
}

/// The answers.
#[derive(Clone, Copy)]
struct Answers {
    step: RwSignal<Step>,
    server: RwSignal<String>,
    found: RwSignal<Option<Server>>,
    name: RwSignal<String>,
    address: RwSignal<String>,
    admission: RwSignal<String>,
    password: RwSignal<String>,
    error: RwSignal<Option<String>>,
    working: RwSignal<bool>,
}

const KEPT: [&str; 3] = ["welcome-server", "welcome-name", "welcome-address"];

impl Answers {
    fn new() -> Self {
        let kept = |key| RwSignal::new(stored(key).unwrap_or_default());
        Self {
            step: RwSignal::new(Step::Server),
            server: kept(KEPT[0]),
            found: RwSignal::new(None),
            name: kept(KEPT[1]),
            address: kept(KEPT[2]),
            admission: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            working: RwSignal::new(false),
        }
    }

    fn keep(&self) {
        for (key, value) in KEPT.into_iter().zip([self.server, self.name, self.address]) {
            store(key, &value.get_untracked());
        }
    }

    fn to(&self, step: Step) {
        self.keep();
        self.error.set(None);
        self.step.set(step);
    }

    fn needs_admission(&self) -> bool {
        let signups = self.found.with_untracked(|found| found.as_ref().map(|found| found.signups));
        matches!(signups, Some(Signups::FirstWithCode | Signups::Invite))
    }

    /// The step before, on the way one came.
    fn back(&self) {
        let before = match self.step.get_untracked() {
            Step::Server | Step::Way | Step::Ready => Step::Server,
            Step::Name | Step::SignIn => Step::Way,
            Step::Address => Step::Name,
            Step::Admission => Step::Address,
            Step::Password if self.needs_admission() => Step::Admission,
            Step::Password => Step::Address,
        };
        self.password.set(String::new());
        self.to(before);
    }
}

fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

fn forget() {
    if let Ok(Some(storage)) = window().local_storage() {
        for key in KEPT {
            let _ = storage.remove_item(key);
        }
    }
}

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
        spawn_local(find(answers, Step::SignIn));
    } else {
        // Once the account is made this screen still has something to say.
        app.arrive(Route::Welcome);
        spawn_local(async move {
            if answers.server.with_untracked(String::is_empty)
                && let Some(server) = known_server().await
            {
                answers.server.set(server);
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
            Step::Ready => "w-title",
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
                    Step::SignIn => sign_in_step(answers).into_any(),
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
        Step::Password => spawn_local(create(app, answers)),
        Step::SignIn => spawn_local(enter(app, answers)),
    }
}

fn looks_like_address(text: &str) -> bool {
    let text = text.trim();
    text.is_ascii()
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

async fn find(answers: Answers, then: Step) {
    answers.working.set(true);
    let found = check_server(&answers.server.get_untracked()).await;
    answers.working.set(false);
    match found {
        Ok(server) => {
            answers.server.set(server.url.clone());
            answers.found.set(Some(server));
            answers.to(then);
        }
        Err(error) => {
            answers.error.set(Some(texts::server(&error)));
            dom::focus_soon("w-server");
        }
    }
}

async fn create(app: App, answers: Answers) {
    let Some(server) = answers.found.get_untracked() else { return answers.to(Step::Server) };
    let (name, address) = (answers.name.get_untracked(), answers.address.get_untracked());
    let password = Zeroizing::new(answers.password.get_untracked());
    if !strength(&password, &[&name, &address]).accepted() {
        answers.error.set(Some(t!("weak-password")));
        return dom::focus("w-password");
    }
    answers.working.set(true);
    // The vault opens in between: this screen is to stay until then.
    app.arrive(Route::Welcome);
    dom::painted().await;
    let admission = Some(answers.admission.get_untracked());
    let made = sign_up(SignUpDraft { server, name, address, password, admission }).await;
    answers.working.set(false);
    match made {
        Ok(open) => {
            answers.password.set(String::new());
            forget();
            answers.step.set(Step::Ready);
            app.unlocked(open);
        }
        Err(error) => {
            let (at, text) = texts::sign_up(&error);
            answers.step.set(match at {
                At::Name => Step::Name,
                At::Address => Step::Address,
                At::Admission => Step::Admission,
                At::Password => Step::Password,
            });
            answers.error.set(Some(text));
        }
    }
}

async fn enter(app: App, answers: Answers) {
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
            app.unlocked(open);
            app.go(Route::ApiSecrets);
            app.sync.set(sync_now().await);
        }
        Err(error) => {
            answers.error.set(Some(texts::sign_in(&error)));
            crate::dom::soon(|| crate::kit::field::select_all("w-password"));
        }
    }
}

fn buttons(answers: Answers, back: bool, go: fn(bool) -> String) -> impl IntoView {
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

fn go_on(_: bool) -> String {
    t!("continue")
}

fn server_step(answers: Answers) -> impl IntoView {
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
        {buttons(answers, false, checking)}
    }
}

fn way_step(answers: Answers) -> impl IntoView {
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
                on:click=move |_| answers.to(Step::Name)
            >
                {t!("create-account")}
            </button>
            <button type="button" class="button wide" on:click=move |_| answers.to(Step::SignIn)>
                {t!("sign-in")}
            </button>
        </div>
        <div class="answers">
            <button type="button" class="button" on:click=move |_| answers.back()>
                {t!("back")}
            </button>
        </div>
    }
}

fn name_step(answers: Answers) -> impl IntoView {
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

fn address_step(answers: Answers) -> impl IntoView {
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

fn admission_step(answers: Answers) -> impl IntoView {
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

fn password_step(answers: Answers) -> impl IntoView {
    let rated = Memo::new(move |_| {
        let password = answers.password.get();
        (!password.is_empty()).then(|| {
            let (name, address) = (answers.name.get_untracked(), answers.address.get_untracked());
            strength(&password, &[&name, &address])
        })
    });
    let creating = |working| if working { t!("creating") } else { t!("create-account") };
    view! {
        <h1>{t!("w-password-title")}</h1>
        <p>{t!("w-password-text")}</p>
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
        {buttons(answers, true, creating)}
    }
}

fn sign_in_step(answers: Answers) -> impl IntoView {
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
        {buttons(answers, true, signing_in)}
    }
}

fn ready_step(app: App) -> impl IntoView {
    let key = RwSignal::new(None::<String>);
    spawn_local(async move { key.set(shortcut().await) });
    view! {
        <h1 id="w-title" tabindex="-1">{t!("w-ready-title")}</h1>
        <p>{t!("w-ready-text")}</p>
        <ol class="tips">
            <li>{t!("w-ready-pin")}</li>
            {move || key.get().map(|key| view! { <li>{t!("w-ready-key", key = key)}</li> })}
            <li>{t!("w-ready-password")}</li>
        </ol>
        <div class="answers">
            <button type="button" class="button" on:click=move |_| app.go(Route::ApiSecrets)>
                {t!("w-later")}
            </button>
            <button type="button" class="button fill" on:click=move |_| app.go(Route::Add)>
                {t!("add-api-secret")}
            </button>
        </div>
    }
}
