//! The account record: what an account keeps for itself on all its devices, sealed.

use axum::extract::State;
use axum::http::StatusCode;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::limits;
use mysafe_protocol::wire::{AccountRecord, ErrorCode, ErrorResponse, RecordWriteRequest};
use sqlx::Row as _;

use crate::database::Connection;
use crate::error::Error;
use crate::rates::Writes;
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::wire::Body;
use crate::{checks, items};

/// A new account record in place of the one it names. The same one again is answered again.
#[utoipa::path(put, operation_id = "write_record", path = "/v1/accounts/record", tag = "accounts",
    request_body = RecordWriteRequest,
    responses((status = 204),
        (status = 412, body = ErrorResponse)))]
pub async fn write(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Body(request): Body<RecordWriteRequest>,
) -> Result<StatusCode, Error> {
    let RecordWriteRequest { base, base_hash, record } = &request;
    checks::sealed(&record.blob, limits::SEAL + limits::ACCOUNT)?;
    checks::number(record.version)?;
    if record.version <= *base || record.version - base > limits::GAP {
        return Err(ErrorCode::Forged.into());
    }
    let user = &signed_in.user;
    state.rates.write(user, Writes::Content)?;
    let mut transaction = state.database.write().await?;
    let position = items::next_position(&mut transaction, user).await?;
    let stored = stored(&mut transaction, user).await?;
    if stored == *record {
        // The dropped transaction gives the position back.
        return Ok(StatusCode::NO_CONTENT);
    }
    if stored.version != *base || stored.hash() != *base_hash {
        return Err(Error::Stale(None));
    }
    replace(&mut transaction, user, record, position).await?;
    transaction.commit().await?;
    state.feed.changed(user, position);
    Ok(StatusCode::NO_CONTENT)
}

async fn stored(on: &mut Connection, user: &UserId) -> Result<AccountRecord, sqlx::Error> {
    let row = sqlx::query("SELECT version, blob FROM account_records WHERE owner = $1")
        .bind(&user.0[..])
        .fetch_one(on)
        .await?;
    let version: i64 = row.try_get(0)?;
    Ok(AccountRecord {
        version: version.unsigned_abs(),
        blob: row.try_get::<Vec<u8>, _>(1)?.into(),
    })
}

async fn replace(
    on: &mut Connection,
    user: &UserId,
    record: &AccountRecord,
    position: i64,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE account_records SET version = $2, blob = $3, position = $4 WHERE owner = $1",
    )
    .bind(&user.0[..])
    .bind(checks::number(record.version)?)
    .bind(&record.blob[..])
    .bind(position)
    .execute(on)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use mysafe_protocol::Bytes;
    use mysafe_protocol::wire::ChangesResponse;

    use super::*;
    use crate::testing::{Call, Member, Reply, Server, sealed};

    fn record(version: u64, length: usize) -> AccountRecord {
        AccountRecord { version, blob: sealed(limits::SEAL + length) }
    }

    /// In place of one.
    async fn put_over(
        server: &Server,
        who: &Member,
        over: &AccountRecord,
        record: AccountRecord,
    ) -> Reply {
        let (base, base_hash) = (over.version, over.hash());
        let request = RecordWriteRequest { base, base_hash, record };
        let call = Call::put("/v1/accounts/record").token(&who.token);
        server.send(call.cbor(&request)).await
    }

    /// In place of the one there, said to be of this version.
    async fn put(server: &Server, who: &Member, base: u64, record: AccountRecord) -> Reply {
        let mut transaction = server.state.database.write().await.unwrap();
        let there = stored(&mut transaction, &who.person.user()).await.unwrap();
        drop(transaction);
        put_over(server, who, &AccountRecord { version: base, ..there }, record).await
    }

    async fn changes(server: &Server, who: &Member, after: u64) -> ChangesResponse {
        let epoch = server.state.epoch;
        who.get(server, &format!("/v1/changes?epoch={epoch}&position={after}")).await.ok()
    }

    #[tokio::test]
    async fn of_two_writers_one_goes_first_and_the_other_learns_of_it() {
        let server = Server::open().await;
        let ana = Member::new(&server, "ana@example.com").await;
        let bea = Member::new(&server, "bea@example.com").await;
        assert_eq!(put(&server, &ana, 1, record(2, 256)).await.status, 204);
        let page = changes(&server, &ana, 1).await;
        assert_eq!((page.position, page.account), (2, Some(record(2, 256))));
        // Sent again, because the answer was lost.
        assert_eq!(put(&server, &ana, 1, record(2, 256)).await.status, 204);
        assert_eq!(changes(&server, &ana, 2).await.position, 2);
        let late = put(&server, &ana, 1, record(2, 512)).await;
        assert_eq!(late.code(), ErrorCode::Stale);
        // Of the same version, but another one: as after a restore.
        let beside = put_over(&server, &ana, &record(2, 512), record(3, 512)).await;
        assert_eq!(beside.code(), ErrorCode::Stale);
        // Above what a device holds, after a restore.
        assert_eq!(put(&server, &ana, 2, record(9, 512)).await.status, 204);
        assert_eq!(changes(&server, &ana, 2).await.account, Some(record(9, 512)));
        assert_eq!(changes(&server, &bea, 1).await.account, None, "nobody else's");
    }

    #[tokio::test]
    async fn a_record_is_sealed_bounded_and_higher() {
        let server = Server::open().await;
        let ana = Member::new(&server, "ana@example.com").await;
        for (base, written, code) in [
            (1, record(1, 256), ErrorCode::Forged),
            (1, record(0, 256), ErrorCode::Forged),
            (1, record(2 + limits::GAP, 256), ErrorCode::Forged),
            (2, record(3, 256), ErrorCode::Stale),
            (1, record(2, limits::ACCOUNT + 1), ErrorCode::TooLarge),
            (1, AccountRecord { version: 2, blob: Bytes(vec![2; 300]) }, ErrorCode::Malformed),
            (1, AccountRecord { version: u64::MAX, blob: sealed(300) }, ErrorCode::Malformed),
        ] {
            let version = written.version;
            assert_eq!(put(&server, &ana, base, written).await.code(), code, "{version}");
        }
        assert_eq!(changes(&server, &ana, 1).await.account, None);
        assert_eq!(put(&server, &ana, 1, record(2, limits::ACCOUNT)).await.status, 204);
    }
}
