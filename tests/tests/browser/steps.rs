//! What a person does again and again.

use std::time::Duration;

use mysafe_tests::browser::View;
use mysafe_tests::client::Person;
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;

/// The person's name.
pub const NAME: &str = "Ana Souza";
/// The account's email.
pub const EMAIL: &str = "ana@example.com";
/// The master password.
pub const PASSWORD: &str = "Lantern-otter 58 brave quilts";

/// The same person at a client without a browser.
pub const PERSON: Person = Person { name: NAME, address: EMAIL, password: PASSWORD };

/// Hashing the master password takes seconds where two cores do everything.
const HASHING: Duration = Duration::from_secs(60);

/// Waits for what follows a master password.
#[track_caller]
pub fn see_after_hashing(view: &View, role: &str, name: &str) {
    let seen = wait_for(HASHING, || view.has(role, name).then_some(()));
    assert!(seen.is_some(), "no {role} {name:?}:\n{}", view.dump());
}

/// First run: from the server's address to the choice between a new account and the one there is.
#[track_caller]
pub fn give_server(tab: &View, address: &str) {
    tab.fill("textbox", "Server address", address);
    tab.click("button", "Continue");
    tab.see("heading", "Do you have an account?");
}

/// Makes the account, from the installation to the empty list. Gives its recovery code.
#[track_caller]
pub fn sign_up(stage: &Stage) -> Vec<String> {
    let (tab, code) = sign_up_until_ready(stage);
    leave_first_run(&tab);
    code
}

/// From the last step of the first run to the empty list.
#[track_caller]
pub fn leave_first_run(tab: &View) {
    tab.click("button", "Not now");
    tab.see_text("No API secrets yet.");
    tab.close();
}

/// Makes the account up to the last step of the first run.
#[track_caller]
pub fn sign_up_until_ready(stage: &Stage) -> (View, Vec<String>) {
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    give_server(&tab, &stage.recorder.url());
    tab.click("button", "Create account");
    tab.fill("textbox", "Your name", NAME);
    tab.click("button", "Continue");
    tab.fill("textbox", "Email", EMAIL);
    tab.click("button", "Continue");
    tab.fill("textbox", "Master password", PASSWORD);
    tab.see_text("Strong.");
    tab.click("button", "Continue");
    let code = keep_code(&tab);
    tab.click("button", "Create account");
    see_after_hashing(&tab, "heading", "You are ready");
    (tab, code)
}

/// Writes down the recovery code that is shown, and types two groups of it back.
#[track_caller]
pub fn keep_code(tab: &View) -> Vec<String> {
    see_after_hashing(tab, "list", "Recovery code");
    let code = read_code(tab);
    tab.click("button", "Continue");
    type_back(tab, &code);
    code
}

/// The groups of the recovery code that is shown.
#[track_caller]
pub fn read_code(tab: &View) -> Vec<String> {
    let shown = tab.within("list", "Recovery code").text();
    let code: Vec<String> = shown.split_whitespace().map(str::to_owned).collect();
    let lengths: Vec<_> = code.iter().map(String::len).collect();
    assert_eq!(lengths, [4, 4, 4, 4, 4, 4, 4, 4, 1], "{shown:?}");
    code
}

/// Types the two groups that are asked for.
#[track_caller]
pub fn type_back(tab: &View, code: &[String]) {
    tab.see("textbox", "Group *");
    let asked = tab.names("textbox");
    assert_eq!(asked.len(), 2, "{asked:?}");
    for name in asked {
        let group: usize = name.trim_start_matches("Group ").parse().expect("a number");
        tab.fill("textbox", &name, &code[group - 1].to_lowercase());
    }
}

/// Signs in to the account there is, from the installation to the list.
#[track_caller]
pub fn sign_in(stage: &Stage, tab: &View) {
    sign_in_as(stage, tab, &PERSON);
}

/// The same for another person.
#[track_caller]
pub fn sign_in_as(stage: &Stage, tab: &View, person: &Person) {
    give_server(tab, &stage.recorder.url());
    tab.click("button", "Sign in");
    tab.fill("textbox", "Email", person.address);
    // Firefox offers what was typed there before, over the next field.
    tab.press("Tab");
    tab.fill("textbox", "Master password", person.password);
    tab.click("button", "Sign in");
    see_after_hashing(tab, "combobox", "Search");
}

/// Unlocks and waits for the list.
#[track_caller]
pub fn unlock(view: &View) {
    view.see("heading", "Unlock MySafe");
    view.fill("textbox", "Master password", PASSWORD);
    view.press("Enter");
    see_after_hashing(view, "combobox", "Search");
}

