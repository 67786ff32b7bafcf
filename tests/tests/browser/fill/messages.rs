//! Messages: our own pages are heard, of every kind. A script of ours that ran in a page could send the
//! same. It is not heard: the page's process may be in other hands.

use mysafe_tests::browser::{View, Which};

use super::{HOME, Site};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{evaluate, row, see_clipboard, unlock};

/// Every kind that the background listens to; a test of invariants compares them with its code. The last
/// one locks.
const KINDS: [&str; 4] = ["sync", "clear-clipboard", "clipboard-cleared", "lock"];
/// What Chrome's page with a clipboard listens to.
const WRITE: &str = "write-clipboard";

/// What would be another if one of them were heard.
const STATE: &str = "Promise.all([chrome.alarms.getAll(), chrome.storage.session.get(), chrome.storage.local.get()])\
    .then(([alarms, held, kept]) =>\
    JSON.stringify([alarms.map(({ name }) => name).sort(), Boolean(held.key), kept['clear-clipboard-at']]))";

/// From the script's own world, which a page's script cannot reach; and from ours.
pub fn what_a_page_s_process_sends_is_not_heard(stage: &Stage, site: &Site, item: &ApiSecret) {
    stage.browser().open_page(&site.site.url(HOME, "/hostile/plain"));
    let popup = stage.popup_at_list();
    popup.within("row", &row(item)).click("button", "Copy client ID");
    see_clipboard(stage, &item.client_id);
    let before = evaluate(&popup, STATE);
    assert!(before.contains("true,1"), "unlocked, and to be cleared: {before}");
    let kinds = serde_json::json!(KINDS.iter().chain([&WRITE]).collect::<Vec<_>>());
    let sent = evaluate(
        &popup,
        &format!(
            "chrome.tabs.query({{ active: true, currentWindow: true }}).then(([{{ id }}]) =>\
             chrome.scripting.executeScript({{ target: {{ tabId: id }}, args: [{kinds}], func: async (kinds) => {{\
               const answers = [];\
               for (const kind of kinds) for (const message of [{{ kind }}, {{ kind, text: 'forged' }}])\
                 answers.push(await chrome.runtime.sendMessage(message).then(String, () => 'refused'));\
               return answers.join();\
             }} }})).then(([{{ result }}]) => result)"
        ),
    );
    assert_eq!(sent.split(',').count(), 2 * (KINDS.len() + 1), "{sent}");
    assert!(sent.split(',').all(|answer| ["undefined", "refused"].contains(&answer)), "{sent}");
    assert_eq!(evaluate(&popup, STATE), before);
    see_clipboard(stage, &item.client_id);
    popup.see("row", &row(item));
    the_same_from_our_own_page_is_heard(stage, &popup);
    popup.close();
}

/// Each is answered, so what is not answered was not heard.
fn the_same_from_our_own_page_is_heard(stage: &Stage, popup: &View) {
    let send = |message: &str| {
        evaluate(popup, &format!("chrome.runtime.sendMessage({message}).then(String)"))
    };
    if stage.browser().which() == Which::Chromium {
        assert_eq!(send("{ kind: 'write-clipboard', text: 'of ours' }"), "true");
        see_clipboard(stage, "of ours");
    }
    for kind in KINDS {
        assert_eq!(send(&format!("{{ kind: '{kind}' }}")), "true", "{kind}");
    }
    assert_eq!(send("{ kind: 'of nobody' }"), "false");
    popup.see("heading", "Unlock MySafe");
    unlock(popup);
}
