//! A script of ours that ran in a page could send what our own pages send. It is not heard: the page's
//! process may be in other hands.

use mysafe_tests::browser::View;

use super::{HOME, Site};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{row, see_clipboard};

/// Every kind that one of our contexts listens to.
const KINDS: &str = "['sync', 'lock', 'clear-clipboard', 'clipboard-cleared', 'write-clipboard']";

/// What would be another if one of them were heard.
const STATE: &str = "Promise.all([chrome.alarms.getAll(), chrome.storage.session.get()]).then(([alarms, held]) =>\
    JSON.stringify([alarms.map(({ name }) => name).sort(), Boolean(held.key), held['clear-clipboard-at']]))";

/// From the script's own world, which a page's script cannot reach.
pub fn what_a_page_s_process_sends_is_not_heard(stage: &Stage, site: &Site, item: &ApiSecret) {
    stage.browser().open_page(&site.site.url(HOME, "/hostile/plain"));
    let popup = stage.popup_at_list();
    popup.within("row", &row(item)).click("button", "Copy client ID");
    see_clipboard(stage, &item.client_id);
    let before = evaluate(&popup, STATE);
    assert!(before.contains("true"), "{before}");
    let sent = evaluate(
        &popup,
        &format!(
            "chrome.tabs.query({{ active: true, currentWindow: true }}).then(([{{ id }}]) =>\
             chrome.scripting.executeScript({{ target: {{ tabId: id }}, args: [{KINDS}], func: async (kinds) => {{\
               const answers = [];\
               for (const kind of kinds) for (const message of [{{ kind }}, {{ kind, text: 'forged' }}])\
                 answers.push(await chrome.runtime.sendMessage(message).then(String, () => 'refused'));\
               return answers.join();\
             }} }})).then(([{{ result }}]) => result)"
        ),
    );
    assert_eq!(sent.split(',').count(), 10, "{sent}");
    assert!(sent.split(',').all(|answer| ["undefined", "refused"].contains(&answer)), "{sent}");
    assert_eq!(evaluate(&popup, STATE), before);
    see_clipboard(stage, &item.client_id);
    popup.see("row", &row(item));
    popup.close();
}

#[track_caller]
fn evaluate(view: &View, expression: &str) -> String {
    view.evaluate_as_extension(expression).unwrap_or_else(|gone| panic!("{}", gone.0))
}
