//! People give back to a restored server what it lost, whoever wrote it, with all that comes along.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::{Hash, OperationId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    BundleResponse, EarlierEpoch, ErrorCode, HistoryResponse, ItemVersion, ItemWriteResponse,
    RevisionsResponse, WriteAgainRequest,
};

use super::sharing::{EDIT, VIEW, changes, good, member, read, shared, three};
use crate::state::random;
use crate::testing::{Member, Person, Server, Writing, lost, sealed};

/// A revision that unites two, above both.
pub(super) fn united(author: &Member, prev: &Writing, also: &Writing) -> Writing {
    let above = if prev.revision.revision > also.revision.revision { prev } else { also };
    let mut writing = author.set(above, Status::Active);
    writing.revision.prev = Some(prev.request.revision.hash());
    writing.revision.also = Some(also.request.revision.hash());
    writing.request.base = also.revision.revision;
    author.sign_again(&mut writing);
    writing
}

/// The epoch that a write began, as it is sent again later.
pub(super) fn earlier(writing: &Writing) -> EarlierEpoch {
    EarlierEpoch {
        epoch: writing.revision.epoch,
        key: writing.request.key.clone().unwrap(),
        list: writing.request.list.clone(),
    }
}

pub(super) fn version(writing: &Writing) -> ItemVersion {
    let request = writing.request.clone();
    ItemVersion { revision: request.revision, overview: request.overview, details: request.details }
}

#[tokio::test]
async fn who_may_edit_gives_back_what_was_lost_in_the_present_epoch_whoever_wrote_it() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let hers = bea.set(&second, Status::Active);
    let last = ana.set(&hers, Status::Active);
    let request = lost(2, &[&hers, &last]);
    assert_eq!(cho.again(&server, &request, &second).await.code(), ErrorCode::NotAllowed);
    // Not as somebody else's.
    let mut forged = hers.clone();
    forged.revision.author = ana.person.user();
    forged.request.revision = bea.sign(&forged.revision);
    let after = ana.set(&forged, Status::Active);
    let lie = lost(2, &[&forged, &after]);
    assert_eq!(ana.again(&server, &lie, &second).await.code(), ErrorCode::Forged);
    // Nor by somebody whom the list does not let write.
    let viewers = cho.set(&second, Status::Active);
    let lie = lost(2, &[&viewers]);
    assert_eq!(bea.again(&server, &lie, &second).await.code(), ErrorCode::Forged);
    // A key or the Identifier is for the owner.
    let mut more = request.clone();
    more.write.key = Some(sealed(limits::SEALED_KEY));
    assert_eq!(bea.again(&server, &more, &second).await.code(), ErrorCode::NotAllowed);

    let done: ItemWriteResponse = bea.again(&server, &request, &second).await.ok();
    assert_eq!(done.position, changes(&server, bea, 0).await.position);
    let path = format!("/v1/items/{}/revisions?after=2", second.item);
    let bodies: RevisionsResponse = bea.get(&server, &path).await.ok();
    assert_eq!(bodies.revisions, [&hers, &last].map(|writing| writing.request.revision.clone()));
    assert_eq!(changes(&server, cho, 2).await.items.len(), 1);
    // The server answers the newest revision as done, and moves nobody's log.
    for who in [ana, bea] {
        let mut again = request.clone();
        again.write.operation = OperationId(random());
        let before = changes(&server, who, 0).await.position;
        let done: ItemWriteResponse = who.again(&server, &again, &second).await.ok();
        assert_eq!((done.position, changes(&server, who, 0).await.position), (before, before));
    }
    // A deletion as the owner signed it too, but none of their own.
    let gone = ana.set(&last, Status::Deleted);
    let own = bea.set(&last, Status::Deleted);
    assert_eq!(bea.again(&server, &lost(4, &[&own]), &second).await.code(), ErrorCode::Forged);
    bea.again(&server, &lost(4, &[&gone]), &second).await.ok::<ItemWriteResponse>();
}

