//! What always holds when edits merge, and that nothing a person types makes search or matching
//! fail.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence::WithSource;
use unicode_normalization::char::is_combining_mark;

use crate::matching::Index;
use crate::model::{ApiSecretForm, Details, Field, Method, Overview, Secret, check, complete};
use crate::search::Search;
use crate::vault::{Entry, SecretPresence, merge};

/// Few different values, so that sides often agree.
fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "b", "c"]).prop_map(str::to_owned)
}

fn side() -> impl Strategy<Value = (Overview, String)> {
    let texts = (text(), text(), text(), text(), text(), text());
    let lists = (vec(text(), 0..3), vec(text(), 0..3));
    let method = select(vec![None, Some(Method::Get), Some(Method::Put)]);
    (texts, lists, method, proptest::option::of(0..3u64), 0..3u64).prop_map(
        |((name, url, client_id, identifier, notes, secret), lists, method, expires, later)| {
            let (mut tags, mut addresses) = lists;
            tags.dedup();
            addresses.dedup();
            let mut overview = Overview {
                name,
                url,
                client_id,
                identifier,
                notes,
                tags,
                addresses,
                method,
                expires,
                ..Default::default()
            };
            if later > 0 {
                overview.unknown.put(40 + later, later);
            }
            (overview, secret)
        },
    )
}

type Side = (Overview, String);

fn merged(base: Option<&Side>, mine: &Side, theirs: &Side) -> (Side, Vec<Field>) {
    let details = |side: &Side| Details::new(Secret::new(&side.1));
    let base_details = base.map(details);
    let merged = merge(
        base.map(|side| &side.0).zip(base_details.as_ref()),
        (&mine.0, &details(mine)),
        (&theirs.0, &details(theirs)),
    );
    ((merged.overview, merged.details.client_secret().to_owned()), merged.conflicts)
}

