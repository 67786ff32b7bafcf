//! Bugs that tests plant in the core, to see that they find them.

use std::cell::Cell;

/// A bug in how histories of an item that went apart are settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Planted {
    /// The newest content is written over an older epoch of the server, under its key and list.
    OlderEpochWritten,
    /// "Accept the server's state" lowers the held epoch of an own item.
    HeldLowered,
    /// A re-key over a list that was not held names everybody whom the held list names.
    HeldListReused,
    /// A united revision has the content of the held branch alone.
    OtherBranchDropped,
    /// A re-key over another branch names everybody whom the server's list names.
    ListOfServer,
    /// A re-key over another branch has an epoch that the server's branch has already.
    EpochReused,
    /// The content of a branch is merged although a viewer wrote in it.
    ViewerMerged,
}

impl Planted {
    /// Every bug.
    pub(crate) const ALL: [Self; 7] = [
        Self::OlderEpochWritten,
        Self::HeldLowered,
        Self::HeldListReused,
        Self::OtherBranchDropped,
        Self::ListOfServer,
        Self::EpochReused,
        Self::ViewerMerged,
    ];

    /// Whether this bug is planted in this thread.
    pub(crate) fn is_here(self) -> bool {
        PLANTED.get() == Some(self)
    }

    /// Plants a bug in this thread, or takes it out.
    pub(crate) fn plant(bug: Option<Self>) {
        PLANTED.set(bug);
    }
}

thread_local! {
    static PLANTED: Cell<Option<Planted>> = const { Cell::new(None) };
}