#[tokio::test]
async fn what_begins_an_epoch_is_given_back_by_the_owner_only() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let third = ana.share(&second, &[(bea, EDIT, None)]);
    let fourth = bea.set(&third, Status::Active);
    let mut request = lost(2, &[&third, &fourth]);
    assert_eq!(bea.again(&server, &request, &second).await.code(), ErrorCode::NotAllowed);
    assert_eq!(ana.again(&server, &request, &second).await.code(), ErrorCode::Forged, "no list");
    request.write.key = third.request.key.clone();
    request.write.list = third.request.list.clone();
    request.write.envelopes = third.request.envelopes.clone();
    assert_eq!(bea.again(&server, &request, &second).await.code(), ErrorCode::NotAllowed);
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    assert_eq!(read(&server, bea, &second).await.unwrap().list, third.request.list);
    // The owner sends an item that the server does not know as well.
    let first = ana.new_item();
    let shared = ana.share(&first, &[(bea, EDIT, None)]);
    let edit = bea.set(&shared, Status::Active);
    let mut request = lost(0, &[&edit]);
    request.write.list = shared.request.list.clone();
    request.write.envelopes = shared.request.envelopes.clone();
    let stranger = cho.set(&shared, Status::Active);
    let mut lie = request.clone();
    (lie.write.revision, lie.write.overview) =
        (stranger.request.revision.clone(), stranger.request.overview.clone());
    assert_eq!(ana.again(&server, &lie, &first).await.code(), ErrorCode::Forged);
    ana.again(&server, &request, &first).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, bea, &first).await.unwrap().revision, edit.request.revision);
}

#[tokio::test]
async fn two_branches_are_united_and_both_keep_their_versions() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, _] = &people;
    let second = shared(&server, &people).await;
    let lost_one = ana.set(&second, Status::Active);
    let held = ana.set(&lost_one, Status::Active);
    let beside = bea.set(&second, Status::Active);
    good(&server, bea, &beside).await;
    let both = united(ana, &held, &beside);
    assert_eq!(
        ana.put(&server, &both).await.code(),
        ErrorCode::Forged,
        "the held one is not known"
    );
    let mut request = lost(3, &[&lost_one, &held, &both]);
    request.parts = vec![version(&held)];
    let mut bent = request.clone();
    bent.parts[0].overview.0[30] ^= 1;
    assert_eq!(ana.again(&server, &bent, &second).await.code(), ErrorCode::Forged);
    bent = request.clone();
    bent.parts[0].revision = bea.set(&second, Status::Active).request.revision;
    assert_eq!(ana.again(&server, &bent, &second).await.code(), ErrorCode::Forged, "no body of it");
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();

    let path = format!("/v1/items/{}", second.item);
    let history: HistoryResponse = bea.get(&server, &format!("{path}/history?before=5")).await.ok();
    assert!(history.versions.contains(&version(&held)) && history.versions.len() == 4);
    assert!(history.versions.contains(&version(&beside)));
    assert!(!history.versions.contains(&version(&lost_one)), "of number 3 as the one beside");
    let bodies: RevisionsResponse = bea.get(&server, &format!("{path}/revisions")).await.ok();
    assert_eq!(bodies.revisions.len(), 6);
    // The parts that were lost come later.
    let next = bea.set(&both, Status::Active);
    let mut request = lost(both.revision.revision, &[&next]);
    request.parts = vec![version(&lost_one)];
    bea.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    let path = format!("{path}/history?before=4");
    let history: HistoryResponse = bea.get(&server, &path).await.ok();
    assert!(history.versions.contains(&version(&lost_one)));
}

