//! Nothing is ever lost: whatever closes, dies, goes offline or is changed twice.

mod back_in;
mod dying;
mod forms;
mod leaving;
pub mod many;
pub mod restored;
mod trouble;
mod two;
mod typing;

use mysafe_tests::browser::{View, Which};

use crate::stage::Stage;
use crate::steps::sign_up;

#[test]
fn no_key_is_lost_chromium() {
    no_key_is_lost(Which::Chromium);
}

#[test]
fn no_key_is_lost_firefox() {
    no_key_is_lost(Which::Firefox);
}

fn no_key_is_lost(which: Which) {
    let stage = Stage::new(which);
    typing::the_first_run_goes_on_where_it_was(&stage);
    sign_up(&stage);
    typing::the_popup_is_closed_after_each_key(&stage);
}

/// Both browsers are one person's, at the same time.
#[test]
fn two_browsers_lose_nothing() {
    let mut stage = Stage::new(Which::Chromium);
    sign_up(&stage);
    let firefox = stage.beside(Which::Firefox, "firefox");
    two::what_one_adds_the_other_has(&stage, &firefox);
    two::edits_of_both_without_the_server_are_all_kept(&mut stage, &firefox);
    two::the_same_field_of_both_is_told(&mut stage, &firefox);
    two::disabling_goes_to_the_other(&mut stage, &firefox);
    forms::a_form_open_meanwhile_loses_nothing(&stage, &firefox);
    forms::a_rotated_secret_is_masked_in_the_history_and_restored(&stage, &firefox);
}

#[test]
fn at_each_moment_of_a_save_chromium() {
    at_each_moment_of_a_save(Which::Chromium);
}

#[test]
fn at_each_moment_of_a_save_firefox() {
    at_each_moment_of_a_save(Which::Firefox);
}

fn at_each_moment_of_a_save(which: Which) {
    let stage = Stage::new(which);
    sign_up(&stage);
    let other = stage.beside(which, "other");
    dying::at_each_moment_of_a_save_everything_ends(&stage, &other);
}

#[test]
fn every_way_back_in_chromium() {
    every_way_back_in(Which::Chromium);
}

#[test]
fn every_way_back_in_firefox() {
    every_way_back_in(Which::Firefox);
}

fn every_way_back_in(which: Which) {
    let mut stage = Stage::new(which);
    let code = sign_up(&stage);
    let [other, third] = ["other", "third"].map(|name| stage.beside(which, name));
    leaving::what_is_only_here_is_asked_for(&mut stage);
    leaving::whoever_goes_anyway_was_told(&mut stage);
    leaving::a_form_in_another_tab_leaves_nothing(&stage);
    back_in::one_s_own_mailbox(&mut stage);
    back_in::with_the_code_on_a_third_browser(&mut stage, &other, &third, &code);
    back_in::what_waits_elsewhere_is_kept(&stage, &[&other, &third]);
    back_in::a_new_master_password(&mut stage, &other);
    back_in::a_new_code(&stage);
}

#[test]
fn storage_trouble_is_told_chromium() {
    storage_trouble_is_told(Which::Chromium);
}

#[test]
fn storage_trouble_is_told_firefox() {
    storage_trouble_is_told(Which::Firefox);
}

fn storage_trouble_is_told(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    trouble::a_full_storage_keeps_the_form(&stage, which);
    trouble::a_full_storage_during_a_sync_is_told(&mut stage);
    trouble::a_damaged_change_keeps_only_itself_from_syncing(&mut stage);
    trouble::a_damaged_item_stays_and_is_not_opened(&stage);
    trouble::a_damaged_account_is_told(&stage);
    trouble::a_removed_storage_is_told_and_filled_again(&stage);
    trouble::a_newer_storage_is_not_touched(&stage);
}

#[test]
fn many_come_one_after_the_other_chromium() {
    many_come_one_after_the_other(Which::Chromium);
}

#[test]
fn many_come_one_after_the_other_firefox() {
    many_come_one_after_the_other(Which::Firefox);
}

fn many_come_one_after_the_other(which: Which) {
    let mut stage = Stage::new(which);
    many::a_first_sync_shows_how_far_it_is(&stage, &sight);
    many::older_versions_come_below_the_newer(&stage, &sight);
    stage.close_browser();
    stage.no_complaints();
}

#[test]
fn a_server_from_a_backup_gets_all_again_chromium() {
    a_server_from_a_backup_gets_all_again(Which::Chromium);
}

#[test]
fn a_server_from_a_backup_gets_all_again_firefox() {
    a_server_from_a_backup_gets_all_again(Which::Firefox);
}

fn a_server_from_a_backup_gets_all_again(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let other = stage.beside(which, "other");
    restored::what_a_backup_lost_comes_back(&mut stage, &sight);
    restored::another_browser_has_all_of_it_once(&stage, &other);
    restored::a_session_newer_than_the_backup_has_ended(&mut stage, &other);
    restored::the_servers_state_is_accepted(&mut stage, &sight);
    stage.close_browser();
    stage.no_complaints();
}

fn sight(stage: &Stage, view: &View, screen: &str) {
    stage.sight(screen, view);
}
