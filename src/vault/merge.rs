//! Merging two writes of one item, field by field. What only one side changed is taken; what
//! both changed stays as it is here, and the other value stays in the item's earlier revision.
//! Tags merge as a set. Fields of later versions are theirs, unless only ours has them.

use crate::model::{Details, Field, Overview, Secret};

/// A merged item.
pub struct Merged {
    /// Overview.
    pub overview: Overview,
    /// Details.
    pub details: Details,
    /// Fields that both sides changed differently: ours is on top.
    pub conflicts: Vec<Field>,
}

/// Merges; without a base every difference is a conflict.
pub fn merge(
    base: Option<(&Overview, &Details)>,
    mine: (&Overview, &Details),
    theirs: (&Overview, &Details),
) -> Merged {
    let mut conflicts = Vec::new();
    let (mut overview, mut details) =
        (theirs.0.clone(), Details::decode(&theirs.1.encode()).expect("just encoded"));
    let b = base.map(|(overview, _)| overview);
    macro_rules! text {
        ($field:ident, $name:expr) => {
            overview.$field = three_way(
                b.map(|b| &b.$field),
                &mine.0.$field,
                &theirs.0.$field,
                $name,
                &mut conflicts,
            )
            .clone();
        };
    }
    text!(name, Field::Name);
    text!(url, Field::Url);
    text!(client_id, Field::ClientId);
    let secret = three_way(
        base.map(|(_, details)| details.client_secret()).as_ref(),
        &mine.1.client_secret(),
        &theirs.1.client_secret(),
        Field::ClientSecret,
        &mut conflicts,
    )
    .to_string();
    details.replace(Secret::new(&zeroize::Zeroizing::new(secret)));
    text!(identifier, Field::Identifier);
    text!(method, Field::Method);
    text!(notes, Field::Notes);
    text!(expires, Field::Expires);
    overview.tags = as_set(b.map(|b| &b.tags), &mine.0.tags, &theirs.0.tags);
    overview.addresses = as_set(b.map(|b| &b.addresses), &mine.0.addresses, &theirs.0.addresses);
    overview.adopt_unknown(mine.0);
    details.adopt_unknown(mine.1);
    Merged { overview, details, conflicts }
}

/// Returns the base of each field: its value in the newest body of both chains. That body's content may have been
/// dropped by a side that leads to it by also alone: where such a side has the value of `along_prev`, that stays.
pub(super) fn nearest(
    along_prev: (&Overview, &Details),
    newest: (&Overview, &Details),
    by_also: &[(&Overview, &Details)],
) -> (Overview, Details) {
    let mut base = along_prev.0.clone();
    macro_rules! text {
        ($($field:ident),*) => {$(
            if by_also.iter().all(|side| side.0.$field != along_prev.0.$field) {
                base.$field.clone_from(&newest.0.$field);
            }
        )*};
    }
    macro_rules! set {
        ($($field:ident),*) => {$(
            let was = |text: &String| along_prev.0.$field.contains(text);
            let dropped = |text: &String| {
                by_also.iter().any(|side| side.0.$field.contains(text) == was(text))
            };
            base.$field.retain(|text| dropped(text) || newest.0.$field.contains(text));
            let added = newest.0.$field.iter().filter(|text| !was(text) && !dropped(text));
            base.$field.extend(added.cloned());
        )*};
    }
    text!(name, url, client_id, identifier, method, notes, expires);
    set!(tags, addresses);
    let secret = along_prev.1.client_secret();
    let dropped = by_also.iter().any(|side| side.1.client_secret() == secret);
    let secret = if dropped { secret } else { newest.1.client_secret() };
    (base, Details::new(Secret::new(secret)))
}

#[cfg(test)]
thread_local! {
    /// Plants a bug that the tests have to find.
    pub(crate) static THEIRS_WIN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

fn three_way<'t, T: PartialEq + ?Sized>(
    base: Option<&T>,
    mine: &'t T,
    theirs: &'t T,
    field: Field,
    conflicts: &mut Vec<Field>,
) -> &'t T {
    #[cfg(test)]
    if THEIRS_WIN.get() && base != Some(theirs) {
        return theirs;
    }
    if mine == theirs || base == Some(theirs) {
        mine
    } else if base == Some(mine) {
        theirs
    } else {
        conflicts.push(field);
        mine
    }
}

