//! Every way back in: the recovery code on another browser, a new master password, a new code, and
//! what the other browsers keep meanwhile.

use mysafe_tests::browser::View;

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{
    EMAIL, PASSWORD, act, add, evaluate, give_server, keep_code, row, see_after_hashing, sign_in,
};

const SECOND: &str = "Marble-heron 63 quiet anvils";
const THIRD: &str = "Copper-wombat 27 loud ferries";
const LIST: &str = "popup/index.html#/api-secrets";

/// Without mail an administrator confirms a mailbox; with it, the digits that were mailed there do.
pub fn one_s_own_mailbox(stage: &mut Stage) {
    let settings = "popup/index.html#/settings";
    let tab = stage.browser().open_tab(settings);
    tab.see_text("Ask your administrator to confirm it.");
    tab.close();
    stage.set_mail_up();
    let tab = stage.browser().open_tab(settings);
    tab.click("button", "Send a new code");
    tab.see_text("Code sent to ana@example.com.");
    let code = stage.mails().next_code("Confirm your email for MySafe");
    tab.fill("textbox", "Code from the email", "1234");
    tab.click("button", "Confirm email");
    let wrong = "This is not the code of the last email, or it is older than 10 minutes.";
    tab.see_description("textbox", "Code from the email", wrong);
    stage.sight("settings: mailbox", &tab);
    tab.fill("textbox", "Code from the email", &code);
    tab.click("button", "Confirm email");
    tab.see_text("Your email is confirmed.");
    tab.close();
}

/// Two browsers are signed in, and an edit waits in one of them; on a third, the account is recovered
/// with its code.
pub fn with_the_code_on_a_third_browser(
    stage: &mut Stage,
    other: &Computer,
    third: &Computer,
    code: &[String],
) {
    let item = ApiSecret::of("Osprey");
    let popup = stage.popup_at_list();
    add(&popup, &item);
    popup.gone("img", "Not on the server yet");
    let tab = other.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &tab);
    tab.see("row", &row(&item));
    tab.close();
    stage.stop_server();
    act(&popup, &item, "Edit");
    popup.see_value("textbox", "Notes", &item.notes);
    popup.fill("textbox", "Notes", "Never sent before");
    popup.click("button", "Save");
    popup.within("article", "API secret details").see_text("Never sent before");
    popup.close();
    stage.start_server();

    let tab = third.browser().wait_for_tab("popup/index.html#/welcome");
    give_server(&tab, &stage.recorder.url());
    tab.click("button", "Use recovery code");
    tab.fill("textbox", "Email", EMAIL);
    tab.press("Tab");
    let mut wrong = code.to_vec();
    // One wrong letter: the check symbol tells it always, two groups in each other's place not always.
    let other = if wrong[0].starts_with('7') { "8" } else { "7" };
    wrong[0].replace_range(..1, other);
    tab.fill("textbox", "Recovery code", &wrong.join(" "));
    tab.click("button", "Continue");
    let told = "One letter or digit is wrong. Compare it with what you kept.";
    tab.see_description("textbox", "Recovery code", told);
    tab.fill("textbox", "Recovery code", &code.join(" ").to_lowercase());
    tab.click("button", "Continue");
    tab.fill("textbox", "Master password", SECOND);
    tab.see_text("Strong.");
    tab.click("button", "Continue");
    see_after_hashing(&tab, "heading", "Check your email");
    assert_eq!(tab.axe(), Vec::<String>::new());
    let mailed = stage.mails().next_code("Your code to recover your MySafe account");
    tab.fill("textbox", "Code from the email", "0000 000");
    tab.click("button", "Continue");
    see_after_hashing(&tab, "button", "Continue");
    let told = "This is not the code of the last email, or it is older than 10 minutes.";
    tab.see_description("textbox", "Code from the email", told);
    tab.fill("textbox", "Code from the email", &mailed);
    tab.click("button", "Continue");
    let new = keep_code(&tab);
    assert_ne!(new, code, "a new code");
    tab.click("button", "Recover account");
    see_after_hashing(&tab, "row", &row(&item));
    tab.see_text("Your account is open.");
    tab.close();
    assert!(stage.mails().next().contains("Subject: Your MySafe account was recovered"));
}

