//! The question on a page that is not the item's, with Swagger UI's own dialog as the page.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mysafe_tests::browser::View;

use super::{Site, choose, in_page, named};
use crate::items::ApiSecret;
use crate::stage::Stage;

/// The client ID once, the client secret with "Always here"; then Swagger UI gets a token by them, and
/// the address is taken away again.
pub fn swaggers_own_dialog_takes_what_is_filled(
    stage: &Stage,
    site: &Site,
    items: &[ApiSecret; 3],
) {
    let item = &items[1];
    let page = stage.browser().open_page(&site.console("/swagger"));
    page.click("button", "Authorize");
    page.click("textbox", "client_id*");
    let popup = stage.popup_at_list();
    popup.see("row", &named(item));
    stage.sight("popup: found on this page", &popup);
    popup.close();

    let (host, origin) = (authority(site), site.console(""));
    let popup = choose(stage, item, "Fill client ID");
    let question = popup.within("alertdialog", &format!("Fill on {host}?"));
    question.see_text(&format!("It is not the address of “{}”.", item.name));
    popup.wait_until("No is focused", |_| question.state("button", "No").focused);
    stage.sight("popup: fill on another address", &popup);
    question.click("button", "No");
    popup.gone("alertdialog", "*");
    assert_eq!(page.value("textbox", "client_id*"), "");
    crate::steps::act(&popup, item, "Fill client ID");
    question.click("button", "Fill once");
    popup.see_text(&format!("Client ID of “{}” filled.", item.name));
    stage.sight("popup: filled", &popup);
    popup.close();
    page.see_value("textbox", "client_id*", &item.client_id);

    page.click("textbox", "client_secret*");
    let popup = choose(stage, item, "Fill client secret");
    question_in(&popup, &host).click("button", "Always here");
    popup.see_text(&format!("Client secret of “{}” filled.", item.name));
    popup.close();
    page.see_value("textbox", "client_secret*", &item.client_secret);
    token_is_asked_for(site, &page, item);
    no_question_any_more(stage, &page, item, &origin);
}

/// What stands in the fields is what Swagger UI's own state holds.
fn token_is_asked_for(site: &Site, page: &View, item: &ApiSecret) {
    in_page(page, "document.querySelector('.auth-btn-wrapper .authorize').click()");
    page.see("button", "Remove authorization");
    let tokens = site.tokens.lock().expect("no panic while held");
    let [request] = &tokens[..] else { panic!("{tokens:?}") };
    let basic = request.authorization.strip_prefix("Basic ").expect("client credentials");
    let basic = BASE64_STANDARD.decode(basic).expect("base64");
    let sent = String::from_utf8_lossy(&basic).into_owned();
    let decoded = percent_encoding::percent_decode_str(&sent).decode_utf8_lossy().into_owned();
    let all = format!("{}:{}", item.client_id, item.client_secret);
    assert!(sent == all || decoded == all, "{sent}");
    let state = in_page(page, "JSON.stringify(ui.authSelectors.authorized())");
    assert!(state.contains(&item.client_id), "{state}");
}

/// The page is one of the item's addresses now, until it is taken away in its details.
fn no_question_any_more(stage: &Stage, page: &View, item: &ApiSecret, origin: &str) {
    page.click("button", "Remove authorization");
    page.click("textbox", "client_id*");
    let popup = choose(stage, item, "Fill client ID");
    popup.see_text(&format!("Client ID of “{}” filled.", item.name));
    popup.click("link", "This page");
    crate::steps::act(&popup, item, "View API secret");
    let further = popup.within("group", "Further addresses");
    further.see_text(origin);
    stage.sight("popup: further addresses", &popup);
    further.click("button", &format!("Remove address {origin}"));
    popup.see_text(&format!("{origin} is no address of “{}” any more.", item.name));
    popup.gone("group", "Further addresses");
    popup.close();
    let popup = choose(stage, item, "Fill client ID");
    popup.see("alertdialog", "Fill on*");
    popup.click("button", "No");
    popup.close();
}

fn question_in(popup: &View, host: &str) -> View {
    popup.within("alertdialog", &format!("Fill on {host}?"))
}

fn authority(site: &Site) -> String {
    site.console("").strip_prefix("http://").expect("http").to_owned()
}
