//! A form is open in one browser while the other changes the same item.

use mysafe_tests::browser::View;

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, row};

const LIST: &str = "popup/index.html#/api-secrets";
const TOLD: &str = "Changed on another browser. Your text is kept.";

/// Edit is open in one; the other rotates the client secret. What was typed is saved, and the new
/// secret stays. Both ways round, and what both changed is told.
pub fn a_form_open_meanwhile_loses_nothing(stage: &Stage, other: &Computer) {
    let kestrel = ApiSecret::of("Kestrel");
    let there = other.browser().open_tab(LIST);
    there.see("combobox", "Search");
    let here = stage.browser().open_tab(LIST);
    add(&here, &kestrel);
    // Nobody asks there: the server says that there is something.
    there.see("row", &row(&kestrel));
    here.gone("img", "Not on the server yet");

    let both = format!("“{}” was changed on two browsers.", kestrel.name);
    for (form, changer, secret, typed) in [
        (&here, &there, "rotated-in-firefox-1", "Typed in Chromium"),
        (&there, &here, "rotated-in-chromium-2", "Typed in Firefox"),
    ] {
        open_form(form, &kestrel);
        open_form(changer, &kestrel);
        changer.fill("textbox", "Client secret", secret);
        save(changer);
        form.see_text(TOLD);
        form.text_gone("It was changed. The history shows it.");
        form.click("button", "Compare");
        form.within("group", "Client secret").see_text("It was changed. The history shows it.");
        form.text_gone(secret);
        if std::ptr::eq(form, &here) {
            stage.sight("tab: changed meanwhile", &here);
        }
        form.fill("textbox", "Notes", typed);
        form.click("button", "Save");
        let details = form.within("article", "API secret details");
        details.see_text(typed);
        details.within("group", "Client secret").click("button", "Show");
        details.see_text(secret);
        details.click("button", "Back");
        form.within("row", &row(&kestrel)).gone("img", "Not on the server yet");
        assert!(!form.text().contains(&both), "different fields are merged silently");
    }

    open_form(&here, &kestrel);
    open_form(&there, &kestrel);
    there.fill("textbox", "Notes", "Notes of Firefox");
    save(&there);
    here.see_text(TOLD);
    here.click("button", "Compare");
    let notes = here.within("group", "Notes");
    notes.see_text("Typed in Firefox");
    notes.see_text("Notes of Firefox");
    here.fill("textbox", "Notes", "Notes of Chromium");
    save(&here);
    here.see_text(&both);
    here.close();
    there.close();
}

/// Compare does not show a client secret; Show does, for each of both, and Hide takes it away. Restore
/// in Firefox, and Chromium has it.
pub fn a_rotated_secret_is_masked_in_the_history_and_restored(stage: &Stage, other: &Computer) {
    let kestrel = ApiSecret::of("Kestrel");
    let (first, now) = ("-----BEGIN Kestrel qx74-----", "rotated-in-chromium-2");
    let here = stage.browser().open_tab(LIST);
    let there = other.browser().open_tab(LIST);
    for (view, restores) in [(&here, false), (&there, true)] {
        act(view, &kestrel, "History");
        let history = view.within("article", "History");
        history.click("button", "*Added");
        let group = history.within("group", "Client secret");
        group.see("button", "Show (Then)");
        view.text_gone(first);
        view.text_gone(now);
        group.click("button", "Show (Then)");
        group.see_text(first);
        view.text_gone(now);
        group.click("button", "Show (Now)");
        group.see_text(now);
        group.click("button", "Hide (Then)");
        view.text_gone(first);
        group.click("button", "Hide (Now)");
        view.text_gone(now);
        if restores {
            history.click("button", "Restore this version");
            view.within("alertdialog", "Restore this version of*").click("button", "Yes");
            view.see_text("Restored as a new version.");
            view.gone("img", "Not on the server yet");
        } else {
            history.click("button", "Back");
        }
    }
    act(&here, &kestrel, "View API secret");
    let details = here.within("article", "API secret details");
    details.see_text(kestrel.notes.lines().next().expect("a line"));
    details.within("group", "Client secret").click("button", "Show");
    details.see_text(first);
    here.close();
    there.close();
}

#[track_caller]
fn open_form(view: &View, item: &ApiSecret) {
    act(view, item, "Edit");
    view.see_value("textbox", "Client ID", &item.client_id);
}

/// Saves, and goes back to the list.
#[track_caller]
fn save(view: &View) {
    view.click("button", "Save");
    view.within("article", "API secret details").click("button", "Back");
}