#[tokio::test]
async fn an_owner_unites_what_no_longer_leads_anywhere_and_brings_epochs_along() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let third = ana.share(&second, &[(bea, EDIT, None)]);
    let held = ana.share(&third, &[(bea, EDIT, None)]);
    let beside = bea.set(&second, Status::Active);
    good(&server, bea, &beside).await;
    let mut over = united(ana, &held, &beside);
    let rekeyed = ana.share(&held, &[(bea, EDIT, None)]);
    (over.request.key, over.request.envelopes) =
        (rekeyed.request.key.clone(), rekeyed.request.envelopes.clone());
    over.request.list = rekeyed.request.list.clone();
    (over.revision.epoch, over.revision.list) = (rekeyed.revision.epoch, rekeyed.revision.list);
    ana.sign_again(&mut over);
    let mut request = lost(3, &[&held, &over]);
    request.epochs = vec![earlier(&third), earlier(&held)];
    type Change<'a> = (&'a str, ErrorCode, &'a dyn Fn(&mut WriteAgainRequest));
    let changes: &[Change] = &[
        ("a list bent", ErrorCode::Forged, &|r| {
            r.epochs[0].list.as_mut().unwrap().signature.0[0] ^= 1;
        }),
        ("a list of another epoch", ErrorCode::Forged, &|r| r.epochs[0].epoch = 2),
        ("a short key", ErrorCode::Malformed, &|r| {
            r.epochs[0].key.0.truncate(limits::SEALED_KEY - 1)
        }),
        ("its own epoch", ErrorCode::Malformed, &|r| r.epochs[0].epoch = over.revision.epoch),
        ("no epoch", ErrorCode::Malformed, &|r| r.epochs[0].epoch = 0),
        ("too many", ErrorCode::TooLarge, &|r| {
            r.epochs = vec![r.epochs[0].clone(); limits::AGAIN + 1];
        }),
    ];
    for (what, code, change) in changes {
        let mut request = request.clone();
        change(&mut request);
        assert_eq!(ana.again(&server, &request, &second).await.code(), *code, "{what}");
    }
    // The third body is missing: no way of the held one ends, which only an owner may send.
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    let path = format!("/v1/items/{}/history?before=99", second.item);
    let keys = ana.get(&server, &path).await.ok::<HistoryResponse>().keys;
    assert_eq!(keys.iter().map(|key| key.epoch).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let path = format!("/v1/items/{}/revisions?lists=true", second.item);
    let lists = ana.get(&server, &path).await.ok::<RevisionsResponse>().lists;
    let expected = [&second, &third, &held].map(|writing| writing.request.list.clone().unwrap());
    assert_eq!(lists, expected);
}

#[tokio::test]
async fn authors_whom_the_server_does_not_know_any_more_come_with_their_bundles() {
    let server = Server::open().await;
    let ana = member(&server, "ana").await;
    let first = ana.add(&server).await;
    let gone = Member { person: Person::new("dan@example.com"), token: String::new() };
    let shared = ana.share(&first, &[(&gone, EDIT, None)]);
    let hers = gone.set(&shared, Status::Active);
    let last = ana.share(&hers, &[]);
    let mut request = lost(1, &[&shared, &hers, &last]);
    assert_eq!(ana.again(&server, &request, &first).await.code(), ErrorCode::Forged);
    request.bundles = vec![ana.person.sign_bundle(&gone.person.bundle)];
    assert_eq!(ana.again(&server, &request, &first).await.code(), ErrorCode::Forged);
    let mut lookalike = Person::new("Dan@example.com");
    lookalike.signing = gone.person.signing.clone();
    lookalike.bundle.sign_pk = gone.person.bundle.sign_pk;
    request.bundles = vec![lookalike.sign_bundle(&lookalike.bundle)];
    assert_eq!(ana.again(&server, &request, &first).await.code(), ErrorCode::Malformed);
    request.bundles = vec![gone.person.sign_bundle(&gone.person.bundle)];
    ana.again(&server, &request, &first).await.ok::<ItemWriteResponse>();
    // Others can verify what they wrote.
    let path = |person: &Person| format!("/v1/users/{}/bundle", person.user());
    let answer: BundleResponse = ana.get(&server, &path(&gone.person)).await.ok();
    assert_eq!((&answer.bundle, answer.confirmed), (&request.bundles[0], false));
    // Named in the list itself they are not found.
    let named = ana.share(&last, &[(&gone, VIEW, None)]);
    assert_eq!(ana.again(&server, &lost(4, &[&named]), &first).await.code(), ErrorCode::NotFound);
    let mut elsewhere = ana.set(&last, Status::Active);
    elsewhere.revision.prev = Some(Hash([1; 32]));
    ana.sign_again(&mut elsewhere);
    assert_eq!(ana.again(&server, &lost(4, &[&elsewhere]), &first).await.code(), ErrorCode::Stale);
}
