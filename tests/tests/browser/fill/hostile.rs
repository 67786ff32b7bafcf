//! Hostile pages, one after the other: no value without a gesture, none on another origin without the
//! question, none in a frame, and nothing in any page that was not there before.

use mysafe_tests::browser::View;

use super::hostile_pages::{DOCUMENTS, Outcome, PAGES};
use super::{HOME, Site, choose, in_page, named};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::row;

const SECRET: &str = "Fill client secret";

/// All of them.
pub fn no_page_gets_what_it_was_not_given(stage: &Stage, site: &Site, items: &[ApiSecret; 3]) {
    for (name, _, outcome) in PAGES {
        println!("page: {name}");
        one(stage, site, &items[0], name, outcome);
    }
    for (name, _, _, outcome) in DOCUMENTS {
        println!("document: {name}");
        one(stage, site, &items[0], name, outcome);
    }
    tricks_and_forged_messages_change_nothing(stage, site, items);
    a_page_that_is_not_the_items_is_asked_about(stage, site, items);
    a_page_that_is_left_meanwhile_gets_nothing(stage, site, &items[1]);
    some_pages_are_never_filled(stage, items);
}

/// On a page of the item's own host, at the user's wish.
fn one(stage: &Stage, site: &Site, item: &ApiSecret, name: &str, outcome: Outcome) {
    let page = open(stage, &site.site.url(HOME, &format!("/hostile/{name}")));
    let before = state(&page);
    let popup = choose(stage, item, SECRET);
    let filled = format!("Client secret of “{}” filled.", item.name);
    let told = match &outcome {
        Outcome::Filled => std::slice::from_ref(&filled).iter().map(String::as_str).collect(),
        Outcome::Says(texts) => texts.to_vec(),
    };
    popup.wait_until(&format!("{name}: {told:?}"), |popup| {
        let text = popup.text();
        told.iter().any(|told| text.contains(told))
    });
    popup.close();
    let values = values(&page);
    match outcome {
        Outcome::Filled => {
            let with = values.iter().filter(|value| **value == item.client_secret).count();
            assert_eq!(with, 1, "{name}: {values:?}");
        }
        Outcome::Says(_) => {
            let found = values.iter().any(|value| value.contains("qx75"));
            assert!(!found, "{name}: {values:?}");
        }
    }
    assert_eq!(in_page(&page, "(globalThis.heard ?? []).join()"), "", "{name}");
    assert!(before == state(&page), "{name}: the document is another one now");
}

/// Addresses made to be misread, and messages made up.
fn tricks_and_forged_messages_change_nothing(stage: &Stage, site: &Site, items: &[ApiSecret; 3]) {
    for name in ["tricks", "forged"] {
        println!("page: {name}");
        let id = stage.browser().extension_url("");
        let id = id.split('/').nth(2).unwrap_or_default();
        let page = open(stage, &site.site.url(HOME, &format!("/hostile/{name}?{id}")));
        let before = state(&page);
        let popup = stage.popup_at_list();
        popup.see("row", &format!("{}Exact address*", row(&items[0])));
        // Below the page's own: what the page names is read once this is told.
        popup.see("row", &row(&items[1]));
        assert!(!popup.has("row", &named(&items[1])), "{name}: {}", popup.dump());
        popup.close();
        assert_eq!(in_page(&page, "(globalThis.heard ?? []).join()"), "", "{name}");
        assert!(before == state(&page), "{name}: the document is another one now");
        let values = values(&page);
        assert!(!values.iter().any(|value| value.contains("qx75")), "{name}: {values:?}");
        assert!(name != "forged" || values == [""], "{values:?}");
    }
}

