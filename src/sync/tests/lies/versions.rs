//! Parts sealed by another version than the one there is, otherwise as they must be.

use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Context, Revision};

use super::{Lie, Scene, flipped, honest};

/// All lies about one item.
pub(in super::super) fn all() -> impl Iterator<Item = &'static Lie> {
    super::LIES.iter().chain(VERSIONS)
}

/// The third revision with these parts, signed as it must be.
fn signed(scene: &Scene, change: fn(&mut ItemState)) -> ItemState {
    let mut state = scene.third.clone();
    change(&mut state);
    let mut revision = Revision::read(&state.revision).unwrap();
    revision.content = Context::item_content(&state.overview, &state.details).hash();
    ItemState { revision: scene.device.identity().sign_revision(&revision), ..state }
}

const VERSIONS: &[Lie] = lies! {
    "a sealed key of another version", "forged", |s| {
        ItemState { key: flipped(&s.third.key, 0), ..s.third.clone() }
    };
    "an overview of another version", "unreadable", |s| signed(s, |state| state.overview.0[0] = 2);
    "an overview of no version", "unreadable", |s| signed(s, |state| state.overview.0.clear());
    "the details in place of the overview", "unreadable",
        |s| signed(s, |state| state.overview = state.details.clone());
    "the salt of an overview changed", "unreadable",
        |s| signed(s, |state| state.overview.0[1] ^= 1);
};
