//! From the installation to the open vault.

use mysafe_tests::browser::View;

use crate::stage::Stage;
use crate::steps::{
    EMAIL, NAME, PASSWORD, give_server, read_code, see_after_hashing, see_clipboard, type_back,
};

const UNENCRYPTED: &str = "Connect without encryption";

/// The whole first run, with every answer that is refused.
pub fn nothing_is_asked_twice_and_wrong_answers_are_told(stage: &Stage) {
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see("heading", "Where is your MySafe server?");
    the_popup_leads_here(stage);
    wrong_servers_are_told_apart(stage);

    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    give_server(&tab, &stage.recorder.url());
    tab.see_text(&format!("{} is a MySafe server.", stage.recorder.address()));
    stage.sight("first run: account", &tab);
    tab.click("button", "Create account");
    tab.click("button", "Continue");
    tab.see_description("textbox", "Your name", "Enter a name of at most 100 characters.");
    tab.fill("textbox", "Your name", NAME);
    stage.sight("first run: name", &tab);
    tab.click("button", "Continue");
    tab.fill("textbox", "Email", "nobody");
    tab.click("button", "Continue");
    tab.see_description("textbox", "Email", "Enter an email, as in ana@example.com.");
    tab.fill("textbox", "Email", EMAIL);
    tab.click("button", "Back");
    tab.see_value("textbox", "Your name", NAME);
    tab.click("button", "Continue");
    tab.see_value("textbox", "Email", EMAIL);
    stage.sight("first run: email", &tab);
    tab.click("button", "Continue");

    tab.fill("textbox", "Master password", "password1234");
    tab.see_text("It is like a common password.");
    tab.click("button", "Continue");
    tab.see_description("textbox", "Master password", "Choose a stronger master password.");
    stage.sight("first run: weak password", &tab);
    tab.fill("textbox", "Master password", PASSWORD);
    tab.see_text("Strong.");
    tab.click("button", "Continue");
    the_recovery_code_is_shown_once_and_typed_back(stage, &tab);
    tab.click("button", "Create account");
    see_after_hashing(&tab, "heading", "You are ready");
    stage.sight("first run: ready", &tab);
    tab.click("button", "Not now");
    tab.see_text("No API secrets yet.");
    stage.sight("tab: empty", &tab);
}

fn the_recovery_code_is_shown_once_and_typed_back(stage: &Stage, tab: &View) {
    see_after_hashing(tab, "list", "Recovery code");
    stage.sight("first run: recovery code", tab);
    let code = read_code(tab);
    tab.click("button", "Copy");
    see_clipboard(stage, &code.join("-"));
    tab.click("button", "Continue");
    type_back(tab, &vec!["0000".to_owned(); 8]);
    tab.click("button", "Create account");
    tab.see_text("of your code.");
    stage.sight("first run: wrong groups", tab);
    tab.click("button", "Back");
    assert_eq!(read_code(tab), code, "the same code as long as the tab is open");
    tab.click("button", "Continue");
    type_back(tab, &code);
}

fn the_popup_leads_here(stage: &Stage) {
    let popup = stage.popup();
    popup.see("button", "Set up MySafe");
    stage.sight("popup: set up", &popup);
    popup.close();
}

fn wrong_servers_are_told_apart(stage: &Stage) {
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    let told = |address: &str, text: &str| {
        tab.fill("textbox", "Server address", address);
        tab.click("button", "Continue");
        tab.see_description("textbox", "Server address", text);
    };
    told("not an address", "Enter an address, as in mysafe.example.com.");
    tab.gone("checkbox", UNENCRYPTED);
    // A port that was free a moment ago: nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let nobody = nobody.expect("a free port");
    let text = format!("No answer from {nobody}. Check address, network, certificate.");
    told(&format!("http://{nobody}"), &text);
    // This machine, and whatever is encrypted, needs no permission.
    tab.gone("checkbox", UNENCRYPTED);
    told(&format!("https://{nobody}"), &text);
    tab.gone("checkbox", UNENCRYPTED);
    let other = stage.site.url("portal.example.com", "");
    let host = other.trim_start_matches("http://");
    let refused = format!(
        "The connection to {host} would not be encrypted. Use https:// if the server has it, or allow it below."
    );
    told(&other, &refused);
    assert!(tab.state("textbox", "Server address").invalid);
    let means = "Others on the network can then see your email and whom you share with. They can act as you \
                 on the server and send you false answers. Your items stay encrypted.";
    tab.see_description("checkbox", UNENCRYPTED, means);
    stage.sight("first run: not encrypted", &tab);
    // Not ticked, it stays refused.
    tab.click("button", "Continue");
    tab.see_description("textbox", "Server address", &refused);
    tab.fill("textbox", "Server address", &other.replace("http://", "https://"));
    tab.gone("checkbox", UNENCRYPTED);
    told(&other, &refused);
    // Permission for one address is none for another.
    tab.click("checkbox", UNENCRYPTED);
    stage.sight("first run: not encrypted, allowed", &tab);
    let another = stage.site.url("api.example.com", "");
    told(&another, &refused.replace(host, another.trim_start_matches("http://")));
    told(&other, &refused);
    tab.click("checkbox", UNENCRYPTED);
    told(&other, &format!("{host} is not a MySafe server."));
    stage.sight("first run: wrong server", &tab);
}