fn as_set(base: Option<&Vec<String>>, mine: &[String], theirs: &[String]) -> Vec<String> {
    let was = |text: &String| base.is_some_and(|base| base.contains(text));
    let kept = theirs.iter().filter(|text| mine.contains(text) || !was(text));
    let added = mine.iter().filter(|text| !theirs.contains(text) && !was(text));
    kept.chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, notes: &str, tags: &[&str], secret: &str) -> (Overview, Details) {
        let overview = Overview {
            name: name.into(),
            notes: notes.into(),
            tags: tags.iter().map(|tag| (*tag).into()).collect(),
            ..Default::default()
        };
        (overview, Details::new(Secret::new(secret)))
    }

    fn check(
        base: &(Overview, Details),
        mine: &(Overview, Details),
        theirs: &(Overview, Details),
    ) -> Merged {
        merge(Some((&base.0, &base.1)), (&mine.0, &mine.1), (&theirs.0, &theirs.1))
    }

    #[test]
    fn different_fields_merge_silently() {
        let merged =
            check(&side("a", "n", &[], "s"), &side("b", "n", &[], "s"), &side("a", "m", &[], "t"));
        assert_eq!((merged.overview.name, merged.overview.notes), ("b".into(), "m".into()));
        assert_eq!(merged.details.client_secret(), "t");
        assert_eq!(merged.conflicts, []);
    }

    #[test]
    fn the_same_field_keeps_ours_and_says_so() {
        let merged =
            check(&side("a", "", &[], "s"), &side("b", "", &[], "t"), &side("c", "", &[], "u"));
        assert_eq!(merged.overview.name, "b");
        assert_eq!(merged.details.client_secret(), "t");
        assert_eq!(merged.conflicts, [Field::Name, Field::ClientSecret]);
    }

    #[test]
    fn two_ends_of_its_time_are_a_conflict() {
        let expiring = |expires| {
            let (overview, details) = side("a", "", &[], "s");
            (Overview { expires, ..overview }, details)
        };
        let merged = check(&expiring(None), &expiring(Some(5)), &expiring(Some(6)));
        assert_eq!((merged.overview.expires, merged.conflicts), (Some(5), vec![Field::Expires]));
        let merged = check(&expiring(Some(4)), &expiring(Some(4)), &expiring(None));
        assert_eq!((merged.overview.expires, merged.conflicts), (None, vec![]));
    }

    #[test]
    fn a_value_of_the_newest_body_in_both_chains_is_no_change_unless_it_was_dropped() {
        let (base, newest) = (side("a", "", &["t"], "s"), side("b", "", &["u"], "one"));
        let of = |by_also: &[&(Overview, Details)]| {
            let by_also: Vec<_> = by_also.iter().map(|side| (&side.0, &side.1)).collect();
            let (overview, details) = nearest((&base.0, &base.1), (&newest.0, &newest.1), &by_also);
            (overview.name, overview.tags.join(""), details.client_secret().to_string())
        };
        let values =
            |name: &str, tags: &str, secret: &str| (name.into(), tags.into(), secret.into());
        assert_eq!(of(&[&side("b", "", &["u"], "one")]), values("b", "u", "one"));
        assert_eq!(of(&[&side("a", "", &["t"], "s")]), values("a", "t", "s"));
        assert_eq!(of(&[&side("c", "", &["t", "u"], "two")]), values("b", "tu", "one"));
        assert_eq!(of(&[]), values("b", "u", "one"));
    }

    #[test]
    fn tags_merge_as_a_set() {
        let merged = check(
            &side("", "", &["a", "b", "c"], ""),
            &side("", "", &["a", "c", "mine"], ""),
            &side("", "", &["b", "c", "theirs"], ""),
        );
        assert_eq!(merged.overview.tags, ["c", "theirs", "mine"]);
    }
}
