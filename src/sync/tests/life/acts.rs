//! The acts of a history, and how often each is drawn.

use proptest::collection::vec;
use proptest::prelude::*;

/// One act. A number of a person or a version is taken modulo how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Act {
    /// The user adds a tag.
    Tag,
    /// The user gives the item another client secret.
    Rotate,
    Disable,
    Enable,
    /// The owner disables and deletes the item.
    Delete,
    /// The owner restores the deleted item.
    Undelete,
    /// The user restores the version before.
    RestoreVersion,
    /// The owner lets a person view.
    ShareView(usize),
    /// The owner lets a person edit.
    ShareEdit(usize),
    /// The owner lets a person edit until the clock moves.
    ShareUntil(usize),
    Revoke(usize),
    /// Somebody gives up their access.
    Leave,
    /// Two hours pass on every clock.
    Clock,
    Sync,
    /// The user accepts the server's state, with the content held here or the server's.
    Accept {
        mine: bool,
    },
    /// An editor uploads a version that does not open.
    Noise,
    Backup,
    /// The backup is put back; a new epoch of the log is announced or not.
    Restore {
        announced: bool,
    },
    /// A person has another device in place of this one.
    Install,
    /// The server lies: it shows this device a view of its own from here on.
    Split,
    /// The server shows this device the honest view again.
    Join,
    /// The server lies: it shows this device an earlier version as the newest.
    Show(usize),
    /// The server lies: it shows this device a revision that a person signed with a key they once had.
    Forge(usize, Forged),
}

/// A revision that somebody makes for a lying server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Forged {
    /// It is of the newest epoch whose key they have; else of the oldest.
    pub(super) newest: bool,
    /// Its number is above all others; else it follows the one before.
    pub(super) above: bool,
    /// It says that it unites that one with the newest version of all.
    pub(super) also: bool,
    /// It does not open.
    pub(super) noise: bool,
}

/// Who takes part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cast {
    /// The owner and one to three others.
    pub(super) people: usize,
    /// The first of the others has two devices; the owner has two always.
    pub(super) second: bool,
    /// Everybody may edit from the beginning.
    pub(super) given: bool,
}

/// One history: each act with the device that acts, modulo how many there are.
pub(super) type History = (Cast, Vec<(usize, Act)>);

fn cast() -> impl Strategy<Value = Cast> {
    let people = prop_oneof![5 => Just(2usize), 4 => Just(3), 1 => Just(4)];
    let given = prop_oneof![1 => Just(false), 5 => Just(true)];
    (people, prop_oneof![3 => Just(false), 1 => Just(true)], given)
        .prop_map(|(people, second, given)| Cast { people, second, given })
}

fn forged() -> impl Strategy<Value = Forged> {
    (any::<bool>(), any::<bool>(), any::<bool>(), 0..4u8)
        .prop_map(|(newest, above, also, rare)| Forged { newest, above, also, noise: rare == 0 })
}

fn honest() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Tag),
        2 => Just(Act::Rotate),
        1 => Just(Act::Disable),
        1 => Just(Act::Enable),
        1 => Just(Act::Delete),
        1 => Just(Act::Undelete),
        1 => Just(Act::RestoreVersion),
        1 => (0..3usize).prop_map(Act::ShareView),
        4 => (0..3usize).prop_map(Act::ShareEdit),
        1 => (0..3usize).prop_map(Act::ShareUntil),
        4 => (0..3usize).prop_map(Act::Revoke),
        1 => Just(Act::Leave),
        1 => Just(Act::Clock),
        10 => Just(Act::Sync),
        2 => any::<bool>().prop_map(|mine| Act::Accept { mine }),
        2 => Just(Act::Noise),
        3 => Just(Act::Backup),
        3 => any::<bool>().prop_map(|announced| Act::Restore { announced }),
        1 => Just(Act::Install),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        7 => honest(),
        1 => Just(Act::Split),
        1 => Just(Act::Join),
        1 => (0..12usize).prop_map(Act::Show),
        2 => (0..3usize, forged()).prop_map(|(who, forged)| Act::Forge(who, forged)),
    ]
}

/// Some acts that belong together, with the devices that do them.
fn phrase(act: impl Strategy<Value = Act> + Clone + 'static) -> BoxedStrategy<Vec<(usize, Act)>> {
    let one = (0..6usize, act.clone()).prop_map(|done| vec![done]);
    let sent = (0..6usize, act).prop_map(|(device, act)| vec![(device, act), (device, Act::Sync)]);
    let all = Just((0..6).map(|device| (device, Act::Sync)).collect::<Vec<_>>());
    // Two devices write, and a restore loses the write of the first.
    let beside =
        (sent.clone(), sent.clone(), any::<bool>()).prop_map(|(lost, beside, announced)| {
            let restore = vec![(0, Act::Restore { announced })];
            let last = lost[1];
            [vec![(0, Act::Backup)], lost, restore, beside, vec![last]].concat()
        });
    prop_oneof![6 => one, 6 => sent, 1 => all, 2 => beside].boxed()
}

fn history(act: impl Strategy<Value = Act> + Clone + 'static) -> impl Strategy<Value = History> {
    let phrases = vec(phrase(act), 1..6);
    (cast(), phrases.prop_map(|phrases| phrases.concat()))
}

/// Histories with an honest server.
pub(super) fn honest_history() -> impl Strategy<Value = History> {
    history(honest().boxed())
}

/// Histories with a server that lies.
pub(super) fn lying_history() -> impl Strategy<Value = History> {
    history(any_act().boxed())
}
