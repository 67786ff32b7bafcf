//! The ways in which a part of a version can be wrong, and the server's answer to each.

use mysafe::crypto::SystemRandom;
use mysafe::model::{Overview, Stamp};
use mysafe::protocol::bodies::Status;
use mysafe::protocol::bytes::{Hash, IdentifierTag};
use mysafe::protocol::cbor::Fields;
use mysafe::protocol::wire::{Envelope, ItemWriteRequest};
use mysafe::protocol::{Bytes, ItemId, limits};

use self::Answer::{Readable, Refused, Stale, Unreadable};
use super::super::{ErrorCode, Revision};
use super::hand::{Hand, Parts, details, noise};

/// The server's answer, and for a version that it takes, what the clients make of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The server cannot know that it is wrong, and no client opens it.
    Unreadable,
    /// The clients take it as any other version.
    Readable,
    /// The server refuses it.
    Refused(ErrorCode),
    /// The server says that another version is the newest.
    Stale,
}

/// One way of being wrong: the answer to it, its name, and the write.
pub type Wrong = (Answer, &'static str, fn(&Hand) -> ItemWriteRequest);

/// The longest overview that the server takes.
const OVERVIEW: usize = limits::SEAL + limits::OVERVIEW;
/// The longest details that the server takes.
const DETAILS: usize = limits::SEAL + limits::DETAILS;
const TOO_LARGE: Answer = Refused(ErrorCode::TooLarge);
const MALFORMED: Answer = Refused(ErrorCode::Malformed);
const FORGED: Answer = Refused(ErrorCode::Forged);
const NOT_ALLOWED: Answer = Refused(ErrorCode::NotAllowed);

pub const WRONG_DETAILS: &[Wrong] = &[
    (Unreadable, "details: noise", |hand| hand.with_details(noise(193))),
    (Unreadable, "details: malformed CBOR", |hand| hand.with_details(hand.seal_details(&[0xff]))),
    (Unreadable, "details: a text that is none", |hand| {
        let mut fields = Fields::new();
        fields.put(1, 7);
        hand.with_details(hand.seal_details(&fields.encode()))
    }),
    (Unreadable, "details: key of the epoch before", |hand| {
        let (at, text) = (hand.next(), details("old"));
        let random = &mut SystemRandom;
        let sealed = hand.old.seal_details(&at.item, at.epoch, at.revision, &text, random);
        hand.with_details(sealed)
    }),
    (Unreadable, "details: another number", |hand| {
        let mut at = hand.next();
        at.revision += 1;
        hand.with_details(hand.seal_details_at(&at, &details("later")))
    }),
    (Unreadable, "details: another item", |hand| {
        let mut at = hand.next();
        at.item = ItemId([7; 16]);
        hand.with_details(hand.seal_details_at(&at, &details("elsewhere")))
    }),
    (Unreadable, "details: the overview", |hand| {
        hand.with_details(hand.seal_overview(&hand.overview().encode()))
    }),
    (Unreadable, "details: shorter than any", |hand| hand.with_details(noise(limits::SEAL))),
    (Unreadable, "details: noise of the limit", |hand| hand.with_details(noise(DETAILS))),
    (Readable, "details: a text of the limit", |hand| {
        // A head of 7 bytes, and one byte of padding.
        let text = "x".repeat(limits::DETAILS - 8);
        let sealed = hand.seal_details(&details(&text));
        assert_eq!(sealed.len(), DETAILS);
        hand.with_details(sealed)
    }),
    (TOO_LARGE, "details: noise over the limit", |hand| hand.with_details(noise(DETAILS + 1))),
    (TOO_LARGE, "details: a text over the limit", |hand| {
        let text = "x".repeat(limits::DETAILS);
        hand.with_details(hand.seal_details(&details(&text)))
    }),
    (MALFORMED, "details: another version byte", |hand| {
        let mut sealed = hand.seal_details(&details("of another suite"));
        sealed[0] = 2;
        hand.with_details(sealed)
    }),
    (MALFORMED, "details: too short", |hand| hand.with_details(noise(limits::SEAL - 1))),
    (MALFORMED, "details: none", |hand| hand.with_details(Vec::new())),
    (FORGED, "details: not those that were signed", |hand| ItemWriteRequest {
        details: Bytes(hand.seal_details(&details("exchanged"))),
        ..hand.good()
    }),
];

/// Returns the write that follows, with an overview that says something else.
fn saying(hand: &Hand, change: fn(&Hand, &mut Overview)) -> ItemWriteRequest {
    let mut overview = hand.overview();
    change(hand, &mut overview);
    hand.with_overview(hand.seal_overview(&overview.encode()))
}

pub const WRONG_OVERVIEWS: &[Wrong] = &[
    (Unreadable, "overview: noise", |hand| hand.with_overview(noise(289))),
    (Unreadable, "overview: malformed CBOR", |hand| {
        hand.with_overview(hand.seal_overview(&[0xff]))
    }),
    (Unreadable, "overview: a method that there is not", |hand| {
        let mut fields = Fields::decode(&hand.overview().encode()).expect("well formed");
        fields.put(6, 7);
        hand.with_overview(hand.seal_overview(&fields.encode()))
    }),
    (Unreadable, "overview: changed by another", |hand| {
        saying(hand, |hand, overview| {
            overview.changed = Some(Stamp { user: hand.other, time: 9 });
        })
    }),
    (Unreadable, "overview: changed by nobody", |hand| {
        saying(hand, |_, overview| overview.changed = None)
    }),
    (Unreadable, "overview: key of the epoch before", |hand| {
        let (at, text) = (hand.next(), hand.overview().encode());
        let random = &mut SystemRandom;
        let sealed = hand.old.seal_overview(&at.item, at.epoch, at.revision, &text, random);
        hand.with_overview(sealed)
    }),
    (Unreadable, "overview: another number", |hand| {
        let mut at = hand.next();
        at.revision += 1;
        hand.with_overview(hand.seal_overview_at(&at, &hand.overview().encode()))
    }),
    (Unreadable, "overview: another item", |hand| {
        let mut at = hand.next();
        at.item = ItemId([7; 16]);
        hand.with_overview(hand.seal_overview_at(&at, &hand.overview().encode()))
    }),
    (Unreadable, "overview: the details", |hand| {
        hand.with_overview(hand.seal_details(&details("below")))
    }),
    (Unreadable, "overview: noise of the limit", |hand| hand.with_overview(noise(OVERVIEW))),
    (Unreadable, "both: noise", |hand| {
        let parts = Parts { overview: noise(289), details: noise(161) };
        hand.sign(hand.next(), parts)
    }),
    (Readable, "overview: a name longer than names are", |hand| {
        saying(hand, |_, overview| overview.name = "x".repeat(limits::OVERVIEW / 2))
    }),
    (Readable, "overview: full to its last byte", |hand| {
        saying(hand, |_, overview| {
            overview.notes = "x".repeat(limits::NOTES);
            let rest = limits::OVERVIEW - 1 - overview.encode().len();
            overview.notes += &"x".repeat(rest);
            assert_eq!(overview.encode().len(), limits::OVERVIEW - 1);
        })
    }),
    (TOO_LARGE, "overview: noise over the limit", |hand| hand.with_overview(noise(OVERVIEW + 1))),
    (TOO_LARGE, "overview: a name over the limit", |hand| {
        saying(hand, |_, overview| overview.name = "x".repeat(limits::OVERVIEW))
    }),
    (MALFORMED, "overview: another version byte", |hand| {
        let mut sealed = hand.seal_overview(&hand.overview().encode());
        sealed[0] = 2;
        hand.with_overview(sealed)
    }),
    (MALFORMED, "overview: too short", |hand| hand.with_overview(noise(limits::SEAL - 1))),
    (MALFORMED, "overview: none", |hand| hand.with_overview(Vec::new())),
    (FORGED, "overview: not the one that was signed", |hand| ItemWriteRequest {
        overview: Bytes(hand.seal_overview(&hand.overview().encode())),
        ..hand.good()
    }),
];

/// Returns a good write with another signed body.
fn signing(hand: &Hand, change: fn(&Hand, Vec<u8>) -> Vec<u8>) -> ItemWriteRequest {
    let good = hand.good();
    let revision = hand.account.sign_bytes(change(hand, good.revision.body.0.clone()));
    ItemWriteRequest { revision, ..good }
}

pub const WRONG_REVISIONS: &[Wrong] = &[
    (Readable, "revision: the number as far as allowed", |hand| {
        hand.with_revision(|revision| revision.revision += limits::GAP - 1)
    }),
    (FORGED, "revision: a number beyond", |hand| {
        hand.with_revision(|revision| revision.revision += limits::GAP)
    }),
    (FORGED, "revision: the number of the newest", |hand| {
        hand.with_revision(|revision| revision.revision -= 1)
    }),
    (FORGED, "revision: noise for a signature", |hand| {
        let mut write = hand.good();
        write.revision.signature = Bytes(noise(64));
        write
    }),
    (FORGED, "revision: another body than was signed", |hand| {
        let signature = hand.good().revision.signature;
        let mut write = hand.good();
        write.revision.signature = signature;
        write
    }),
    (FORGED, "revision: signed by another than its author", |hand| {
        hand.with_revision(|revision| revision.author.0[0] ^= 1)
    }),
    (FORGED, "revision: in the name of another member", |hand| {
        let other = hand.other;
        hand.with_revision(|revision| revision.author = other)
    }),
    (MALFORMED, "revision: malformed CBOR", |hand| signing(hand, |_, _| vec![0xff])),
    (MALFORMED, "revision: cut", |hand| {
        signing(hand, |_, mut body| {
            body.pop();
            body
        })
    }),
    (MALFORMED, "revision: something after it", |hand| {
        signing(hand, |_, body| [body, vec![0]].concat())
    }),
    (TOO_LARGE, "revision: over the limit", |hand| {
        signing(hand, |_, body| [body, vec![0; limits::BODY]].concat())
    }),
    (FORGED, "revision: of another item", |hand| {
        hand.with_revision(|revision| revision.item = ItemId([7; 16]))
    }),
    (FORGED, "revision: an epoch of the editor's", |hand| {
        hand.with_revision(|revision| revision.epoch += 1)
    }),
    (FORGED, "revision: the epoch before", |hand| {
        hand.with_revision(|revision| revision.epoch -= 1)
    }),
    (FORGED, "revision: another list", |hand| {
        hand.with_revision(|revision| revision.list = Some(Hash([7; 32])))
    }),
    (Stale, "revision: over another than the newest", |hand| {
        hand.with_revision(|revision| revision.prev = Some(Hash([7; 32])))
    }),
    (Stale, "revision: it unites with one that there is not", |hand| {
        hand.with_revision(|revision| revision.also = Some(Hash([7; 32])))
    }),
    (NOT_ALLOWED, "revision: the item is deleted", |hand| {
        let revision = Revision { status: Status::Deleted, ..hand.next() };
        let parts = Parts { overview: Vec::new(), details: Vec::new() };
        hand.sign(revision, parts)
    }),
    (FORGED, "write: another base", |hand| {
        let good = hand.good();
        ItemWriteRequest { base: good.base - 1, ..good }
    }),
    (NOT_ALLOWED, "write: a key of the owner's", |hand| ItemWriteRequest {
        key: Some(Bytes(noise(limits::SEALED_KEY))),
        ..hand.good()
    }),
    (NOT_ALLOWED, "write: a list of the editor's", |hand| {
        let list = hand.over.list.as_ref().expect("it is shared");
        let list = Some(hand.account.sign_bytes(list.body.0.clone()));
        ItemWriteRequest { list, ..hand.good() }
    }),
    (MALFORMED, "write: an envelope of the editor's", |hand| ItemWriteRequest {
        envelopes: vec![Envelope { user: hand.other, blob: Bytes(noise(limits::ENVELOPE)) }],
        ..hand.good()
    }),
    (NOT_ALLOWED, "write: an Identifier", |hand| ItemWriteRequest {
        identifier: Some(IdentifierTag([7; 16])),
        ..hand.good()
    }),
];
