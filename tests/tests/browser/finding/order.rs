//! What comes first: by search, and by the order that was chosen.

use mysafe_tests::browser::View;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::row;

/// The first words of the rows of items, in their order.
pub fn order(view: &View, items: &[ApiSecret]) -> Vec<usize> {
    let rows = view.names("row");
    let item = |name: &String| items.iter().position(|item| name.starts_with(&item.name));
    rows.iter().filter_map(item).collect()
}

/// A row says by which field it was found, where that is not its name.
pub fn the_best_field_is_named(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup_at_list();
    let marmot = row(&items[1]);
    for (query, found, field) in [
        ("marmot-tag", "1 found", "Tags"),
        ("marmot#ident", "1 found", "Identifier"),
        ("note qx80: ask", "4 found", "Notes"),
        ("marmot-client", "1 found", "Client ID"),
        ("qx72/marmot", "1 found", "Url"),
    ] {
        popup.fill("combobox", "Search", query);
        popup.see_text(found);
        popup.within("row", &marmot).see_text(field);
    }
    // With letters left out, and the name needs no naming.
    popup.fill("combobox", "Search", "mrmt");
    popup.see_text("1 found");
    popup.within("row", &marmot).text_gone("Client ID");
    popup.within("row", &marmot).text_gone("Notes");
    popup.click("button", "Clear search");
    popup.see_value("combobox", "Search", "");
    popup.close();
}

/// By name at first; what was used or changed last comes first if that is chosen.
pub fn what_was_used_last_comes_first(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup_at_list();
    popup.fill("combobox", "Search", "");
    popup.wait_until("by name", |popup| order(popup, items) == [0, 1, 2, 3]);
    popup.within("row", &row(&items[3])).click("button", "Copy client secret");
    popup.see_text("until then other programs can read it.");
    popup.choose("combobox", "Sort", "Last use");
    popup.wait_until("by last use", |popup| order(popup, items) == [3, 0, 1, 2]);
    // Disabled and enabled again: that was the last change.
    popup.choose("combobox", "Sort", "Changed");
    popup.wait_until("by change", |popup| order(popup, items) == [2, 3, 1, 0]);
    popup.choose("combobox", "Sort", "Name");
    popup.wait_until("by name", |popup| order(popup, items) == [0, 1, 2, 3]);
    popup.close();
}
