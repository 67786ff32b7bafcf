//! The journey: an API secret added, found, shown and copied from the toolbar, with all that may
//! come between. One story for both browsers; each chapter goes on where the one before ended.

mod adding;
mod copying;
mod draft;
mod finding;
mod first_run;
mod locking;
mod offline;
mod second;

use mysafe_tests::browser::Which;

use crate::items::{ApiSecret, HOST};
use crate::planted;
use crate::stage::Stage;

#[test]
fn journey_chromium() {
    journey(Which::Chromium);
}

#[test]
fn journey_firefox() {
    journey(Which::Firefox);
}

fn journey(which: Which) {
    let mut stage = Stage::new(which);
    let origin = stage.site.url(HOST, "");
    let mut items = ApiSecret::planted(&origin);
    let mut values = planted::values(&items);

    first_run::nothing_is_asked_twice_and_wrong_answers_are_told(&stage);
    adding::each_mandatory_field_is_told(&stage);
    adding::all_eight_fields_are_kept(&stage, &items);
    finding::search_finds_by_name_tag_and_notes(&stage, &items);
    finding::this_page_shows_what_belongs_to_it(&stage, &items[0]);
    copying::the_secret_is_shown_on_demand(&stage, &items[0]);
    copying::copied_values_reach_other_programs_and_are_cleared(&stage, &items[0]);
    copying::one_click_or_enter_copies_from_the_list(&stage, &items[0]);
    let changed = adding::editing_keeps_what_is_not_touched(&stage, &mut items[0]);
    locking::the_button_locks_and_only_the_master_password_unlocks(&stage, &items);
    locking::the_death_of_the_background_locks_nothing(&stage, &items);
    let draft = draft::nothing_typed_is_lost(&stage);
    values.extend(changed.values());
    values.extend(draft.values());
    copying::from_the_list(&stage, &items[0]);
    stage.close_browser();
    // On some systems it stays there without the browser that copied it.
    stage.display.set_clipboard("left there");
    planted::nothing_in_profile(&stage, &values);
    stage.start_browser();
    crate::steps::see_clipboard_empty(&stage);
    locking::everything_is_there_again(&stage, &items);
    offline::everything_stays_readable(&mut stage, &items[0]);
    offline::what_was_added_waits_and_is_sent(&mut stage, &items[4]);

    locking::lock(&stage);
    planted::nothing_in_storage(&stage, &values);
    stage.close_browser();
    planted::nothing_in_profile(&stage, &values);
    second::another_browser_has_it_all_and_signs_out(&mut stage, &items);
    planted::nothing_on_the_server(&stage, &values);
    stage.no_complaints();
}
