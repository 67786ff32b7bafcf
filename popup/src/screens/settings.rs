//! Settings of this browser: theme, lock, clipboard, account.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{LockReason, Settings, Theme, lock, open_in_tab, set_settings};

use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::mailbox::MailboxState;
use crate::screens::shortcuts::Shortcuts;
use crate::screens::sign_out::SignOut;
use crate::screens::suggesting::{ClearingOwn, Suggesting};
use crate::state::App;
use crate::t;

/// The screen.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let app = App::here();
    let change = move |change: &dyn Fn(&mut Settings)| {
        let mut settings = app.settings.get_untracked();
        change(&mut settings);
        app.settings.set(settings.clone());
        spawn_local(async move {
            if set_settings(&settings).await.is_err() {
                app.fail(t!("settings-failed"));
            }
        });
    };
    crate::dom::focus_soon("settings-title");
    let who = app
        .open()
        .map(|open| (open.name().to_owned(), open.address().to_owned(), open.server().to_owned()));
    let (name, address, server) = who.unwrap_or_default();
    let lock_times = [1, 5, 10, 30, 60, 240];
    view! {
        <div class="settings">
            <header class="top">
                <h1 class="title" id="settings-title" tabindex="-1">{t!("settings")}</h1>
            </header>
            <div class="scroll">
                <section class="fields" aria-labelledby="s-look">
                    <h2 id="s-look">{t!("appearance")}</h2>
                    <Choice
                        id="s-theme"
                        label=t!("theme")
                        options=vec![
                            ("system".into(), t!("theme-system")),
                            ("light".into(), t!("theme-light")),
                            ("dark".into(), t!("theme-dark")),
                        ]
                        value=Signal::derive(move || {
                            app.settings
                                .with(|settings| match settings.theme {
                                    Theme::System => "system",
                                    Theme::Light => "light",
                                    Theme::Dark => "dark",
                                })
                                .to_owned()
                        })
                        chosen=Callback::new(move |theme: String| {
                            change(
                                &|settings| {
                                    settings.theme = match theme.as_str() {
                                        "light" => Theme::Light,
                                        "dark" => Theme::Dark,
                                        _ => Theme::System,
                                    };
                                },
                            );
                        })
                    />
                    <Tick
                        id="s-compact"
                        label=t!("compact")
                        value=Signal::derive(move || app.settings.with(|s| s.compact))
                        ticked=Callback::new(move |on| change(&|settings| settings.compact = on))
                    />
                </section>
                <section class="fields" aria-labelledby="s-safety">
                    <h2 id="s-safety">{t!("security")}</h2>
                    <Choice
                        id="s-lock"
                        label=t!("lock-after")
                        options=lock_times
                            .iter()
                            .map(|minutes| (minutes.to_string(), lock_time(*minutes)))
                            .chain([("never".to_owned(), t!("never"))])
                            .collect()
                        value=Signal::derive(move || {
                            app.settings
                                .with(|settings| settings.lock_after)
                                .map_or_else(|| "never".to_owned(), |minutes| minutes.to_string())
                        })
                        chosen=Callback::new(move |minutes: String| {
                            change(&|settings| settings.lock_after = minutes.parse().ok());
                        })
                    />
                    <Choice
                        id="s-clipboard"
                        label=t!("clear-clipboard")
                        options=[10, 20, 30, 60, 120, 300]
                            .iter()
                            .map(|seconds: &u32| (seconds.to_string(), duration(*seconds)))
                            .collect()
                        value=Signal::derive(move || {
                            app.settings.with(|settings| settings.clear_clipboard_after.to_string())
                        })
                        chosen=Callback::new(move |seconds: String| {
                            change(
                                &|settings| {
                                    settings.clear_clipboard_after = seconds.parse().unwrap_or(30);
                                },
                            );
                        })
                    />
                    <ClearingOwn />
                    <Tick
                        id="s-close"
                        label=t!("close-after-copy")
                        value=Signal::derive(move || app.settings.with(|s| s.close_after_copy))
                        ticked=Callback::new(move |on| {
                            change(&|settings| settings.close_after_copy = on);
                        })
                    />
                </section>
                <section class="fields" aria-labelledby="s-browsing">
                    <h2 id="s-browsing">{t!("browsing")}</h2>
                    <Suggesting />
                </section>
                <Shortcuts />
                <section class="fields" aria-labelledby="s-account">
                    <h2 id="s-account">{t!("account")}</h2>
                    <div class="setting">
                        <span>{name}</span>
                        <span class="muted end">{address}</span>
                    </div>
                    <div class="setting">
                        <span>{t!("server")}</span>
                        <span class="muted end" dir="ltr">{server}</span>
                    </div>
                    <div class="setting buttons">
                        {secret(app, Route::MasterPassword, t!("change-password"))}
                        {secret(app, Route::RecoveryCode, t!("new-recovery-code"))}
                    </div>
                    <div class="setting buttons">
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| app.go(Route::Deleted)
                        >
                            {t!("deleted-items")}
                        </button>
                    </div>
                    <div class="setting buttons">
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                spawn_local(async move {
                                    if lock(LockReason::Button).await.is_err() {
                                        app.fail(t!("lock-failed"));
                                    }
                                });
                            }
                        >
                            <Glyph icon=Icon::Lock />
                            {t!("lock-now")}
                        </button>
                        <SignOut />
                    </div>
                    // Last: what the server says comes late, and nothing may move under a click.
                    <MailboxState />
                </section>
                <p class="hint version">{t!("version", version = mysafe_browser::version())}</p>
            </div>
        </div>
    }
}

/// A screen where a password is typed has a full tab: it does not close by a click beside it.
fn secret(app: App, route: Route, name: String) -> impl IntoView {
    let go = move |_| {
        if !app.popup {
            return app.go(route);
        }
        spawn_local(async move {
            if open_in_tab(&route.hash()).await.is_ok() {
                crate::dom::close();
            }
        });
    };
    view! {
        <button type="button" class="button" on:click=go>
            {name}
        </button>
    }
}

/// A time after which it locks.
pub fn lock_time(minutes: u32) -> String {
    match minutes {
        240 => t!("hours", count = 4),
        minutes => t!("minutes", count = minutes),
    }
}

fn duration(seconds: u32) -> String {
    match seconds {
        seconds if seconds < 60 => t!("seconds", count = seconds),
        seconds => t!("minutes", count = seconds / 60),
    }
}

#[component]
fn Choice(
    id: &'static str,
    label: String,
    options: Vec<(String, String)>,
    value: Signal<String>,
    chosen: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="setting">
            <label for=id>{label}</label>
            <div class="control select">
                <select
                    id=id
                    prop:value=move || value.get()
                    on:change=move |event| chosen.run(event_target_value(&event))
                >
                    {options
                        .into_iter()
                        .map(|(option, text)| {
                            let this = option.clone();
                            view! {
                                <option value=option selected=move || value.get() == this>
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <Glyph icon=Icon::Down />
            </div>
        </div>
    }
}

/// A switch with its name.
#[component]
pub fn Tick(
    id: &'static str,
    label: String,
    #[prop(into)] value: Signal<bool>,
    ticked: Callback<bool>,
    /// The id of the text that describes it.
    #[prop(optional)]
    described_by: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div class="setting">
            <label for=id>{label}</label>
            <input
                id=id
                type="checkbox"
                class="switch"
                aria-describedby=described_by
                prop:checked=move || value.get()
                on:change=move |event| ticked.run(event_target_checked(&event))
            />
        </div>
    }
}
