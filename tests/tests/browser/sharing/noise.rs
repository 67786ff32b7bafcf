//! Somebody with a real account and a client of their own uploads a version that nobody can open.

use mysafe::crypto::{AccountKey, Identity, Random as _, SystemRandom};
use mysafe::protocol::bodies::Permission;
use mysafe::protocol::{Bytes, Context, ItemId, Revision};
use mysafe::sync::Remote as _;
use mysafe::vault::Share;
use mysafe_tests::browser::View;
use mysafe_tests::client::{Device, finish};

use super::people::{BEA, LIST, choose, join, open_share};
use crate::items::ApiSecret;
use crate::stage::{Look, Stage};
use crate::steps::{EMAIL, act, row, see_clipboard};

/// What the notice says of her version.
const NOTICE: &str = "Bea Lima (bea@example.com) saved a version of";

/// Ana shares an item with Bea, who may edit it. The backup of the server is of before Ana's mailbox was
/// confirmed.
pub fn bea_may_edit(stage: &mut Stage, item: &ApiSecret) {
    join(stage, &BEA);
    stage.stop_server();
    stage.back_up();
    stage.start_server();
    stage.operate(&["confirm", EMAIL]);
    let tab = stage.browser().open_tab(LIST);
    open_share(&tab, item);
    choose(&tab, &BEA);
    let card = tab.within("dialog", BEA.name);
    card.text_gone("The server has not confirmed this mailbox.");
    card.click("button", "Accept");
    tab.see("button", "Do not share with Bea Lima");
    tab.click("radio", "Can edit");
    tab.click("button", "Share");
    tab.see_text("shared with Bea Lima.");
    tab.close();
}

/// Bea's own client.
pub fn device_of_bea(stage: &Stage) -> Device {
    Device::new(&server(stage), &BEA)
}

/// The owner sees the good secret and the author of the noise, and removes her in one step.
pub fn its_author_is_named_and_removed(
    stage: &Stage,
    bea: &mut Device,
    item: &ApiSecret,
    look: Look,
) {
    let server = server(stage);
    bea.sync(&server);
    let id = bea.item(&item.name);
    let ana = bea.local(&id).state.expect("it came").owner;
    bea.with(&server, |sync| finish(sync.pin(&ana, EMAIL))).expect("an answer").expect("pinned");
    upload_noise(bea, &server, &id);

    let popup = stage.popup_at_list();
    popup.see_text(NOTICE);
    popup.within("row", &row(item)).see_text("Its newest version cannot be read.");
    look(stage, &popup, "popup: unreadable");
    popup.within("row", &row(item)).click("button", "Copy client secret");
    see_clipboard(stage, &item.client_secret);
    act(&popup, item, "View API secret");
    see_good_one(&popup, item);
    look(stage, &popup, "popup: unreadable, details");
    popup.close();

    let tab = stage.browser().open_tab(LIST);
    act(&tab, item, "View API secret");
    let details = see_good_one(&tab, item);
    look(stage, &tab, "tab: unreadable, details");
    details.click("button", "Actions");
    tab.click("menuitem", "History");
    tab.see_text("This version cannot be read.");
    look(stage, &tab, "tab: unreadable, history");
    tab.click("button", "Back");

    tab.click("button", "Remove Bea Lima");
    tab.see("heading", "Share*");
    tab.within("group", BEA.name).see_text("Removed with Share.");
    look(stage, &tab, "tab: unreadable, remove");
    tab.click("button", "Share");
    tab.see_text(&format!("“{}”: 1 removed.", item.name));
    tab.gone("group", BEA.name);
    tab.text_gone(NOTICE);
    tab.click("button", "Cancel");
    let details = tab.within("article", "API secret details");
    details.see_text(&item.client_id);
    details.gone("button", "Remove Bea Lima");
    details.within("group", "Client secret").click("button", "Show");
    details.see_text(item.client_secret.lines().next().expect("a line"));
    tab.close();
    // She has nothing of it any more.
    assert!(finish(bea.remote(&server).item(&id)).is_err());
}

