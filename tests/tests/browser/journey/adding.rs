//! Adding and editing.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, fill_form, row, see_form};

/// At the field: on leaving it, and on Save.
pub fn each_mandatory_field_is_told(stage: &Stage) {
    let popup = stage.popup();
    popup.see_text("No API secrets yet.");
    stage.sight("popup: empty", &popup);
    popup.click("button", "Add");
    popup.see("heading", "Add API secret");
    popup.see_text("Fields with an asterisk are mandatory.");
    for name in ["Name", "Url", "Client ID"] {
        assert!(popup.state("textbox", name).required, "{name}");
    }
    // The form opens with Name focused; each is left empty with the Tab key.
    popup.wait_until("Name is focused", |popup| popup.state("textbox", "Name").focused);
    for name in ["Name", "Url", "Client ID"] {
        assert!(!popup.state("textbox", name).invalid, "{name} is not wrong before it was left");
        popup.press("Tab");
        popup.see_description("textbox", name, &format!("{name} is mandatory."));
        assert!(popup.state("textbox", name).invalid, "{name}");
    }
    popup.click("button", "Save");
    popup.see_text("3 fields need attention");
    popup.wait_until("the first is focused", |popup| popup.state("textbox", "Name").focused);
    stage.sight("popup: add, three errors", &popup);

    popup.fill("textbox", "Name", "now there");
    popup.wait_until("Name is right", |popup| !popup.state("textbox", "Name").invalid);
    popup.fill("textbox", "Url", "ftp://files.example.com");
    popup.click("button", "Save");
    popup.see_description("textbox", "Url", "Only http and https addresses.");
    popup.see_text("2 fields need attention");
    popup.wait_until("the first is focused", |popup| popup.state("textbox", "Url").focused);
    popup.click("button", "Cancel");
    popup.see_text("Draft kept.");
    popup.click("button", "Add");
    popup.see_text("Draft restored.");
    popup.click("button", "Discard");
    popup.see_value("textbox", "Name", "");
    popup.close();
}

/// The first in the popup, on the page of its address; three more in the full tab.
pub fn all_eight_fields_are_kept(stage: &Stage, items: &[ApiSecret]) {
    let item = &items[0];
    stage.browser().open_page(&page_of(item));
    let popup = stage.popup();
    popup.click("button", "Add");
    // The page's origin is there already.
    let origin = item.url.split("/planted-path").next().unwrap_or_default();
    popup.see_value("textbox", "Url", origin);
    fill_form(&popup, item);
    see_form(&popup, item);
    stage.sight("popup: add, filled", &popup);
    popup.click("button", "Save");
    popup.see_text(&format!("“{}” saved.", item.name));
    popup.see("row", &row(item));
    popup.close();

    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &items[1]);
    add(&tab, &items[2]);
    tab.click("button", "Add");
    fill_form(&tab, &items[3]);
    stage.sight("tab: add", &tab);
    tab.press("Control+s");
    tab.see("row", &row(&items[3]));
    stage.sight("tab: list", &tab);
    act(&tab, item, "View API secret");
    tab.see("heading", "API secret details");
    tab.see_text(&item.client_id);
    stage.sight("tab: details", &tab);
    tab.close();
}

/// Changes the name and the secret; what it was is returned, for it must be nowhere either.
pub fn editing_keeps_what_is_not_touched(stage: &Stage, item: &mut ApiSecret) -> ApiSecret {
    let before = item.clone();
    let popup = stage.popup_at_list();
    popup.fill("combobox", "Search", "");
    act(&popup, item, "Edit");
    popup.see("heading", "Edit API secret");
    see_form(&popup, item);
    stage.sight("popup: edit", &popup);
    item.name = "Falcon ledger ünit qx91".into();
    item.client_secret = "sk_live_qx92/falcon\nsecond qx93 line".into();
    popup.fill("textbox", "Name", &item.name);
    popup.fill("textbox", "Client secret", &item.client_secret);
    popup.click("button", "Save");
    popup.see_text(&format!("“{}” saved.", item.name));
    popup.see("heading", &item.name);
    popup.click("button", "Back");
    popup.see("row", &row(item));
    popup.gone("row", &row(&before));
    popup.close();
    // It is what will be searched for at the end: the new values.
    item.clone()
}

/// A page of the item's website that does not repeat the item's whole address.
pub fn page_of(item: &ApiSecret) -> String {
    item.url.replace("/planted-path/v7-kq3", "/docs")
}
