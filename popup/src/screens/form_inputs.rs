//! The eight fields of the form, each checked on leaving it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use mysafe_browser::{Field, Method, Target, complete_url};

use crate::dom;
use crate::kit::field::{Shape, TextField};
use crate::kit::icon::{Glyph, Icon};
use crate::kit::tags::TagField;
use crate::screens::form_fields::Fields;
use crate::screens::form_texts::problem;
use crate::state::App;
use crate::t;

/// What is wrong with which field.
pub type Errors = RwSignal<BTreeMap<Field, String>>;

/// The eight fields.
#[component]
pub fn Inputs(
    target: Target,
    fields: Fields,
    errors: Errors,
    typed: Callback<()>,
) -> impl IntoView {
    let app = App::here();
    // Only the owner changes the Identifier.
    let fixed = matches!(target, Target::Item(id) if app.open().and_then(|open| open.row(&id)).is_some_and(|row| row.others.is_some()));
    let error = move |field: Field| {
        Signal::derive(move || errors.with(|errors| errors.get(&field).cloned()))
    };
    // Leaving a field checks it, and only it.
    let left = move |field: Field| {
        Callback::new(move |()| {
            let Some(open) = app.open() else { return };
            let wrong = open.check(target, &fields.form());
            let here = wrong.iter().find(|error| error.field == field).map(problem);
            errors.update(|errors| {
                match here {
                    Some(text) => errors.insert(field, text),
                    None => errors.remove(&field),
                };
            });
        })
    };
    // A field that is typed into is wrong until it is left or saved again only if it was.
    let edited = move |field: Field| {
        Callback::new(move |()| {
            typed.run(());
            if errors.with_untracked(|errors| errors.contains_key(&field)) {
                left(field).run(());
            }
        })
    };
    let url_hint = RwSignal::new(None::<String>);
    let url_left = Callback::new(move |()| {
        if let Ok(address) = complete_url(&fields.url.get_untracked()) {
            if address.url != fields.url.get_untracked() {
                fields.url.set(address.url);
                typed.run(());
            }
            url_hint.set(match (address.dropped_query, address.added_scheme) {
                (true, _) => Some(t!("query-dropped")),
                (false, true) => Some(t!("scheme-added")),
                (false, false) => None,
            });
        }
        left(Field::Url).run(());
    });
    let spaces = RwSignal::new(false);
    let pasted = Callback::new(move |()| {
        spaces.set(fields.client_secret.with_untracked(|text| text.trim() != text));
    });
    view! {
        <TextField
            id="f-name"
            label=t!("name")
            value=fields.name
            error=error(Field::Name)
            required=true
            left=left(Field::Name)
            typed=edited(Field::Name)
        />
        <TextField
            id="f-url"
            label=t!("url")
            value=fields.url
            error=error(Field::Url)
            hint=url_hint
            required=true
            ltr=true
            inputmode="url"
            left=url_left
            typed=edited(Field::Url)
        />
        <TextField
            id="f-client-id"
            label=t!("client-id")
            value=fields.client_id
            error=error(Field::ClientId)
            required=true
            ltr=true
            left=left(Field::ClientId)
            typed=edited(Field::ClientId)
        />
        <TextField
            id="f-client-secret"
            label=t!("client-secret")
            value=fields.client_secret
            error=error(Field::ClientSecret)
            shape=Shape::Secret
            left=left(Field::ClientSecret)
            typed=edited(Field::ClientSecret)
            pasted=pasted
        />
        <Show when=move || spaces.get()>
            <p class="spaces" role="status">
                <span>{t!("outer-spaces")}</span>
                <button
                    type="button"
                    class="link"
                    on:click=move |_| {
                        fields.client_secret.update(|text| *text = text.trim().to_owned());
                        spaces.set(false);
                        typed.run(());
                        dom::focus("f-client-secret");
                    }
                >
                    {t!("remove-spaces")}
                </button>
            </p>
        </Show>
        <TextField
            id="f-identifier"
            label=t!("identifier")
            value=fields.identifier
            error=error(Field::Identifier)
            hint=Signal::derive(move || fixed.then(|| t!("identifier-of-owner")))
            fixed=fixed
            left=left(Field::Identifier)
            typed=edited(Field::Identifier)
        />
        <div class="field">
            <label for="f-method">{t!("method")}</label>
            <div class="control select">
                <select
                    id="f-method"
                    prop:value=move || fields.method.get()
                    on:change=move |event| {
                        fields.method.set(event_target_value(&event));
                        typed.run(());
                    }
                >
                    <option value="" selected=move || fields.method.with(String::is_empty)>
                        {t!("none")}
                    </option>
                    {Method::ALL
                        .map(|method| {
                            let text = method.to_string();
                            let (value, chosen) = (text.clone(), text.clone());
                            view! {
                                <option
                                    value=value
                                    selected=move || fields.method.with(|method| *method == chosen)
                                >
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()}
                    // One that another version of MySafe wrote stays until another is chosen.
                    {move || {
                        fields
                            .method
                            .with(|method| method.parse().ok())
                            .filter(|method| matches!(method, Method::Other(_)))
                            .map(|method| {
                                let text = method.to_string();
                                let value = text.clone();
                                view! {
                                    <option value=value selected=true>
                                        {text}
                                    </option>
                                }
                            })
                    }}
                </select>
                <Glyph icon=Icon::Down />
            </div>
        </div>
        <TagField
            id="f-tags"
            label=t!("tags")
            tags=fields.tags
            typing=fields.tag
            error=error(Field::Tags)
            changed=edited(Field::Tags)
        />
        <TextField
            id="f-notes"
            label=t!("notes")
            value=fields.notes
            error=error(Field::Notes)
            shape=Shape::Area
            left=left(Field::Notes)
            typed=edited(Field::Notes)
        />
    }
}
