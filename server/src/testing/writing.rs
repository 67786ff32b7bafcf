//! Writes of items: blobs of the right form that hold nothing, with revisions really signed.

use axum::body::Body;
use axum::http::Request;
use ed25519_dalek::Signer as _;
use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Revision, Signed, Status};
use mysafe_protocol::bytes::{Hash, ItemId, OperationId};
use mysafe_protocol::wire::{Envelope, ItemWriteRequest, ItemWriteResponse, WriteAgainRequest};
use mysafe_protocol::{Bytes, Context, limits};

use super::{Call, Member, Reply, Server};
use crate::state::random;

/// A blob of this length that looks sealed.
pub fn sealed(length: usize) -> Bytes {
    let mut blob = vec![0x55; length];
    blob[0] = 0x01;
    Bytes(blob)
}

/// A write being made: the revision can be changed until it is signed, the request until it is
/// sent.
#[derive(Clone)]
pub struct Writing {
    pub item: ItemId,
    pub revision: Revision,
    pub request: ItemWriteRequest,
}

impl Member {
    /// The first revision of a new item.
    pub fn new_item(&self) -> Writing {
        let item = ItemId::new(&self.person.user(), random());
        let mut writing = self.writing(item, 0, 1, None);
        writing.request.key = Some(sealed(limits::SEALED_KEY));
        writing
    }

    /// The revision after one that was written.
    pub fn next(&self, before: &Writing) -> Writing {
        let number = before.revision.revision;
        self.writing(before.item, number, number + 1, Some(&before.request.revision))
    }

    fn writing(&self, item: ItemId, base: u64, number: u64, before: Option<&Signed>) -> Writing {
        let mut overview = sealed(limits::SEAL + 256);
        overview.0[1..17].copy_from_slice(&random::<16>());
        let details = sealed(limits::SEAL + 128);
        let revision = Revision {
            item,
            epoch: 1,
            revision: number,
            list: None,
            content: Context::item_content(&overview, &details).hash(),
            status: Status::Active,
            author: self.person.user(),
            time: 1_800_000_000_000,
            prev: before.map(Signed::hash),
            also: None,
        };
        let request = ItemWriteRequest {
            operation: OperationId(random()),
            base,
            revision: self.sign(&revision),
            overview,
            details,
            key: None,
            identifier: None,
            list: None,
            envelopes: vec![],
        };
        Writing { item, revision, request }
    }

    /// The same, with the item disabled, enabled or deleted.
    pub fn set(&self, before: &Writing, status: Status) -> Writing {
        let mut writing = self.next(before);
        writing.revision = Revision {
            epoch: before.revision.epoch,
            list: before.revision.list,
            status,
            ..writing.revision
        };
        if status == Status::Deleted {
            writing.request.overview = Bytes(vec![]);
            writing.request.details = Bytes(vec![]);
        }
        self.sign_again(&mut writing);
        writing
    }

    /// The first revision of the next epoch.
    pub fn next_epoch(&self, before: &Writing) -> Writing {
        let mut writing = self.next(before);
        let list = AccessList {
            item: before.item,
            epoch: before.revision.epoch + 1,
            owner: self.person.user(),
            commit: Hash([6; 32]),
            grants: vec![],
        };
        writing.request.key = Some(sealed(limits::SEALED_KEY));
        self.with_list(&mut writing, &list);
        writing
    }

    /// The first revision of the next epoch, which gives access to these people and nobody else. The
    /// status stays.
    pub fn share(&self, before: &Writing, with: &[(&Member, Permission, Option<u64>)]) -> Writing {
        let mut writing = self.next_epoch(before);
        writing.revision.status = before.revision.status;
        let mut grants: Vec<Grant> = with
            .iter()
            .map(|(member, permission, until)| {
                let to = Grantee::User(member.person.user());
                Grant { to, permission: *permission, until: *until }
            })
            .collect();
        AccessList::sort(&mut grants);
        let envelope = |grant: &Grant| match grant.to {
            Grantee::User(user) => Envelope { user, blob: sealed(limits::ENVELOPE) },
            Grantee::Group { .. } => unreachable!("people only"),
        };
        writing.request.envelopes = grants.iter().map(envelope).collect();
        let list = AccessList {
            item: before.item,
            epoch: before.revision.epoch + 1,
            owner: self.person.user(),
            commit: Hash([6; 32]),
            grants,
        };
        self.with_list(&mut writing, &list);
        writing
    }

    /// Puts a list into a write and signs both.
    pub fn with_list(&self, writing: &mut Writing, list: &AccessList) {
        let body = list.encode();
        let signature = self.person.signing.sign(Context::sign_list(&body).as_bytes());
        let signed = Signed { body: Bytes(body), signature: Bytes(signature.to_bytes().to_vec()) };
        writing.revision.epoch = list.epoch;
        writing.revision.list = Some(signed.hash());
        writing.request.list = Some(signed);
        self.sign_again(writing);
    }

    /// Signs a revision as this member.
    pub fn sign(&self, revision: &Revision) -> Signed {
        let body = revision.encode();
        let signature = self.person.signing.sign(Context::sign_revision(&body).as_bytes());
        Signed { body: Bytes(body), signature: Bytes(signature.to_bytes().to_vec()) }
    }

    /// Makes content and revision fit the request's blobs again and signs anew.
    pub fn sign_again(&self, writing: &mut Writing) {
        let request = &mut writing.request;
        writing.revision.content =
            Context::item_content(&request.overview, &request.details).hash();
        request.revision = self.sign(&writing.revision);
    }

    /// Sends a write.
    pub async fn put(&self, server: &Server, writing: &Writing) -> Reply {
        server.send(self.call(writing).json(&writing.request)).await
    }

    /// Sends a write again, with all that comes along.
    pub async fn again(
        &self,
        server: &Server,
        request: &WriteAgainRequest,
        item: &Writing,
    ) -> Reply {
        let call = Call::put(format!("/v1/items/{}/again", item.item)).token(&self.token);
        server.send(call.json(request)).await
    }

    /// A write as a request, to be sent by hand.
    pub fn put_request(&self, writing: &Writing) -> Request<Body> {
        self.call(writing).json(&writing.request).request()
    }

    /// Where a write goes.
    pub fn call(&self, writing: &Writing) -> Call {
        Call::put(format!("/v1/items/{}", writing.item)).token(&self.token)
    }

    /// Writes a new item, which must go well.
    pub async fn add(&self, server: &Server) -> Writing {
        let writing = self.new_item();
        self.put(server, &writing).await.ok::<ItemWriteResponse>();
        writing
    }
}

/// The last of these again over the one of number `base`, with all between.
pub fn lost(base: u64, of: &[&Writing]) -> WriteAgainRequest {
    let (last, before) = of.split_last().unwrap();
    let mut write = last.request.clone();
    write.operation = OperationId(random());
    write.base = base;
    if base == 0 {
        write.key = Some(sealed(limits::SEALED_KEY));
    }
    let between = before.iter().map(|writing| writing.request.revision.clone()).collect();
    WriteAgainRequest::new(write, between)
}
