//! All that comes along with a revision that is sent again: bodies, sealed parts, epochs. Here each is
//! verified by itself; `decision` asks whether the bodies lead to the server's newest.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::{AccessList, Bundle, Revision, Signed};
use mysafe_protocol::bytes::{Hash, ItemId, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{EarlierEpoch, ErrorCode, ItemVersion, WriteAgainRequest};

use crate::database::Connection;
use crate::error::Error;
use crate::items::{epochs, returning, revisions};
use crate::sessions::SignedIn;
use crate::{accounts, checks};

/// A signed body and what it says.
pub type Body<'a> = (&'a Signed, Revision);

/// The rest of a request beside its newest revision.
pub struct Sent<'a> {
    /// The bodies that the server did not have when it read the request.
    pub bodies: BTreeMap<Hash, Body<'a>>,
    /// The hashes of all bodies that came along.
    pub named: BTreeSet<Hash>,
    /// Sealed parts of some bodies.
    pub parts: &'a [ItemVersion],
    /// Keys and lists of earlier epochs.
    pub epochs: &'a [EarlierEpoch],
    /// The lists of these epochs.
    pub lists: Vec<AccessList>,
    /// Bundles by their users.
    pub bundles: BTreeMap<UserId, &'a Signed>,
}

/// Verifies a revision that is sent again, whoever wrote it, and all that comes along.
pub async fn read<'a>(
    on: &mut Connection,
    signed_in: &SignedIn,
    item: &ItemId,
    request: &'a WriteAgainRequest,
) -> Result<(Revision, Sent<'a>), Error> {
    let WriteAgainRequest { write, between, parts, epochs, bundles } = request;
    let longest = [between.len(), parts.len(), epochs.len(), bundles.len()].into_iter().max();
    if longest > Some(limits::AGAIN) {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut authors = Authors(BTreeMap::from([(signed_in.user, signed_in.sign_pk)]));
    let bundles = authors.meet(bundles)?;
    let newest = authors.body(on, item, &write.revision).await?;
    let hashes: BTreeSet<Hash> = between.iter().map(Signed::hash).collect();
    // Of an item that comes back to its owner nothing stays.
    let known = match returning::is_due(on, &signed_in.user, item).await? {
        true => BTreeMap::new(),
        false => revisions::known(on, item, &hashes).await?,
    };
    let mut bodies = BTreeMap::new();
    for signed in between.iter().filter(|signed| !known.contains_key(&signed.hash())) {
        bodies.insert(signed.hash(), (signed, authors.body(on, item, signed).await?));
    }
    let lists = epochs::earlier(epochs, &newest, signed_in)?;
    Ok((newest, Sent { bodies, named: hashes, parts, epochs, lists, bundles }))
}

/// The keys by which bodies are verified.
struct Authors(BTreeMap<UserId, [u8; 32]>);

impl Authors {
    /// Takes the keys of bundles, each of which proves the id that it is for.
    fn meet<'a>(&mut self, bundles: &'a [Signed]) -> Result<BTreeMap<UserId, &'a Signed>, Error> {
        let mut met = BTreeMap::new();
        for signed in bundles {
            checks::signed(signed)?;
            let bundle = Bundle::accept(signed)?;
            checks::address(&bundle.address)?;
            self.0.insert(bundle.user(), bundle.sign_pk);
            met.insert(bundle.user(), signed);
        }
        Ok(met)
    }

    /// Reads a body of an item and verifies that its author signed it.
    async fn body(
        &mut self,
        on: &mut Connection,
        item: &ItemId,
        signed: &Signed,
    ) -> Result<Revision, Error> {
        checks::signed(signed)?;
        let revision = Revision::read(signed)?;
        let author = revision.author;
        let key = match self.0.get(&author) {
            Some(key) => *key,
            None => accounts::sign_pk(on, &author).await?.ok_or(ErrorCode::Forged)?,
        };
        self.0.insert(author, key);
        let revision = Revision::accept(signed, &key)?;
        if revision.item == *item { Ok(revision) } else { Err(ErrorCode::Forged.into()) }
    }
}
