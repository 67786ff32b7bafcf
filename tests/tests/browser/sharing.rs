//! Three people share API secrets, each on a computer of their own: Ana owns them, in Chromium; Bea has
//! Firefox, Caio Chromium. One server, and a real SMTP receiver that takes its mails.

mod ending;
mod giving;
pub mod noise;
mod people;
mod receiving;
mod together;
pub mod waiting;

use mysafe_tests::browser::{View, Which};

use crate::items::ApiSecret;
use crate::planted;
use crate::stage::Stage;
use crate::steps::{add, sign_up};

use people::Crowd;

#[test]
fn three_people_share() {
    let mut stage = Stage::new(Which::Chromium);
    let items = ApiSecret::planted("https://kestrel-planted.example.net");
    let mut values = planted::values(&items);
    stage.set_mail_up();
    sign_up(&stage);
    stage.let_everybody_in();
    let mut crowd = Crowd::gather(&stage);
    values.extend(Crowd::passwords());

    let tab = stage.browser().open_tab(people::LIST);
    items.iter().for_each(|item| add(&tab, item));
    tab.close();

    // The guide's "Share", with somebody met for the first time.
    let number = giving::one_is_shared_as_the_guide_says(&stage, &items[0]);
    receiving::the_mail_leads_to_it(&stage, &crowd.bea, &items[0], &number);
    receiving::whoever_may_view_cannot_edit(&crowd.bea, &items[0]);
    giving::another_permission(&stage, &items[0]);
    receiving::whoever_may_edit_can(&crowd.bea, &items[0]);
    giving::several_at_once_may_edit(&stage, &items[1]);
    receiving::new_items_come_and_go(&stage, &crowd, &items[1]);
    together::an_editor_edits_and_disables(&stage, &crowd.caio, &items[1]);
    together::both_edit_without_the_server(&mut stage, &crowd.caio, &items[1]);
    giving::the_server_is_needed_and_nothing_is_forgotten(&mut stage, &items[2]);
    giving::whoever_is_not_there_yet_is_waited_for(&stage, &items[2]);

    // The guide's "Revoke".
    ending::one_is_removed_as_the_guide_says(&stage, &items[1]);
    ending::it_is_gone_and_that_is_said(&crowd.caio, &items[1]);
    ending::one_takes_over_and_leaves(&stage, &crowd.bea, &items[0]);

    crowd.lock_and_look(&values);
    stage.close_browser();
    crowd.close_browsers();
    planted::nothing_in_profile(&stage, &values);
    planted::nothing_on_the_server(&stage, &values);
    crowd.nothing_in_mails(&stage, &values);
    crowd.no_complaints();
    stage.no_complaints();
}

/// One browser: the owner's. Bea has a client of her own, which lies.
#[test]
fn whatever_waits_or_is_noise_is_told() {
    let mut stage = Stage::new(Which::Chromium);
    let sight = |stage: &Stage, view: &View, screen: &str| stage.sight(screen, view);
    sign_up(&stage);
    stage.let_everybody_in();
    stage.set_mail_up();
    let item = ApiSecret::of("Kestrel");
    let tab = stage.browser().open_tab(people::LIST);
    add(&tab, &item);
    tab.close();
    noise::bea_may_edit(&mut stage, &item);
    waiting::the_restored_server_asks_for_the_mailbox(&mut stage, &item, &sight);
    let mut bea = noise::device_of_bea(&stage);
    noise::its_author_is_named_and_removed(&stage, &mut bea, &item, &sight);
    waiting::whatever_is_full_is_told(&mut stage, &mut bea, &item, &sight);
    noise::the_state_of_another_owners_item_is_accepted(&mut stage, &mut bea, &sight);
    stage.close_browser();
    stage.no_complaints();
}