/// Fills the form. The client secret has several lines and is pasted, as everybody does.
#[track_caller]
pub fn fill_form(view: &View, item: &ApiSecret) {
    view.fill("textbox", "Name", &item.name);
    view.fill("textbox", "Url", &item.url);
    view.fill("textbox", "Client ID", &item.client_id);
    view.fill("textbox", "Client secret", &item.client_secret);
    view.fill("textbox", "Identifier", &item.identifier);
    view.choose("combobox", "Method", item.method);
    for tag in &item.tags {
        view.fill("textbox", "Tags", tag);
        view.press("Enter");
        view.see("button", &format!("Remove tag {tag}"));
    }
    view.fill("textbox", "Notes", &item.notes);
}

/// Waits until the form holds all of an item, to the character.
#[track_caller]
pub fn see_form(view: &View, item: &ApiSecret) {
    view.see_value("textbox", "Name", &item.name);
    view.see_value("textbox", "Url", &item.url);
    view.see_value("textbox", "Client ID", &item.client_id);
    view.see_value("textbox", "Client secret", &item.client_secret);
    view.see_value("textbox", "Identifier", &item.identifier);
    view.see_value("combobox", "Method", item.method);
    view.see_value("textbox", "Notes", &item.notes);
    for tag in &item.tags {
        view.see("button", &format!("Remove tag {tag}"));
    }
}

/// Adds an item from the list.
#[track_caller]
pub fn add(view: &View, item: &ApiSecret) {
    view.click("button", "Add");
    fill_form(view, item);
    view.click("button", "Save");
    view.see("row", &row(item));
}

/// The name of an item's row: it begins with the item's name, the rest is the row's marks and host.
pub fn row(item: &ApiSecret) -> String {
    format!("{}*", item.name)
}

/// Opens an item's menu in the list and chooses.
#[track_caller]
pub fn act(view: &View, item: &ApiSecret, action: &str) {
    let row = view.within("row", &row(item));
    row.click("button", "Actions");
    row.click("menuitem", action);
}

/// Edits an item's notes from the list, and goes back to it.
#[track_caller]
pub fn edit_notes(view: &View, item: &ApiSecret, notes: &str) {
    act(view, item, "Edit");
    view.see_value("textbox", "Client ID", &item.client_id);
    view.fill("textbox", "Notes", notes);
    view.click("button", "Save");
    let details = view.within("article", "API secret details");
    details.see_text(notes);
    details.click("button", "Back");
}

/// Waits until another program reads `text` from the clipboard.
#[track_caller]
pub fn see_clipboard(computer: &Computer, text: &str) {
    let mut last = String::new();
    let read = wait_for(Duration::from_secs(10), || {
        last = computer.display.clipboard();
        (last == text).then_some(())
    });
    assert!(read.is_some(), "the clipboard holds {last:?}, not {text:?}");
}

/// Waits until another program reads nothing from the clipboard.
#[track_caller]
pub fn see_clipboard_empty(stage: &Stage) {
    let cleared = wait_for(Duration::from_secs(25), || {
        stage.display.clipboard().trim().is_empty().then_some(())
    });
    assert!(cleared.is_some(), "the clipboard still holds {:?}", stage.display.clipboard());
}

/// Evaluates with all that the extension may, for what no screen shows.
#[track_caller]
pub fn evaluate(view: &View, expression: &str) -> String {
    let answer = view.evaluate_as_extension(expression);
    answer.unwrap_or_else(|gone| panic!("{expression}: {}", gone.0))
}

/// From now on this view cannot write to the clipboard.
#[track_caller]
pub fn refuse_writing(view: &View) {
    const REFUSE: &str =
        "(navigator.clipboard.writeText = () => Promise.reject(new Error('no')), 'refused')";
    assert_eq!(evaluate(view, REFUSE), "refused");
}

/// Types into the address bar behind the keyword: the keyword, a blank, the text.
pub fn type_into_address_bar(stage: &Stage, text: &str) {
    stage.display.press(&["ctrl+l"]);
    let keys: Vec<String> = text.chars().map(String::from).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    stage.display.press(&["m", "s", "space"]);
    stage.display.press(&keys);
}

/// Waits until the icon has this sign, whatever tab is in front.
#[track_caller]
pub fn see_badge(stage: &Stage, sign: &str) {
    let mut last = String::new();
    let seen = wait_for(PATIENCE, || {
        last = stage.browser().in_background("chrome.action.getBadgeText({})");
        (last == sign).then_some(())
    });
    assert!(seen.is_some(), "the badge is {last:?}, not {sign:?}");
}
