//! A version in the history of an item, and how it differs from what is there now.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Difference, Field, Secret, VersionView};

use crate::copying;
use crate::dates::{exact, relative};
use crate::exposed::Exposure;
use crate::screens::form_texts::label;
use crate::screens::history::{Shown, there};
use crate::screens::secret::coloured;
use crate::state::App;
use crate::t;

/// Gives out the client secret of a version of what is shown.
pub fn shown_secret(app: App, shown: Shown) -> Reveal {
    Rc::new(move |place, then| {
        let (Some(history), Some(open)) = (there(shown), app.open()) else { return };
        let name = open.name_of(&history.id).unwrap_or_default();
        spawn_local(async move {
            match open.reveal_version(&history, place).await {
                Ok(secret) => then(secret),
                Err(error) => app.fail(copying::why(&error, &name)),
            }
        });
    })
}

/// Gives the client secret of the version at a place to whoever shows it.
pub type Reveal = Rc<dyn Fn(usize, Box<dyn FnOnce(Secret)>)>;

/// What makes a version the same one in the list: all of it but what it changed, for that shows
/// only once the version before it is there.
pub fn same(version: &VersionView) -> VersionView {
    VersionView { changed: Vec::new(), status_changed: false, ..version.clone() }
}

/// The id of the button that opens the version at a place.
pub fn head_id(place: usize) -> String {
    format!("version-head-{place}")
}

/// A version, closed; open, it stands beside what is there now.
pub fn entry(
    reveal: Reveal,
    version: VersionView,
    versions: Memo<Vec<VersionView>>,
    inactive: Memo<bool>,
    edits: Memo<bool>,
    restore: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let place = version.place;
    let changed = move || versions.with(|versions| versions.get(place).map(what));
    let when = version.when.clone();
    let (time, by) = (relative(when.at), when.by.clone());
    let heading = t!("when-by", when = time, by = by);
    let controls = format!("version-{place}");
    let differences = StoredValue::new(version.differences.clone());
    let reveal = StoredValue::new_local(reveal);
    view! {
        <li class="version">
            <button
                id=head_id(place)
                type="button"
                class="version-head"
                aria-expanded=move || open.get().to_string()
                aria-controls=controls.clone()
                disabled=place == 0 || version.unreadable
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="version-when" title=exact(when.at)>{heading}</span>
                {(place == 0).then(|| view! { <span class="mark-text">{t!("version-now")}</span> })}
                {version.waiting.then(|| view! { <span class="mark-text">{t!("waiting")}</span> })}
                {version.only_here.then(|| view! { <span class="mark-text">{t!("only-here")}</span> })}
                {version.inactive.then(|| view! { <span class="mark-text">{t!("inactive")}</span> })}
                <span class="version-what">
                    {if version.unreadable {
                        t!("version-unreadable").into_any()
                    } else {
                        changed.into_any()
                    }}
                </span>
            </button>
            <Show when=move || open.get()>
                <div class="version-body" id=controls.clone()>
                    {differences
                        .with_value(|differences| {
                            differences
                                .iter()
                                .map(|difference| {
                                    compared(reveal.get_value(), place, difference.clone(), inactive.get())
                                })
                                .collect_view()
                        })}
                    {differences
                        .with_value(Vec::is_empty)
                        .then(|| view! { <p class="hint">{t!("same-as-now")}</p> })}
                    <Show when=move || edits.get()>
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| restore(place)
                        >
                            {t!("restore-version")}
                        </button>
                    </Show>
                </div>
            </Show>
        </li>
    }
}

/// What a version changed, in words.
fn what(version: &VersionView) -> String {
    if version.first {
        return t!("version-first");
    }
    let mut words: Vec<String> = version.changed.iter().map(|field| label(*field)).collect();
    if version.status_changed {
        words.push(if version.inactive { t!("was-disabled") } else { t!("was-enabled") });
    }
    words.join(", ")
}

/// A field that is no secret, as it was and as it is.
pub fn values(difference: Difference) -> AnyView {
    let name = label(difference.field);
    let value = |title: String, text: String| {
        let at = text.parse().ok().filter(|_| difference.field == Field::Expires);
        let text = at.map_or(text, |seconds: u64| exact(seconds * 1_000));
        view! {
            <div class="then-or-now">
                <h3>{title}</h3>
                {if text.is_empty() {
                    view! { <p class="muted">{t!("none")}</p> }.into_any()
                } else {
                    view! { <p dir="auto">{text}</p> }.into_any()
                }}
            </div>
        }
    };
    view! {
        <div class="compared" role="group" aria-label=name.clone()>
            <h2>{name.clone()}</h2>
            {value(t!("then"), difference.then)}
            {value(t!("now"), difference.now)}
        </div>
    }
    .into_any()
}

/// A field as it was and as it is. A client secret stays hidden until one asks for it.
fn compared(reveal: Reveal, place: usize, difference: Difference, inactive: bool) -> AnyView {
    let name = label(difference.field);
    if difference.field != Field::ClientSecret {
        return values(difference);
    }
    view! {
        <div class="compared" role="group" aria-label=name.clone()>
            <h2>{name.clone()}</h2>
            {if inactive {
                view! { <p class="muted">{t!("inactive-hidden")}</p> }.into_any()
            } else {
                view! {
                    <Hidden title=t!("then") place=place reveal=reveal.clone() />
                    <Hidden title=t!("now") place=0 reveal=reveal />
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Hidden(title: String, place: usize, reveal: Reveal) -> impl IntoView {
    let shown = RwSignal::new_local(None::<Secret>);
    let exposure = Exposure::new(move || {
        shown.try_set(None);
    });
    let toggle = move |_| {
        if shown.with_untracked(Option::is_some) {
            exposure.end();
            return;
        }
        reveal(
            place,
            Box::new(move |secret| {
                if exposure.begin() {
                    shown.try_set(Some(secret));
                }
            }),
        );
    };
    view! {
        <div class="then-or-now">
            <h3>{title.clone()}</h3>
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
                <button type="button" class="button" aria-label=move || {
                    let act = if shown.with(Option::is_some) { t!("hide") } else { t!("show") };
                    format!("{act} ({title})")
                } on:click=toggle>
                    {move || if shown.with(Option::is_some) { t!("hide") } else { t!("show") }}
                </button>
            </div>
        </div>
    }
}
