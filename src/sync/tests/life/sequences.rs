//! The sequences of attacks that former rules allowed, as histories. The numbers are those of the list of
//! attacks against the design.

use super::acts::{Act, Cast, Forged};
use super::{Done, live};

/// Bea, Cho and Dan, who may edit, with one device each: 2, 3 and 4. Ana's are 0 and 1.
const CAST: Cast = Cast { people: 4, second: false, given: true };
const FORGED: Forged = Forged { newest: false, above: false, also: false, noise: false };
const RESTORE: (usize, Act) = (0, Act::Restore { announced: true });
/// The database failed over, and nobody says so.
const LOST: (usize, Act) = (0, Act::Restore { announced: false });

const BEA: usize = 0;
const CHO: usize = 1;
const DAN: usize = 2;

fn check(name: &str, acts: &[(usize, Act)]) {
    if let Err(error) = live(&(CAST, acts.to_vec()), &Done::default()) {
        panic!("{name}: {error}");
    }
}

#[test]
fn nobody_who_is_in_one_list_alone_comes_back_by_a_re_key() {
    use Act::{Backup, Revoke, Sync};
    let acts = [(0, Backup), (0, Revoke(DAN)), RESTORE, (1, Revoke(CHO)), (0, Sync), (1, Sync)];
    check("1", &acts);
    let mut acts = acts;
    acts[2] = LOST;
    check("1, not announced", &acts);
}

#[test]
fn an_honest_restore_does_not_end_in_a_fork() {
    use Act::{Backup, Revoke, Sync, Tag};
    let acts = [(0, Backup), (0, Tag), (0, Sync), RESTORE, (1, Revoke(DAN)), (0, Sync)];
    check("2", &acts);
    let mut acts = acts;
    acts[3] = LOST;
    check("2, not announced", &acts);
}

#[test]
fn an_edit_that_a_restore_put_beside_is_merged() {
    use Act::{Backup, Revoke, Sync, Tag};
    check(
        "3",
        &[(0, Backup), (0, Revoke(DAN)), RESTORE, (1, Tag), (1, Sync), (0, Sync), (1, Sync)],
    );
}

#[test]
fn a_removed_editor_who_writes_on_a_restored_server_locks_nobody_out() {
    use Act::{Backup, Revoke, Sync, Tag};
    for restored in [RESTORE, LOST] {
        let begins = [(0, Backup), (0, Revoke(BEA)), (0, Sync), restored, (2, Tag), (2, Sync)];
        check("4", &[&begins[..], &[(0, Sync), (0, Tag), (0, Sync)]].concat());
        // Somebody who stays edits over it.
        let over = [(3, Sync), (3, Tag), (3, Sync), (0, Sync)];
        check("4, edited over", &[&begins[..], &over].concat());
    }
}

#[test]
fn an_accepted_state_of_others_is_not_written_over_by_a_replay() {
    use Act::{Accept, Revoke, Rotate, ShareEdit, Show, Sync};
    let accept = Accept { mine: false };
    for shown in 0..8 {
        let acts = [
            (0, ShareEdit(DAN)),
            (0, Revoke(BEA)),
            (3, Sync),
            (3, Show(1)),
            (3, Sync),
            (3, accept),
            (3, Show(shown)),
            (3, Sync),
            (3, accept),
            (3, Rotate),
            (3, Sync),
        ];
        check("5", &acts);
    }
}

#[test]
fn every_device_shows_the_same_after_noise() {
    use Act::{Install, Noise, Rotate, Sync, Tag};
    let noise = [(2, Rotate), (2, Sync), (3, Sync), (3, Noise)];
    check("7", &[&noise[..], &[(0, Sync), (0, Tag), (0, Sync)]].concat());
    check("7, on a new device", &[&noise[..], &[(1, Install), (1, Sync), (1, Tag)]].concat());
}

#[test]
fn the_history_of_a_liar_is_not_merged() {
    use Act::{Backup, Forge, RestoreVersion, Revoke, Rotate, Sync};
    for above in [true, false] {
        let forged = Forged { above, newest: true, ..FORGED };
        let acts = [
            (0, Backup),
            (0, Revoke(BEA)),
            (0, Rotate),
            (0, Sync),
            (0, Forge(BEA, forged)),
            (0, Sync),
            (0, RestoreVersion),
            (0, Sync),
        ];
        check("8", &acts);
    }
}

#[test]
fn a_late_version_is_taken_and_the_editor_is_removed() {
    use Act::{Clock, Rotate, ShareUntil, Sync};
    check("9", &[(0, ShareUntil(BEA)), (2, Sync), (2, Rotate), (2, Sync), (0, Clock), (0, Sync)]);
    check("9, left", &[(2, Rotate), (2, Sync), (2, Act::Leave), (0, Sync), (1, Sync)]);
}

