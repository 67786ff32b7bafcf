//! The states of the item, and the cases.

use mysafe::crypto::Random as _;
use mysafe_protocol::bodies::{Permission, Status};

use super::{Case, Counting, OTHER, Revision, Scene, Version};

const ACTIVE: Status = Status::Active;

/// Every state: the honest life of the item, then what people and servers bend.
pub(super) fn scene() -> Result<Scene, String> {
    let mut scene = Scene::new();
    let version =
        |by, epoch, number, parents, status| Version { by, epoch, number, parents, status };
    let made: &[(&str, Version<'_>, &str)] = &[
        ("one", version("ana", 1, 1, &[], ACTIVE), "ana"),
        ("two", version("ana", 2, 2, &["one"], ACTIVE), "ana"),
        ("three", version("bea", 2, 3, &["two"], ACTIVE), "bea"),
        ("four", version("ana", 2, 4, &["three"], ACTIVE), "ana"),
        ("three beside four", version("bea", 2, 4, &["three"], Status::Inactive), "bea"),
        ("united", version("ana", 2, 5, &["four", "three beside four"], ACTIVE), "ana"),
        ("six", version("ana", 3, 6, &["united"], ACTIVE), "ana"),
        ("deleted", version("ana", 3, 7, &["six"], Status::Deleted), "ana"),
        ("eight", version("ana", 4, 8, &["deleted"], ACTIVE), "ana"),
        ("changed by another", version("bea", 2, 4, &["three"], ACTIVE), "ana"),
        ("by a viewer", version("cho", 2, 3, &["two"], ACTIVE), "cho"),
        ("by a former editor", version("bea", 3, 7, &["six"], ACTIVE), "bea"),
        ("deleted by an editor", version("bea", 2, 3, &["two"], Status::Deleted), "bea"),
        ("after four", version("ana", 2, 5, &["four"], ACTIVE), "ana"),
        ("far above", version("ana", 2, 3 + (1 << 20), &["two"], ACTIVE), "ana"),
        ("fall", version("ana", 2, 3, &["four"], ACTIVE), "ana"),
        ("over a fall", version("ana", 2, 6, &["fall"], ACTIVE), "ana"),
        ("after the deletion", version("ana", 3, 8, &["deleted"], ACTIVE), "ana"),
        ("epoch by an editor", version("bea", 4, 4, &["three"], ACTIVE), "bea"),
    ];
    for (name, version, changed) in made {
        scene.add(name, version, changed)?;
    }
    let noise = || Counting::from(0x01).array::<289>().to_vec();
    scene.add_sealed("noise", &version("bea", 2, 4, &["three"], ACTIVE), (noise(), noise()))?;
    bend(&mut scene);
    Ok(scene)
}

fn bend(scene: &mut Scene) {
    let (edit, view) = (Permission::Edit, Permission::View);
    scene.bend("bent signature", "three", |state, _| state.revision.signature.0[40] ^= 1);
    scene.bend("another owner", "three", |state, scene| {
        state.owner = scene.identity("bea").user();
    });
    scene.bend("list by an editor", "three", |state, scene| {
        state.list = Some(scene.list("bea", 2, &[("bea", edit), ("cho", view)]));
    });
    scene.bend("another list", "after four", |state, scene| {
        state.list = Some(scene.list("ana", 2, &[("bea", view), ("cho", view)]));
    });
    scene.bend("another item", "three", |state, scene| {
        let body = Revision::read(&state.revision).expect("just made");
        state.revision = scene.identity("bea").sign_revision(&Revision { item: OTHER, ..body });
    });
    scene.bend("older list", "six", |state, scene| state.list = scene.lists.get(&2).cloned());
    scene.bend("other content", "three", |state, scene| {
        state.overview = scene.states["two"].overview.clone();
    });
    scene.bend("deletion with parts", "deleted", |state, scene| {
        state.overview = scene.states["six"].overview.clone();
    });
}

/// Every case.
pub(super) const CASES: &[Case] = &[
    Case {
        shows: "the owner sees a private item for the first time",
        by: "ana",
        held: None,
        state: "one",
        between: &[],
        key: None,
        answer: "one",
    },
    Case {
        shows: "an editor sees it for the first time",
        by: "bea",
        held: None,
        state: "three",
        between: &[],
        key: None,
        answer: "three",
    },
    Case {
        shows: "a viewer goes on from the revision before",
        by: "cho",
        held: Some("two"),
        state: "three",
        between: &[],
        key: None,
        answer: "three",
    },
    Case {
        shows: "the same state again",
        by: "cho",
        held: Some("three"),
        state: "three",
        between: &[],
        key: None,
        answer: "three",
    },
    Case {
        shows: "the owner goes on from the first revision over all bodies",
        by: "ana",
        held: Some("one"),
        state: "four",
        between: &["two", "three", "four"],
        key: None,
        answer: "four",
    },
    Case {
        shows: "two histories are united, from one side",
        by: "bea",
        held: Some("three beside four"),
        state: "united",
        between: &["three", "four", "three beside four", "united"],
        key: None,
        answer: "united",
    },
    Case {
        shows: "a new epoch without the editor",
        by: "cho",
        held: Some("united"),
        state: "six",
        between: &[],
        key: None,
        answer: "six",
    },
    Case {
        shows: "the owner deletes",
        by: "ana",
        held: Some("six"),
        state: "deleted",
        between: &[],
        key: None,
        answer: "deleted",
    },
    Case {
        shows: "the owner restores in a new epoch",
        by: "cho",
        held: Some("deleted"),
        state: "eight",
        between: &[],
        key: None,
        answer: "eight",
    },
    Case {
        shows: "noise by an editor moves what is held",
        by: "ana",
        held: Some("three"),
        state: "noise",
        between: &[],
        key: None,
        answer: "unreadable",
    },
    Case {
        shows: "an editor names somebody else as the author",
        by: "cho",
        held: Some("three"),
        state: "changed by another",
        between: &[],
        key: None,
        answer: "unreadable",
    },
    Case {
        shows: "a bit of the signature is flipped",
        by: "bea",
        held: None,
        state: "bent signature",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "another owner than the held one",
        by: "cho",
        held: Some("two"),
        state: "another owner",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "a list by an editor",
        by: "cho",
        held: None,
        state: "list by an editor",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "an older epoch than the held one",
        by: "cho",
        held: Some("six"),
        state: "united",
        between: &[],
        key: None,
        answer: "went_back",
    },
    Case {
        shows: "another list of the held epoch",
        by: "cho",
        held: Some("four"),
        state: "another list",
        between: &[],
        key: None,
        answer: "forked",
    },
    Case {
        shows: "an item of somebody else without a list",
        by: "bea",
        held: None,
        state: "one",
        between: &[],
        key: None,
        answer: "incomplete",
    },
    Case {
        shows: "a list of an item held here that names the reader no more",
        by: "bea",
        held: Some("united"),
        state: "six",
        between: &[],
        key: None,
        answer: "access_ended",
    },
    Case {
        shows: "an item of a stranger whose list does not name the reader",
        by: "bea",
        held: None,
        state: "six",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "a revision of another item",
        by: "cho",
        held: None,
        state: "another item",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "a revision under an older list",
        by: "cho",
        held: None,
        state: "older list",
        between: &[],
        key: None,
        answer: "incomplete",
    },
    Case {
        shows: "a viewer writes",
        by: "bea",
        held: Some("two"),
        state: "by a viewer",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "an editor of the epoch before writes",
        by: "cho",
        held: Some("six"),
        state: "by a former editor",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "an editor deletes",
        by: "ana",
        held: Some("two"),
        state: "deleted by an editor",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "a lower number than the held one",
        by: "cho",
        held: Some("four"),
        state: "three",
        between: &[],
        key: None,
        answer: "went_back",
    },
    Case {
        shows: "another revision of the held number",
        by: "cho",
        held: Some("four"),
        state: "three beside four",
        between: &[],
        key: None,
        answer: "forked",
    },
    Case {
        shows: "a history that does not lead to the held revision",
        by: "cho",
        held: Some("three beside four"),
        state: "after four",
        between: &["four", "after four"],
        key: None,
        answer: "forked",
    },
    Case {
        shows: "the bodies between are withheld",
        by: "ana",
        held: Some("one"),
        state: "four",
        between: &[],
        key: None,
        answer: "incomplete",
    },
    Case {
        shows: "the newest body is not among those between",
        by: "ana",
        held: Some("one"),
        state: "four",
        between: &["two", "three"],
        key: None,
        answer: "incomplete",
    },
    Case {
        shows: "the bodies between have a gap",
        by: "ana",
        held: Some("one"),
        state: "four",
        between: &["two", "four"],
        key: None,
        answer: "forked",
    },
    Case {
        shows: "a number more than 2^20 above",
        by: "ana",
        held: Some("two"),
        state: "far above",
        between: &["far above"],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "numbers fall between",
        by: "ana",
        held: Some("two"),
        state: "over a fall",
        between: &["three", "four", "fall", "over a fall"],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "after a deletion something else than a new epoch",
        by: "ana",
        held: Some("six"),
        state: "after the deletion",
        between: &["deleted", "after the deletion"],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "an editor begins an epoch",
        by: "cho",
        held: Some("three"),
        state: "epoch by an editor",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "the content is another one",
        by: "bea",
        held: None,
        state: "other content",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "a deletion with parts",
        by: "ana",
        held: Some("six"),
        state: "deletion with parts",
        between: &[],
        key: None,
        answer: "forged",
    },
    Case {
        shows: "the key of another epoch",
        by: "bea",
        held: None,
        state: "three",
        between: &[],
        key: Some((3, 3)),
        answer: "incomplete",
    },
    Case {
        shows: "a key that opens and is not the one of the list",
        by: "bea",
        held: None,
        state: "three",
        between: &[],
        key: Some((3, 2)),
        answer: "incomplete",
    },
    Case {
        shows: "the owner's copy of another key in a private item",
        by: "ana",
        held: None,
        state: "one",
        between: &[],
        key: Some((2, 1)),
        answer: "incomplete",
    },
];