/// Bea shares an item of hers with Ana, whose browser holds a version that Bea's server then lacks.
pub fn the_state_of_another_owners_item_is_accepted(
    stage: &mut Stage,
    bea: &mut Device,
    look: Look,
) {
    let server = server(stage);
    let theirs = ApiSecret::of("Dingo");
    let id = bea.add(&theirs.name);
    bea.sync(&server);
    let ana = finish(bea.remote(&server).people(EMAIL)).expect("an answer").people.remove(0).user;
    share(bea, &server, &id, Share { user: ana, permission: Permission::Edit, until: None });

    stage.stop_server();
    stage.back_up();
    stage.start_server();
    // Another key: from here on only the owner could unite both.
    let until = Some(4_000_000_000);
    share(bea, &server, &id, Share { user: ana, permission: Permission::Edit, until });
    bea.rename(&id, "Dingo as it was");
    bea.sync(&server);
    let tab = stage.browser().open_tab(LIST);
    tab.see("row", "Dingo as it was*");
    tab.close();

    stage.recorder.stop();
    stage.stop_server();
    stage.fail_over();
    stage.start_server();
    // Her other device knows nothing of what was lost.
    let mut other = Device::new(&server, &BEA);
    other.sync(&server);
    other.rename(&id, "Dingo of the server");
    other.sync(&server);
    stage.recorder.resume();

    let popup = stage.popup_at_list();
    popup.see_text("The server has another history of “Dingo as it was” than this browser.");
    popup.see_text("The item waits for Bea Lima (bea@example.com).");
    look(stage, &popup, "popup: forked, of another");
    popup.click("button", "Accept the server's state");
    let question = popup.within("alertdialog", "Accept the server's state of*");
    question.see_text("Bea Lima (bea@example.com) wrote it");
    look(stage, &popup, "popup: accept, of another");
    question.click("button", "Cancel");
    popup.close();

    let tab = stage.browser().open_tab(LIST);
    tab.click("button", "Accept the server's state");
    let question = tab.within("alertdialog", "Accept the server's state of*");
    question.see_text("You cannot edit it until Bea Lima (bea@example.com) changes it next.");
    question.see_text("Ana Souza (ana@example.com)");
    look(stage, &tab, "tab: accept, of another");
    question.click("button", "Accept the server's state");
    tab.see("row", "Dingo of the server*");
    tab.text_gone("The server has another history");
    tab.within("row", "Dingo of the server*").click("button", "Actions");
    tab.see("menuitem", "View API secret");
    tab.gone("menuitem", "Edit");
    tab.close();
}

/// The details show the item as it was before her version, and the notice.
#[track_caller]
fn see_good_one(view: &View, item: &ApiSecret) -> View {
    let details = view.within("article", "API secret details");
    details.see_text(&item.client_id);
    details.see("group", &format!("{NOTICE}*"));
    details.see_text("You see the version before it.");
    details
}

#[track_caller]
fn share(bea: &mut Device, server: &str, item: &ItemId, share: Share) {
    let shared = bea.with(server, |sync| finish(sync.share(item, &[share])));
    shared.expect("an answer").expect("shared");
}

fn server(stage: &Stage) -> String {
    stage.recorder.upstream().to_string()
}

/// Uploads a correctly signed revision whose details are noise.
#[track_caller]
fn upload_noise(bea: &mut Device, server: &str, item: &ItemId) {
    let key = AccountKey::from_session(&bea.vault.to_session()).expect("just made");
    let identity = Identity::of(&key, BEA.address);
    bea.edit(item, |form| form.notes = "noise follows".into());
    let mut write = bea.local(item).pending.expect("a write waits");
    let mut noise = vec![0; write.details.0.len()];
    SystemRandom.fill(&mut noise);
    // The server knows the version byte.
    noise[0] = write.details.0[0];
    write.details = Bytes(noise);
    let mut revision = Revision::read(&write.revision).expect("just made");
    revision.content = Context::item_content(&write.overview, &write.details).hash();
    write.revision = identity.sign_revision(&revision);
    finish(bea.remote(server).write(item, &write)).expect("the server takes what it cannot read");
}
