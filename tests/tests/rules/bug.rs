//! Rules broken on purpose: the search must find a counterexample for each.

/// One rule, broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// (c) takes the grants of the server's list where the held ones are to be taken.
    ListFromServer,
    /// (c) takes the held grants where only those in both lists may be taken.
    HeldListReused,
    /// A device accepts a version with lower numbers.
    HeldLowered,
    /// (b) and (c) keep the held content and write no line in local history.
    OtherContentDropped,
    /// Every step along also counts as part of the chain held, an editor's too.
    AlsoCounts,
    /// The owner's edit goes out before the re-key that a stale list waits for.
    EditBeforeRekey,
    /// Accept lets an editor write before a version leads back to all that was held.
    AcceptLetsWrite,
    /// Accept lets an editor write from any epoch above the accepted one.
    AcceptEndsAtNextEpoch,
    /// (c) takes the higher epoch of both again, not one above.
    EpochReused,
    /// A re-key of the owner keeps the epoch and takes another list.
    EpochKeptAtRekey,
    /// (c) names the server's newest as prev and knows no second parent.
    NoSecondParent,
    /// The line of (c) in local history is written when the server took the write, not before.
    LineAfterAnswer,
    /// No line in local history is written of what a version that leads back by also lacks.
    NoLineBeside,
    /// A device accepts a version if one way back is one of allowed steps, whatever the others are.
    OneWayIsEnough,
}