/// Each field as text, to compare sides field by field.
fn fields(side: &Side) -> Vec<String> {
    let Overview { name, url, client_id, identifier, method, notes, expires, .. } = &side.0;
    let method = format!("{method:?}");
    let expires = format!("{expires:?}");
    [name, url, client_id, identifier, &method, notes, &expires, &side.1]
        .map(String::clone)
        .to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn merging_the_same_changes_nothing(base in proptest::option::of(side()), side in side()) {
        let (result, conflicts) = merged(base.as_ref(), &side, &side);
        prop_assert_eq!(result, side);
        prop_assert_eq!(conflicts, []);
    }

    #[test]
    fn what_only_one_side_changed_is_taken(base in side(), changed in side()) {
        let (mine, conflicts) = merged(Some(&base), &changed, &base);
        prop_assert_eq!(fields(&mine), fields(&changed));
        prop_assert_eq!(&mine.0.tags, &as_set(&base.0.tags, &changed.0.tags));
        prop_assert_eq!(conflicts, []);
        let (theirs, conflicts) = merged(Some(&base), &base, &changed);
        prop_assert_eq!(fields(&theirs), fields(&changed));
        prop_assert_eq!(&theirs.0.tags, &changed.0.tags);
        prop_assert_eq!(conflicts, []);
    }

    #[test]
    fn no_value_is_invented(base in proptest::option::of(side()), mine in side(), theirs in side()) {
        let (result, conflicts) = merged(base.as_ref(), &mine, &theirs);
        let (result_fields, mine_fields, theirs_fields) =
            (fields(&result), fields(&mine), fields(&theirs));
        for (at, value) in result_fields.iter().enumerate() {
            prop_assert!([&mine_fields[at], &theirs_fields[at]].contains(&value));
        }
        for tag in result.0.tags.iter().chain(&result.0.addresses) {
            let known = [&mine.0.tags, &theirs.0.tags, &mine.0.addresses, &theirs.0.addresses];
            prop_assert!(known.iter().any(|list| list.contains(tag)));
        }
        for tag in &mine.0.tags {
            let removed = !theirs.0.tags.contains(tag)
                && base.as_ref().is_some_and(|base| base.0.tags.contains(tag));
            prop_assert_eq!(!removed, result.0.tags.contains(tag), "{}", tag);
        }
        // A conflict is told wherever both changed differently, and ours is on top there.
        if let Some(base) = &base {
            let differing = (0..mine_fields.len()).filter(|at| {
                let values = [&fields(base)[*at], &mine_fields[*at], &theirs_fields[*at]];
                values[0] != values[1] && values[0] != values[2] && values[1] != values[2]
            });
            let differing: Vec<usize> = differing.collect();
            prop_assert_eq!(differing.len(), conflicts.len());
            for at in differing {
                prop_assert_eq!(&result_fields[at], &mine_fields[at]);
            }
        }
        // Fields of later versions are kept, whosever they are.
        let mut both = theirs.0.unknown.clone();
        both.adopt(&mine.0.unknown);
        prop_assert_eq!(result.0.unknown, both);
    }

    #[test]
    fn merging_again_over_the_result_changes_nothing(base in side(), mine in side(), theirs in side()) {
        let (once, _) = merged(Some(&base), &mine, &theirs);
        let (twice, _) = merged(Some(&theirs), &once, &theirs);
        prop_assert_eq!(fields(&twice), fields(&once));
        prop_assert_eq!(sorted(&twice.0.tags), sorted(&once.0.tags));
    }

    #[test]
    fn an_address_completed_twice_is_completed_once(text in "\\PC{0,40}|https?://[a-z./:?#@\\[\\]0-9%]{0,30}|[a-z]{1,9}\\.[a-z]{2,3}(:[0-9]{1,5})?(/[a-z/.;~%]{0,12})?") {
        if let Ok(address) = complete(&text) {
            let again = complete(&address.url).unwrap();
            prop_assert_eq!(&again.url, &address.url);
            prop_assert!(!again.added_scheme && !again.dropped_query);
        }
    }

    #[test]
    fn nothing_typed_breaks_search_or_matching(
        name in "\\PC{0,20}",
        url in "\\PC{0,30}|https?://[a-zà-ü0-9./:\\[\\]%-]{0,30}",
        query in "\\PC{0,20}|.{0,20}",
        page in "\\PC{0,30}|https?://[a-zà-ü0-9./:?#\\[\\]%-]{0,30}",
    ) {
        let entry = Entry {
            id: ItemId([1; 16]),
            revision: 1,
            status: Status::Active,
            overview: Overview { name: name.clone(), url: url.clone(), ..Default::default() },
            waiting: false,
            last_use: 0,
            later_use: Default::default(),
            secret: SecretPresence::Unknown,
            trouble: None,
            access: Default::default(),
        };
        let search = Search::of([&entry].into_iter());
        search.find(&query);
        let index = Index::of([&entry].into_iter());
        let _ = index.matching(&page).count();
        // An item is found by its own name, and belongs to its own address.
        if name.chars().any(|c| c.is_alphanumeric() && !is_combining_mark(c)) {
            prop_assert_eq!(search.find(&name).len(), 1, "{}", name);
        }
        if complete(&url).is_ok_and(|address| !address.added_scheme) {
            prop_assert_eq!(index.matching(&url).count(), 1, "{}", url);
        }
        let form = ApiSecretForm { name, url, ..Default::default() };
        prop_assert!(check(&form).iter().any(|error| error.field == Field::ClientId));
    }
}

fn sorted(list: &[String]) -> Vec<String> {
    let mut list = list.to_vec();
    list.sort();
    list
}

/// `mine` in the order a merge over `base` gives.
fn as_set(base: &[String], mine: &[String]) -> Vec<String> {
    let kept = base.iter().filter(|text| mine.contains(text));
    let added = mine.iter().filter(|text| !base.contains(text));
    kept.chain(added).cloned().collect()
}
