//! The client secret in the details: twelve dots until "Show", then the text for a while.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, Secret, SecretPresence, Use};

use crate::copying::{Copied, copy_secret, why};
use crate::exposed::Exposure;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::App;
use crate::t;

/// The field.
#[component]
pub fn ClientSecret(
    id: ItemId,
    name: String,
    presence: SecretPresence,
    /// Whether the user may add one.
    edits: bool,
) -> impl IntoView {
    let app = App::here();
    let shown = RwSignal::new_local(None::<Secret>);
    let exposure = Exposure::new(move || {
        shown.try_set(None);
    });
    let toggle = move |_| {
        if shown.with_untracked(Option::is_some) {
            exposure.end();
            return;
        }
        let name = name.clone();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            match open.reveal(&id, Use::Show).await {
                Ok(secret) if exposure.begin() => shown.set(Some(secret)),
                Ok(_) => {}
                Err(error) => app.fail(why(&error, &name)),
            }
        });
    };
    let copied = move || app.copied.get() == Some(Copied::Secret(id));
    if presence == SecretPresence::Missing {
        return view! {
            <div class="value-field" role="group" aria-labelledby="l-secret">
                <h3 id="l-secret">{t!("client-secret")}</h3>
                <div class="value-line">
                    <span class="muted">{t!("no-client-secret")}</span>
                    {edits
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| app.go(Route::Edit(id))
                                >
                                    {t!("add-one")}
                                </button>
                            }
                        })}
                </div>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="value-field" role="group" aria-labelledby="l-secret">
            <h3 id="l-secret">{t!("client-secret")}</h3>
            <div class="value-line">
                {move || {
                    shown.with(|secret| match secret {
                        Some(secret) => {
                            view! { <code class="secret" dir="ltr">{coloured(secret.as_str())}</code> }
                                .into_any()
                        }
                        None => {
                            view! { <span class="dots" aria-label=t!("hidden-value") role="img">"••••••••••••"</span> }
                                .into_any()
                        }
                    })
                }}
                <span class="value-buttons">
                    <button type="button" class="button" on:click=toggle>
                        {move || {
                            let icon =
                                if shown.with(Option::is_some) { Icon::EyeOff } else { Icon::Eye };
                            view! { <Glyph icon=icon /> }
                        }}
                        {move || if shown.with(Option::is_some) { t!("hide") } else { t!("show") }}
                    </button>
                    <button
                        type="button"
                        class="button"
                        class:done=copied
                        on:click=move |_| {
                            spawn_local(async move {
                                copy_secret(app, id).await;
                            });
                        }
                    >
                        {move || view! { <Glyph icon=if copied() { Icon::Check } else { Icon::Copy } /> }}
                        {t!("copy")}
                    </button>
                </span>
            </div>
            <Show when=move || shown.with(Option::is_some)>
                <div class="timebar" aria-hidden="true"><i></i></div>
                <p class="hint">{t!("nobody-sees")}</p>
            </Show>
        </div>
    }
    .into_any()
}

/// Digits and symbols apart from letters, so that 0 and O differ.
pub fn coloured(secret: &str) -> Vec<AnyView> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Letter,
        Digit,
        Symbol,
    }
    let kind = |c: char| match c {
        c if c.is_numeric() => Kind::Digit,
        c if c.is_alphabetic() || c.is_whitespace() => Kind::Letter,
        _ => Kind::Symbol,
    };
    let mut runs: Vec<(Kind, String)> = Vec::new();
    for c in secret.chars() {
        match runs.last_mut() {
            Some((last, run)) if *last == kind(c) => run.push(c),
            _ => runs.push((kind(c), c.to_string())),
        }
    }
    runs.into_iter()
        .map(|(kind, run)| match kind {
            Kind::Letter => run.into_any(),
            Kind::Digit => view! { <span class="digit">{run}</span> }.into_any(),
            Kind::Symbol => view! { <span class="symbol">{run}</span> }.into_any(),
        })
        .collect()
}
