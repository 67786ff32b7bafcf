//! What one context hears of the others: changes by `BroadcastChannel`, the lock state and the
//! state of sync by `storage.session`.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::BroadcastChannel;

use crate::chrome::{get, off_storage_changed, on_storage_changed};
use crate::sync::{STATUS, SyncStatus};

const CHANNEL: &str = "mysafe-changes";

/// Something happened in another context, or in this one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The store holds something new.
    Changed,
    /// The vault was locked.
    Locked,
    /// The vault was unlocked.
    Unlocked,
    /// Sync stands elsewhere.
    Sync(SyncStatus),
}

/// Ends when dropped.
pub struct Subscription {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(JsValue)>,
    on_storage: Closure<dyn FnMut(JsValue, JsValue)>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.channel.close();
        off_storage_changed(self.on_storage.as_ref().unchecked_ref());
    }
}

/// Calls `listener` for every event until the subscription is dropped.
pub fn subscribe(listener: impl Fn(Event) + 'static) -> Subscription {
    let listener = Rc::new(listener);
    let channel = BroadcastChannel::new(CHANNEL).expect("every context has broadcast channels");
    let heard = Rc::clone(&listener);
    let on_message = Closure::<dyn FnMut(JsValue)>::new(move |_| heard(Event::Changed));
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    let on_storage =
        Closure::<dyn FnMut(JsValue, JsValue)>::new(move |changes: JsValue, area: JsValue| {
            if area.as_string().as_deref() == Some("session") {
                heard_of(&changes, &*listener);
            }
        });
    on_storage_changed(on_storage.as_ref().unchecked_ref());
    Subscription { channel, _on_message: on_message, on_storage }
}

fn heard_of(changes: &JsValue, listener: &impl Fn(Event)) {
    let key = get(changes, "key");
    if !key.is_undefined() {
        let locked = get(&key, "newValue").is_undefined();
        listener(if locked { Event::Locked } else { Event::Unlocked });
    }
    let status = get(changes, STATUS);
    if !status.is_undefined() {
        listener(Event::Sync(SyncStatus::of(&get(&status, "newValue"))));
    }
}

/// Tells the other contexts that the store holds something new.
pub fn announce_change() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}
