//! Further addresses of an item in its details, each to be taken away.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, sync_now};

use crate::kit::button::IconButton;
use crate::kit::icon::Icon;
use crate::screens::disable::why;
use crate::state::App;
use crate::t;

/// The list; nothing where there is none.
#[component]
pub fn FurtherAddresses(id: ItemId, addresses: Vec<String>) -> impl IntoView {
    let app = App::here();
    if addresses.is_empty() {
        return ().into_any();
    }
    // With the right the details change, and this with them.
    let edits = untrack(|| app.may_edit(&id));
    let lines = addresses.into_iter().map(move |address| {
        let (name, gone) = (address.clone(), address.clone());
        view! {
            <li class="value-line">
                <bdi dir="ltr">{address}</bdi>
                {edits
                    .then(|| {
                        view! {
                            <IconButton
                                name=Signal::derive(move || {
                                    t!("remove-address", address = name.as_str())
                                })
                                icon=Signal::derive(|| Icon::Close)
                                act=move |_| spawn_local(remove(app, id, gone.clone()))
                            />
                        }
                    })}
            </li>
        }
    });
    view! {
        <div class="value-field" role="group" aria-labelledby="l-further">
            <h3 id="l-further">{t!("further-addresses")}</h3>
            <ul class="further">{lines.collect_view()}</ul>
            <p class="hint">{t!("further-addresses-hint")}</p>
        </div>
    }
    .into_any()
}

async fn remove(app: App, id: ItemId, address: String) {
    let Some(open) = app.open() else { return };
    match open.remove_address(id, &address).await {
        Ok(_) => {
            let name = open.name_of(&id).unwrap_or_default();
            app.changed();
            app.say(t!("address-removed", address = address, name = name));
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}
