//! Changes that the server does not take for now: each says why it waits, that nothing is lost, and where to
//! go.

use mysafe::protocol::bodies::Permission;
use mysafe::sync::Remote as _;
use mysafe::vault::Share;
use mysafe_tests::browser::View;
use mysafe_tests::client::{Device, finish};

use super::people::LIST;
use crate::items::ApiSecret;
use crate::lost::restored::sign_in_again;
use crate::stage::{Look, Stage};
use crate::steps::{EMAIL, act, add, edit_notes, evaluate, row};

const CONFIRM: &str = "Waits: confirm your email.";

/// The server was restored to before the owner's mailbox was confirmed: it takes no list that gives access. The
/// notice leads to the mailbox dialog, and the item goes out by itself once that is answered.
pub fn the_restored_server_asks_for_the_mailbox(stage: &mut Stage, item: &ApiSecret, look: Look) {
    stage.stop_server();
    stage.put_back();
    stage.start_server();
    let notice = format!("Changes of “{}”, and perhaps of other shared items, wait", item.name);

    sign_in_again(stage, &stage.popup_at_list(), item);
    let tab = stage.browser().open_tab(LIST);
    tab.see_text(&notice);
    tab.within("row", &row(item)).see_text(CONFIRM);
    look(stage, &tab, "tab: waits for the mailbox");
    act(&tab, item, "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text("This change waits in this browser until you confirm your email.");
    look(stage, &tab, "tab: waits for the mailbox, details");
    // Once the notice is closed, the details have the way, and it does not come back with the next sync.
    details.gone("button", "Confirm email");
    tab.within("alert", "").click("button", "Close");
    tab.text_gone(&notice);
    details.click("button", "Confirm email");
    tab.within("dialog", "Confirm your email").click("button", "Close");
    tab.gone("dialog", "*");
    tab.close();

    let popup = stage.popup_at_list();
    let line = popup.within("row", &row(item));
    line.see_text(CONFIRM);
    look(stage, &popup, "popup: waits for the mailbox");
    act(&popup, item, "Confirm email");
    let dialog = popup.within("dialog", "Confirm your email");
    dialog.see_text(&format!("Enter the code that was sent to {EMAIL}."));
    dialog.click("button", "Send a new code");
    popup.see_text(&format!("Code sent to {EMAIL}."));
    let code = stage.mails().next_code_to(EMAIL, "Confirm your email for MySafe");
    look(stage, &popup, "popup: mailbox dialog");
    dialog.fill("textbox", "Code from the email", "1234");
    dialog.click("button", "Confirm email");
    let wrong = "This is not the code of the last email, or it is older than 10 minutes.";
    dialog.see_description("textbox", "Code from the email", wrong);
    look(stage, &popup, "popup: mailbox dialog, wrong code");
    dialog.fill("textbox", "Code from the email", &code);
    dialog.click("button", "Confirm email");
    popup.gone("dialog", "*");
    popup.see_text("Email confirmed.");
    line.see_text("example");
    popup.text_gone(CONFIRM);
    popup.text_gone(&notice);
    popup.close();
}

/// Account, owner's account and item, full one after the other, with names that need room.
pub fn whatever_is_full_is_told(stage: &mut Stage, bea: &mut Device, item: &ApiSecret, look: Look) {
    let server = stage.recorder.upstream().to_string();
    let theirs = ApiSecret::of("Lynx");
    let id = bea.add(&theirs.name);
    bea.sync(&server);
    let ana = finish(bea.remote(&server).people(EMAIL)).expect("an answer").people.remove(0).user;
    let share = Share { user: ana, permission: Permission::Edit, until: None };
    let shared = bea.with(&server, |sync| finish(sync.share(&id, &[share])));
    shared.expect("an answer").expect("shared");
    let long = ApiSecret {
        name: format!("Integração de cobrança ção 🔑🦊 {}", "comprida ".repeat(10)).trim().into(),
        ..ApiSecret::of("Ocelot")
    };
    let often = ApiSecret { name: "Çédille de test 🦡".to_owned(), ..ApiSecret::of("Marten") };
    let tab = stage.browser().open_tab(LIST);
    add(&tab, &often);
    tab.within("row", &row(&often)).gone("img", "Not on the server yet");
    tab.see("row", &row(&theirs));

    stage.limit("MYSAFE_ITEM_REVISIONS_PER_DAY", Some("1"));
    edit_notes(&tab, &often, "Changed too often");
    let told = |view: &View, item: &ApiSecret, line: &str, notice: &str| {
        view.see_text(notice);
        let row = view.within("row", &row(item));
        row.see_text(line);
        row.see("img", "Not on the server yet");
    };
    let too_often = (
        "Waits until tomorrow.",
        format!("“{}”, and perhaps other items, were changed too often", often.name),
    );
    told(&tab, &often, too_often.0, &too_often.1);
    stage.limit("MYSAFE_ITEM_REVISIONS_PER_DAY", None);
    // The edit goes out with the next sync: nothing more is said of it.
    tab.text_gone(&too_often.1);

    stage.limit("MYSAFE_ACCOUNT_ITEMS", Some("1"));
    add(&tab, &long);
    // A long name loses its middle.
    let items = (
        "Waits: too many items.",
        "Your account takes no more items. “Integração de cobrança".to_owned(),
    );
    told(&tab, &long, items.0, &items.1);
    stage.limit("MYSAFE_ITEM_REVISIONS_PER_DAY", Some("1"));
    edit_notes(&tab, &often, "Changed too often again");
    told(&tab, &often, too_often.0, &too_often.1);
    stage.limit("MYSAFE_ITEM_REVISIONS_PER_DAY", None);
    stage.limit("MYSAFE_ACCOUNT_BYTES", Some("1"));
    edit_notes(&tab, item, "No room for this");
    // One notice for all items.
    let bytes = (
        "Waits: your account is full.",
        "Your account on the server is full. Changes of “".to_owned(),
    );
    told(&tab, item, bytes.0, &bytes.1);
    act(&tab, &theirs, "Edit");
    tab.fill("textbox", "Notes", "No room for this either");
    tab.click("button", "Save");
    let details = tab.within("article", "API secret details");
    details.see_text("No room for this either");
    details.click("button", "Back");
    let owner = (
        "Waits: owner's account is full.",
        format!("Your change of their item “{}” waits in this browser", theirs.name),
    );
    told(&tab, &theirs, owner.0, &owner.1);
    // It waits for something else now.
    tab.text_gone(&too_often.1);
    look(stage, &tab, "tab: full, several");
    act(&tab, &long, "View API secret");
    tab.within("article", "API secret details")
        .see_text("Your account takes no more items. This one waits");
    look(stage, &tab, "tab: full, details");
    tab.click("button", "Back");
    tab.close();

    let popup = stage.popup_at_list();
    popup.see_text(&owner.1);
    look(stage, &popup, "popup: full, several");
    // The list keeps room for a row at least, however many notices there are.
    let height = "String(document.querySelector('.panes').getBoundingClientRect().height >= 200)";
    assert_eq!(evaluate(&popup, height), "true");
    let acts = popup.within("group", &format!("{}*", items.1));
    acts.click("button", "Try again");
    popup.see_text("There is still no room. Your changes wait in this browser.");
    stage.limit("MYSAFE_ACCOUNT_BYTES", None);
    stage.limit("MYSAFE_ACCOUNT_ITEMS", None);
    // With room it goes out by itself.
    for (line, notice) in [items, bytes, owner, too_often] {
        popup.text_gone(&notice);
        popup.text_gone(line);
    }
    popup.gone("img", "Not on the server yet");
    popup.close();
}