#[test]
fn noise_does_not_out_race_a_removal() {
    use Act::{Noise, Revoke, Sync};
    let noise = [(2, Noise); 4];
    check("10", &[&noise[..], &[(0, Revoke(BEA)), (0, Sync), (2, Noise)]].concat());
}

#[test]
fn a_deletion_that_a_restore_lost_is_not_undone_with_no_content() {
    use Act::{Backup, Delete, Sync, Tag};
    for restored in [RESTORE, LOST] {
        let acts = [
            (0, Backup),
            (0, Delete),
            (0, Sync),
            restored,
            (2, Sync),
            (2, Tag),
            (2, Sync),
            (0, Sync),
        ];
        check("12", &acts);
    }
}

#[test]
fn an_editors_step_to_another_list_makes_no_list_held() {
    use Act::{Forge, Join, Revoke, Split, Sync, Tag};
    let forged = Forged { newest: true, above: true, also: true, noise: false };
    let acts = [
        (0, Split),
        (0, Tag),
        (0, Sync),
        (1, Revoke(DAN)),
        (1, Tag),
        (1, Sync),
        (0, Forge(CHO, forged)),
        (0, Sync),
        (0, Join),
        (0, Sync),
    ];
    check("13 and 36", &acts);
}

#[test]
fn an_unsent_edit_goes_after_the_new_key() {
    use Act::{Clock, Leave, Rotate, Sync};
    check("37", &[(2, Leave), (0, Rotate), (0, Sync)]);
    check("37, by time", &[(0, Act::ShareUntil(BEA)), (0, Rotate), (0, Clock), (0, Sync)]);
}

#[test]
fn noise_whose_way_back_leads_nowhere_leaves_what_was_shown() {
    use Act::{Forge, Sync, Tag};
    let forged = Forged { newest: true, above: true, also: true, noise: true };
    check("38", &[(2, Tag), (2, Sync), (0, Sync), (0, Forge(CHO, forged)), (0, Sync), (0, Tag)]);
}

#[test]
fn a_device_below_the_tip_of_a_lost_branch_follows_a_united_version() {
    use Act::{Backup, Sync, Tag};
    let tags = [(0, Tag), (0, Sync), (1, Sync), (4, Sync), (0, Tag), (0, Sync)];
    for restored in [RESTORE, LOST] {
        let after = [restored, (2, Tag), (2, Sync), (0, Sync), (1, Sync), (4, Sync)];
        check("39", &[&[(0, Backup)][..], &tags, &after].concat());
    }
}

#[test]
fn a_version_by_which_an_editor_united_two_is_sent_again_by_the_owner() {
    use Act::{Backup, Sync, Tag};
    let acts = [
        (0, Backup),
        (2, Tag),
        (2, Sync),
        LOST,
        (0, Tag),
        (0, Sync),
        (2, Sync),
        (0, Sync),
        LOST,
        (3, Sync),
    ];
    check("lost twice", &acts);
}

const TWO: Cast = Cast { people: 2, second: false, given: true };

#[test]
fn a_deletion_that_waits_is_made_though_somebodys_time_ended() {
    use Act::{Delete, RestoreVersion, ShareUntil, Sync};
    let acts = [(0, ShareUntil(BEA)), (2, Sync), (1, RestoreVersion), (0, Delete), (2, Sync)];
    if let Err(error) = live(&(TWO, acts.to_vec()), &Done::default()) {
        panic!("{error}");
    }
}

/// The same as the search of seed 101 found it, with a restore.
#[test]
fn a_deletion_that_waits_is_made_though_somebodys_time_ended_on_a_restored_server() {
    use Act::{Backup, Delete, Restore, RestoreVersion, ShareUntil, Sync, Undelete};
    let acts = [
        (0, Backup),
        (2, Undelete),
        (2, Sync),
        (0, Restore { announced: false }),
        (2, ShareUntil(0)),
        (2, Sync),
        (2, Sync),
        (4, RestoreVersion),
        (2, Delete),
        (2, Sync),
    ];
    if let Err(error) = live(&(TWO, acts.to_vec()), &Done::default()) {
        panic!("{error}");
    }
}

/// Found by the search, `MYSAFE_SEED=3160139945932554731`, shrunk: a tag is lost where the owner unites.
#[test]
fn attack_fourth_a_tag_is_not_lost_over_noise_beside() {
    use Act::{Backup, Forge, Restore, Revoke, Sync, Tag};
    let noise = Forged { noise: true, ..FORGED };
    let acts = [
        (5, Revoke(0)),
        (5, Sync),
        (4, Forge(0, noise)),
        (4, Sync),
        (0, Backup),
        (0, Tag),
        (0, Sync),
        (0, Restore { announced: false }),
        (5, Forge(0, noise)),
        (5, Sync),
        (0, Sync),
    ];
    let cast = Cast { people: 3, second: false, given: true };
    for length in 1..=acts.len() {
        if let Err(error) = live(&(cast, acts[..length].to_vec()), &Done::default()) {
            panic!("{length}: {error}");
        }
    }
}
