//! Signing out, and what becomes of changes that are not on the server yet.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{SignOutError, sign_out, sync_now};

use crate::frame::again;
use crate::kit::dialog::Question;
use crate::screens::broken;
use crate::state::App;
use crate::t;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    No,
    Sure,
    Unsent { changes: u32, drafts: u32 },
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
                Err(SignOutError::Unsent { changes, drafts }) => {
                    asking.set(Asking::Unsent { changes, drafts });
                }
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
            Asking::Unsent { changes: 0, drafts } => {
                view! {
                    <Question
                        title=t!("unsaved", count = drafts)
                        detail=t!("unsaved-detail")
                        yes=t!("sign-out-anyway")
                        no=t!("cancel")
                        danger=true
                        answer=move |anyway| {
                            asking.set(Asking::No);
                            if anyway {
                                leave(true);
                            }
                        }
                    />
                }
                    .into_any()
            }
            Asking::Unsent { changes, drafts } => {
                let ended = app.sync.with_untracked(|sync| sync.ended);
                let lost = if ended { t!("unsent-detail-ended") } else { t!("unsent-detail") };
                let drafts = (drafts > 0).then(|| t!("unsaved", count = drafts));
                let detail = [drafts, Some(lost)].into_iter().flatten().collect::<Vec<_>>();
                view! {
                    <Question
                        title=t!("unsent", count = changes)
                        detail=detail.join(" ")
                        yes=t!("sign-out-anyway")
                        no=if ended { t!("sign-in-again") } else { t!("send-first") }
                        danger=true
                        cancel=Callback::new(move |()| asking.set(Asking::No))
                        answer=move |anyway| {
                            asking.set(Asking::No);
                            if anyway {
                                leave(true);
                            } else if ended {
                                again(app);
                            } else {
                                spawn_local(send_first(app, leave));
                            }
                        }
                    />
                }
                    .into_any()
            }
        }}
    }
}

/// Signs out once everything is on the server.
async fn send_first(app: App, leave: impl Fn(bool)) {
    let status = sync_now().await;
    app.sync.set(status);
    match (status.waiting, status.ended) {
        (0, _) => leave(false),
        (_, true) => app.fail(t!("not-sent-ended")),
        (_, false) => app.fail(t!("not-sent")),
    }
}
