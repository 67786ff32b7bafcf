//! The popup before there is an account: one way, into the full tab.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::open_in_tab;

use crate::kit::icon::Mark;
use crate::route::Route;
use crate::t;

/// The screen.
#[component]
pub fn SetUp() -> impl IntoView {
    crate::dom::focus_soon("set-up");
    view! {
        <main class="card-screen">
            <div class="card plain">
                <Mark size=48 />
                <h1>{t!("mysafe")}</h1>
                <p>{t!("set-up-text")}</p>
                <button
                    id="set-up"
                    type="button"
                    class="button fill wide"
                    on:click=|_| {
                        spawn_local(async {
                            if open_in_tab(&Route::Welcome.hash()).await.is_ok() {
                                crate::dom::close();
                            }
                        });
                    }
                >
                    {t!("set-up")}
                </button>
            </div>
        </main>
    }
}
