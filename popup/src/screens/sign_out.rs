//! Signing out, and what becomes of changes that are not on the server yet.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{SignOutError, sign_out, sync_now};

use crate::kit::dialog::Question;
use crate::screens::broken;
use crate::state::App;
use crate::t;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    No,
    Sure,
    Unsent(u32),
}

/// The button with its questions.
#[component]
pub fn SignOut() -> impl IntoView {
    let app = App::here();
    let asking = RwSignal::new(Asking::No);
    let leave = move |force: bool| {
        spawn_local(async move {
            match sign_out(force).await {
                Ok(()) => asking.set(Asking::No),
                Err(SignOutError::Unsent(count)) => asking.set(Asking::Unsent(count)),
                Err(SignOutError::Store(error)) => app.fail(broken::text(&error)),
            }
        });
    };
    view! {
        <button
            type="button"
            class="button danger-text"
            on:click=move |_| asking.set(Asking::Sure)
        >
            {t!("sign-out")}
        </button>
        {move || match asking.get() {
            Asking::No => ().into_any(),
            Asking::Sure => {
                view! {
                    <Question
                        title=t!("sign-out-question")
                        detail=t!("sign-out-detail")
                        yes=t!("sign-out")
                        no=t!("cancel")
                        danger=true
                        answer=move |yes| {
                            asking.set(Asking::No);
                            if yes {
                                leave(false);
                            }
                        }
                    />
                }
                    .into_any()
            }
            Asking::Unsent(count) => {
                view! {
                    <Question
                        title=t!("unsent", count = count)
                        detail=t!("unsent-detail")
                        yes=t!("sign-out-anyway")
                        no=t!("send-first")
                        danger=true
                        answer=move |anyway| {
                            asking.set(Asking::No);
                            if anyway {
                                leave(true);
                            } else {
                                spawn_local(async move {
                                    let status = sync_now().await;
                                    app.sync.set(status);
                                    if status.waiting == 0 {
                                        leave(false);
                                    } else {
                                        app.fail(t!("not-sent"));
                                    }
                                });
                            }
                        }
                    />
                }
                    .into_any()
            }
        }}
    }
}
