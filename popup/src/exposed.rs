//! How long a client secret may stand on the screen: thirty seconds, five once the window lost the
//! focus, and not at all on a page that nobody sees.

use std::time::Duration;

use leptos::prelude::*;

const SHOWN: Duration = Duration::from_secs(30);
const AFTER_BLUR: Duration = Duration::from_secs(5);

/// Watches over one place for a client secret.
#[derive(Clone, Copy)]
pub struct Exposure {
    hide: Callback<()>,
    shown: StoredValue<bool>,
    limit: StoredValue<Option<TimeoutHandle>>,
    blurred: StoredValue<Option<TimeoutHandle>>,
}

impl Exposure {
    /// For the component one is in; `hide` takes the secret off the screen. It also runs when the
    /// component goes.
    pub fn new(hide: impl Fn() + Send + Sync + 'static) -> Self {
        let exposure = Self {
            hide: Callback::new(move |()| hide()),
            shown: StoredValue::new(false),
            limit: StoredValue::new(None),
            blurred: StoredValue::new(None),
        };
        let blur = window_event_listener(leptos::ev::blur, move |_| exposure.lost_focus());
        let focus = window_event_listener(leptos::ev::focus, move |_| clear(exposure.blurred));
        let hidden = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() {
                exposure.end();
            }
        });
        on_cleanup(move || {
            blur.remove();
            focus.remove();
            hidden.remove();
            exposure.end();
        });
        exposure
    }

    /// A secret is about to be shown. Not if the page was hidden while it was being opened.
    #[must_use]
    pub fn begin(&self) -> bool {
        if document().hidden() {
            return false;
        }
        self.shown.set_value(true);
        self.start(self.limit, SHOWN);
        if !document().has_focus().unwrap_or(false) {
            self.lost_focus();
        }
        true
    }

    /// Takes it off the screen.
    pub fn end(&self) {
        clear(self.limit);
        clear(self.blurred);
        if self.shown.try_update_value(|shown| std::mem::replace(shown, false)) == Some(true) {
            self.hide.run(());
        }
    }

    fn lost_focus(&self) {
        if self.shown.get_value() {
            self.start(self.blurred, AFTER_BLUR);
        }
    }

    fn start(&self, timer: StoredValue<Option<TimeoutHandle>>, wait: Duration) {
        clear(timer);
        let exposure = *self;
        timer.set_value(set_timeout_with_handle(move || exposure.end(), wait).ok());
    }
}

fn clear(timer: StoredValue<Option<TimeoutHandle>>) {
    timer.try_update_value(|timer| {
        if let Some(timer) = timer.take() {
            timer.clear();
        }
    });
}
