//! Names that somebody else chose, on their way to a screen.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::limits;

use super::received::accepted;
use crate::model::line;

/// Overviews of others are clamped when shown: the notice that an item left is all that keeps its name.
#[test]
fn the_notice_of_an_item_that_left_has_a_name_that_can_be_shown() {
    let mut scene = accepted(Permission::View);
    let item = scene.item;
    let name = "pay\u{202e}lap".to_owned();
    scene.ana.edit(&item, |form| form.name = name.clone());
    scene.ana.sync_well();
    scene.bea.sync_well();
    scene.revoke();
    scene.bea.sync().unwrap();
    let notices = scene.bea.notices();
    assert_eq!(notices[0].name, Some(line(&name, limits::NAME)), "{notices:?}");
}
