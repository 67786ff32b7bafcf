//! "Access until": the running server's own round.

use std::time::Instant;

use mysafe::protocol::wire::{ChangesQuery, Left};
use mysafe_tests::wait::wait_for;

use super::*;

#[test]
fn access_until_ends_within_sixty_seconds_with_nobody_asking() {
    let (mut stage, item) = Stage::shared();
    let until = unix_millis() / 1_000 + 2;
    let with = [Share { until: Some(until), ..stage.edit() }];
    stage.share(&item, &with).expect("for a while");
    let user = stage.bea.vault.user();
    let (ana, bea) = (stage.ana.remote(&stage.at), stage.bea.remote(&stage.at));
    let all = ChangesQuery { epoch: None, position: None, limit: None };
    let before = finish(ana.changes(&all)).expect("a page").position;
    wait_for(Duration::from_secs(4), || {
        (finish(bea.item(&item)) == Err(RemoteError::Refused(ErrorCode::NotFound))).then_some(())
    })
    .expect("for her it ends at once");
    let over = Instant::now();
    // Nobody writes; the server's own round puts it into the owner's log.
    let told = wait_for(Duration::from_secs(62), || {
        let page = finish(ana.changes(&all)).expect("a page");
        (page.position > before).then_some(page.left)
    });
    assert_eq!(told, Some(vec![Left { item, user }]));
    println!("noticed {:?} after it was over", over.elapsed());
    assert!(over.elapsed() <= Duration::from_secs(61));
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.grants(&item), 1, "Cho, who has no end");
}
