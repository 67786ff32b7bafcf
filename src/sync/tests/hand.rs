//! Writes made by hand with a real account and a real key: a client of ours would not make them.

use std::rc::Rc;

use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use mysafe_protocol::{Bytes, Context, ItemId, OperationId, Revision};

use super::device::Device;
use super::server::Server;
use crate::crypto::{Identity, ItemKey, Random, SystemRandom};
use crate::model::{Details, Overview, Secret, Stamp};
use crate::sync::RemoteError;

/// Somebody with the key of an item, and the state that they write over.
pub(super) struct Hand {
    pub(super) identity: Rc<Identity>,
    pub(super) key: ItemKey,
    pub(super) over: ItemState,
}

/// The two sealed parts of a version.
pub(super) struct Parts {
    pub(super) overview: Vec<u8>,
    pub(super) details: Vec<u8>,
}

impl Hand {
    /// Somebody with a device, over the state that the server shows them now.
    pub(super) fn of(device: &Device, item: &ItemId) -> Self {
        let over = device.line.server.item_of(&device.line.user, item).expect("they have access");
        Self::over(Rc::new(device.identity()), over)
    }

    /// Somebody over a state whose key is sealed for them.
    pub(super) fn over(identity: Rc<Identity>, over: ItemState) -> Self {
        let epoch = Revision::read(&over.revision).unwrap().epoch;
        let key = ItemKey::disclose(&identity, &over.item, epoch, &over.key).unwrap();
        Self { identity, key, over }
    }

    /// The revision that follows the state, by this person.
    pub(super) fn next(&self) -> Revision {
        let over = Revision::read(&self.over.revision).unwrap();
        Revision {
            revision: over.revision + 1,
            author: self.identity.user(),
            content: Hash([0; 32]),
            prev: Some(self.over.revision.hash()),
            also: None,
            ..over
        }
    }

    /// The overview of the state, changed by this person.
    pub(super) fn overview(&self) -> Overview {
        self.try_overview().expect("the version opens")
    }

    /// The same, if the version opens.
    pub(super) fn try_overview(&self) -> Option<Overview> {
        let over = Revision::read(&self.over.revision).ok()?;
        let Revision { item, epoch, revision, .. } = over;
        let opened = self.key.open_overview(&item, epoch, revision, &self.over.overview).ok()?;
        let changed = Some(Stamp { user: self.identity.user(), time: 9 });
        Some(Overview { changed, ..Overview::decode(&opened).ok()? })
    }

    /// Both parts, sealed as they should be.
    pub(super) fn seal(&self, revision: &Revision, overview: &Overview, secret: &str) -> Parts {
        let Revision { item, epoch, revision, .. } = *revision;
        let (random, details) = (&mut SystemRandom, Details::new(Secret::new(secret)));
        let overview = self.key.seal_overview(&item, epoch, revision, &overview.encode(), random);
        let details = self.key.seal_details(&item, epoch, revision, &details.encode(), random);
        Parts { overview, details }
    }

    /// The signed write of a revision with these parts.
    pub(super) fn sign(&self, revision: Revision, parts: Parts) -> ItemWriteRequest {
        let Parts { overview, details } = parts;
        let content = Context::item_content(&overview, &details).hash();
        let revision = Revision { content, ..revision };
        ItemWriteRequest {
            operation: OperationId(SystemRandom.array()),
            base: Revision::read(&self.over.revision).unwrap().revision,
            revision: self.identity.sign_revision(&revision),
            overview: Bytes(overview),
            details: Bytes(details),
            key: None,
            identifier: None,
            list: None,
            envelopes: Vec::new(),
        }
    }

    /// Uploads such a write.
    pub(super) fn upload(
        &self,
        server: &Server,
        revision: Revision,
        parts: Parts,
    ) -> Result<ItemWriteRequest, RemoteError> {
        let request = self.sign(revision, parts);
        server.write_of(&self.identity.user(), &self.over.item, &request)?;
        Ok(request)
    }
}
