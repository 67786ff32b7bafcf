//! Finding people by name and address. Only confirmed mailboxes are found.

use axum::extract::State;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::schema::SearchText;
use mysafe_protocol::wire::{ErrorCode, PeopleQuery, PeopleResponse, Person};
use mysafe_protocol::{Signed, limits};
use sqlx::Row as _;

use crate::checks;
use crate::database::Connection;
use crate::error::Error;
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::wire::{Answer, Query};

/// The fewest characters that are searched for.
const FEWEST: usize = 2;

/// People whose address, or a word of whose name, begins with a text; at most twenty, by address.
#[utoipa::path(get, operation_id = "search_people", path = "/v1/users", tag = "accounts",
    params(("search" = inline(SearchText), Query)),
    responses((status = 200, body = PeopleResponse)))]
pub async fn search(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Query(query): Query<PeopleQuery>,
) -> Result<Answer<PeopleResponse>, Error> {
    let text = checks::line(&query.search, limits::ADDRESS)?;
    if text.chars().count() < FEWEST {
        return Err(ErrorCode::Malformed.into());
    }
    state.rates.search(&signed_in.user)?;
    let mut connection = state.database.read().await?;
    let people = beginning_with(&mut connection, &signed_in.user, text).await?;
    Ok(Answer(PeopleResponse { people }))
}

async fn beginning_with(
    on: &mut Connection,
    but: &UserId,
    text: &str,
) -> Result<Vec<Person>, sqlx::Error> {
    // What means something to LIKE is meant as it is.
    let text = text.to_lowercase();
    let text = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let rows = sqlx::query(
        "SELECT id, address, name, bundle, bundle_signature FROM users WHERE confirmed IS NOT NULL AND id <> $1 \
         AND (address LIKE $2 ESCAPE '!' OR lower(name) LIKE $2 ESCAPE '!' \
              OR lower(name) LIKE $3 ESCAPE '!') ORDER BY address LIMIT $4",
    )
    .bind(&but.0[..])
    .bind(format!("{text}%"))
    .bind(format!("% {text}%"))
    .bind(limits::FOUND as i64)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let user: Vec<u8> = row.try_get(0)?;
            let user = UserId::try_from(user.as_slice())
                .map_err(|error| sqlx::Error::Decode(error.into()))?;
            let bundle = Signed {
                body: row.try_get::<Vec<u8>, _>(3)?.into(),
                signature: row.try_get::<Vec<u8>, _>(4)?.into(),
            };
            Ok(Person { user, address: row.try_get(1)?, name: row.try_get(2)?, bundle })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use mysafe_protocol::wire::BundleResponse;

    use super::*;
    use crate::mailboxes;
    use crate::rates::SEARCH_BURST;
    use crate::testing::{Member, Server};

    async fn confirmed(server: &Server, name: &str, address: &str) -> Member {
        let member = Member::new(server, address).await;
        let mut transaction = server.state.database.write().await.unwrap();
        mailboxes::confirm(&mut transaction, address, 1).await.unwrap();
        sqlx::query("UPDATE users SET name = $1 WHERE address = $2")
            .bind(name)
            .bind(address)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        member
    }

    /// The names in the addresses of who is found.
    async fn found(server: &Server, by: &Member, text: &str) -> Vec<String> {
        let reply = by.get(server, &format!("/v1/users?search={text}")).await;
        let response: PeopleResponse = reply.ok();
        let name = |address: &str| address.split('@').next().unwrap().to_owned();
        response.people.iter().map(|person| name(&person.address)).collect()
    }

    #[tokio::test]
    async fn confirmed_people_are_found_by_the_beginning_of_address_or_name() {
        let server = Server::open().await;
        let ana = confirmed(&server, "Ana Souza", "ana@example.com").await;
        let bea = confirmed(&server, "Beatriz Lima", "bea@example.com").await;
        confirmed(&server, "Li Bei", "li_bei@example.com").await;
        Member::new(&server, "bento@example.com").await;

        assert_eq!(found(&server, &ana, "be").await, ["bea", "li_bei"]);
        assert_eq!(found(&server, &ana, "BEA@EX").await, ["bea"]);
        assert_eq!(found(&server, &ana, "%20lim").await, ["bea"]);
        assert_eq!(found(&server, &ana, "li").await, ["bea", "li_bei"]);
        assert_eq!(found(&server, &ana, "eatriz").await, [""; 0], "not in the middle of a word");
        assert_eq!(found(&server, &bea, "be").await, ["li_bei"], "not oneself");
        // Nothing means anything but itself.
        assert_eq!(found(&server, &ana, "li_").await, ["li_bei"]);
        for text in ["%25%25", "b_", "!!", "%27%20OR%201"] {
            assert_eq!(found(&server, &ana, text).await, [""; 0], "{text}");
        }
        let reply = ana.get(&server, "/v1/users?search=bea").await;
        let response: PeopleResponse = reply.ok();
        let user = bea.person.user();
        let (address, name) = ("bea@example.com".to_owned(), "Beatriz Lima".to_owned());
        let path = format!("/v1/users/{user}/bundle");
        let known: BundleResponse = ana.get(&server, &path).await.ok();
        assert!(known.confirmed);
        assert_eq!(response.people, [Person { user, address, name, bundle: known.bundle }]);
    }

    #[tokio::test]
    async fn a_search_is_short_and_not_too_often() {
        let server = Server::open().await;
        let ana = confirmed(&server, "Ana", "ana@example.com").await;
        for path in
            ["/v1/users", "/v1/users?search=", "/v1/users?search=a", "/v1/users?search=%20a"]
        {
            assert_eq!(ana.get(&server, path).await.code(), ErrorCode::Malformed, "{path}");
        }
        let long = format!("/v1/users?search={}", "a".repeat(limits::ADDRESS + 1));
        assert_eq!(ana.get(&server, &long).await.code(), ErrorCode::TooLarge);
        let mut refused = 0;
        for _ in 0..2 * SEARCH_BURST {
            let reply = ana.get(&server, "/v1/users?search=ana").await;
            refused += u32::from(!reply.status.is_success());
        }
        assert!(refused > 0 && refused <= SEARCH_BURST);
        // Others are not kept from it.
        let bea = confirmed(&server, "Bea", "bea@example.com").await;
        assert_eq!(found(&server, &bea, "ana").await, ["ana"]);
    }
}
