//! The description of the interface, made from the code: a route that is not described here is
//! not served either.

use axum::Json;
use axum::response::IntoResponse;
use mysafe_protocol::wire::ErrorResponse;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;
use crate::{accounts, events, items, mailboxes, metrics, secrets, server, sessions};

mod completed;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "MySafe server",
        description = "Stores what it cannot open. Bodies are JSON with binary values in base64url \
                       without padding, or CBOR with the same field names and byte strings. Every \
                       answer that is not a success has an ErrorResponse.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ErrorResponse)),
    security(("token" = [])),
    modifiers(&Token)
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// All routes with their description.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(server::routes())
        .merge(accounts::routes())
        .merge(mailboxes::routes())
        .merge(secrets::routes())
        .merge(sessions::routes())
        .merge(items::routes())
        .merge(events::routes())
        .routes(routes!(metrics::metrics))
        .routes(routes!(openapi))
}

/// The description as a JSON document.
pub fn document() -> serde_json::Value {
    let document = serde_json::to_value(routes().into_openapi());
    completed::completed(document.expect("a description is JSON"))
}

/// This description of the interface.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", security(()),
    responses((status = 200, body = Object)))]
pub async fn openapi() -> impl IntoResponse {
    Json(document())
}