/// Its name begins with that of the item's host.
fn a_page_that_is_not_the_items_is_asked_about(stage: &Stage, site: &Site, items: &[ApiSecret; 3]) {
    let host = format!("{HOME}.evil.test");
    let page = open(stage, &site.site.url(&host, "/hostile/plain"));
    let popup = choose(stage, &items[0], SECRET);
    popup.within("alertdialog", &format!("Fill on {host}:*")).click("button", "No");
    popup.gone("alertdialog", "*");
    popup.close();
    assert_eq!(values(&page), [""]);
    // https is never filled into http, so there is nothing to choose.
    let popup = stage.popup_at_list();
    popup.within("row", &row(&items[1])).click("button", "Actions");
    popup.see("menuitem", "Edit");
    assert!(!popup.has("menuitem", "Fill*"), "{}", popup.dump());
    popup.close();

    // One line for several: nothing of it is filled.
    let page = open(stage, &site.console("/hostile/plain"));
    let popup = choose(stage, &items[2], SECRET);
    popup.within("alertdialog", "Fill on*").click("button", "Fill once");
    popup.see_text("The client secret has several lines and the field has one. Copy it instead.");
    popup.close();
    assert_eq!(values(&page), [""]);
}

/// The answer was about another page.
fn a_page_that_is_left_meanwhile_gets_nothing(stage: &Stage, site: &Site, item: &ApiSecret) {
    let page = open(stage, &site.console("/hostile/plain"));
    let popup = choose(stage, item, SECRET);
    let question = popup.within("alertdialog", "Fill on*");
    question.see("button", "Fill once");
    let other = site.site.url(HOME, "/hostile/plain");
    in_page(&page, &format!("location.href = {other:?}"));
    page.wait_until("the page goes elsewhere", |page| page.address() == other);
    page.wait_until("it has its field", |page| page.count("textbox", "Secret") == Some(1));
    question.click("button", "Fill once");
    // Without the new page's address MySafe knows no page; where it is told, it asks again.
    popup.wait_until("nothing is filled", |popup| {
        popup.text().contains("Only web pages can be filled.")
            || popup.has("alertdialog", &format!("Fill on {HOME}*"))
    });
    popup.close();
    assert_eq!(values(&page), [""]);
}

/// No web page.
fn some_pages_are_never_filled(stage: &Stage, items: &[ApiSecret; 3]) {
    let page = stage.browser().open_page("data:text/html,<input%20autofocus>");
    let popup = stage.popup_at_list();
    popup.within("row", &row(&items[0])).click("button", "Actions");
    popup.see("menuitem", "Edit");
    assert!(!popup.has("menuitem", "Fill*"), "{}", popup.dump());
    popup.close();
    assert_eq!(in_page(&page, "document.querySelector('input').value"), "");
}

#[track_caller]
fn open(stage: &Stage, url: &str) -> View {
    stage.browser().open_page(url)
}

/// The document, and how often it was changed.
fn state(page: &View) -> String {
    // As JSON: half a character is none that a test could be handed.
    in_page(page, "JSON.stringify((globalThis.changes ?? 0) + document.documentElement.outerHTML)")
}

/// The values of all fields, those in shadow trees and frames of the page's origin among them; by
/// functions that the page has left alone.
fn values(page: &View) -> Vec<String> {
    let script = "JSON.stringify((function values(root) { const all = [];\
        for (const part of Document.prototype.querySelectorAll.call(root, '*')) {\
          if (part instanceof HTMLInputElement && !['hidden', 'submit'].includes(part.getAttribute('type')))\
            all.push(Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').get.call(part));\
          else if (part.isContentEditable) all.push(part.textContent);\
          else if (part.shadowRoot instanceof ShadowRoot) all.push(...inside(part.shadowRoot));\
          else if (part.contentDocument) all.push(...[...part.contentDocument.querySelectorAll('input')].map((field) => field.value)); }\
        function inside(root) { return [...root.querySelectorAll('*')].flatMap((part) => part.shadowRoot ? inside(part.shadowRoot) : part.localName === 'input' ? [part.value] : []) }\
        return all; })(document))";
    serde_json::from_str(&in_page(page, script)).expect("a list of texts")
}