/// The sign-ins of both were ended by that: the first keeps its edit until one has signed in again.
pub fn what_waits_elsewhere_is_kept(stage: &Stage, others: &[&Computer; 2]) {
    let item = ApiSecret::of("Osprey");
    let tab = sign_in_again(stage, PASSWORD, SECOND);
    tab.gone("img", "Not on the server yet");
    act(&tab, &item, "View API secret");
    tab.within("article", "API secret details").see_text("Never sent before");
    tab.close();
    sign_in_again(others[0], PASSWORD, SECOND).close();
    for other in others {
        let there = other.browser().open_tab(LIST);
        act(&there, &item, "View API secret");
        there.see_text("Never sent before");
        there.close();
    }
}

/// A new master password in one browser while an edit waits in the other, which signs in again with it:
/// the edit goes out then.
pub fn a_new_master_password(stage: &mut Stage, other: &Computer) {
    let osprey = ApiSecret::of("Osprey");
    stage.stop_server();
    let popup = other.popup_at_list();
    act(&popup, &osprey, "Edit");
    popup.see_value("textbox", "Client ID", &osprey.client_id);
    popup.fill("textbox", "Notes", "Waits over the new password");
    popup.click("button", "Save");
    popup.within("article", "API secret details").see_text("Waits over the new password");
    popup.close();
    stage.start_server();
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.click("button", "Change master password");
    tab.fill("textbox", "Current master password", PASSWORD);
    tab.fill("textbox", "New master password", "password1234");
    tab.click("button", "Change master password");
    tab.see_description("textbox", "New master password", "Choose a stronger master password.");
    tab.fill("textbox", "New master password", THIRD);
    tab.see_text("Strong.");
    // What was wrong with the former one is not said of this one.
    tab.see_description("textbox", "New master password", "");
    stage.sight("settings: master password", &tab);
    tab.click("button", "Change master password");
    see_after_hashing(&tab, "button", "Change master password");
    tab.see_description("textbox", "Current master password", "Wrong master password.");
    tab.see_value("textbox", "New master password", THIRD);
    tab.fill("textbox", "Current master password", SECOND);
    tab.click("button", "Change master password");
    see_after_hashing(&tab, "heading", "Settings");
    tab.see_text("Master password changed.");
    tab.click("button", "Lock now");
    tab.see("heading", "Unlock MySafe");
    tab.fill("textbox", "Master password", THIRD);
    tab.press("Enter");
    see_after_hashing(&tab, "heading", "Settings");
    tab.close();

    let tab = sign_in_again(other, SECOND, THIRD);
    tab.within("row", &row(&osprey)).gone("img", "Not on the server yet");
    tab.close();
    let here = stage.browser().open_tab(LIST);
    act(&here, &osprey, "View API secret");
    here.see_text("Waits over the new password");
    here.close();
}

/// A new recovery code, by whoever knows the master password.
pub fn a_new_code(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.click("button", "New recovery code");
    tab.fill("textbox", "Current master password", SECOND);
    tab.click("button", "Continue");
    see_after_hashing(&tab, "button", "Continue");
    tab.see_description("textbox", "Current master password", "Wrong master password.");
    tab.fill("textbox", "Current master password", THIRD);
    tab.click("button", "Continue");
    see_after_hashing(&tab, "list", "Recovery code");
    stage.sight("settings: recovery code", &tab);
    keep_code(&tab);
    stage.sight("settings: two groups", &tab);
    tab.click("button", "Use this code");
    see_after_hashing(&tab, "heading", "Settings");
    tab.see_text("The new recovery code is in use.");
    tab.close();
}

/// How many values the cache of overviews has.
const CACHED: &str = "new Promise((done) => {
    indexedDB.open('mysafe').onsuccess = ({ target }) => {
        const counted = target.result.transaction('cache').objectStore('cache').count();
        counted.onsuccess = () => done(String(counted.result));
        target.result.close();
    };
})";

/// A browser whose sign-in was ended on purpose: what is open stays readable; once locked, only the
/// new master password opens it. Gives its list.
#[track_caller]
fn sign_in_again(computer: &Computer, old: &str, new: &str) -> View {
    let item = ApiSecret::of("Osprey");
    let popup = computer.popup_at_list();
    popup.see_text("Your sign-in here has ended. Everything is kept.");
    popup.see("row", &row(&item));
    assert_ne!(evaluate(&popup, CACHED), "0");
    popup.click("button", "Lock");
    popup.see("heading", "Sign in again");
    assert_eq!(evaluate(&popup, CACHED), "0", "the cache is erased");
    popup.click("button", "Sign in again");
    let tab = computer.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see_value("textbox", "Email", EMAIL);
    tab.fill("textbox", "Master password", old);
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "button", "Sign in");
    tab.see_description("textbox", "Master password", "Wrong email or master password.");
    tab.fill("textbox", "Master password", new);
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "row", &row(&item));
    tab
}
