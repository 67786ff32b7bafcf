//! The pages that links in mails and invitations lead to. They are the same for everyone and every
//! item, run no script and ask for nothing: a page that a server serves is never given a password,
//! it says where MySafe is.

use axum::Router;
use axum::http::{HeaderName, header};
use axum::routing::get;

use crate::state::AppState;

type Page = ([(HeaderName, &'static str); 2], &'static str);

/// Its own style and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

/// Every page: where it is, what kind it is, and its text.
pub const PAGES: [(&str, &str, &str); 3] = [
    ("/item/{item}", HTML, include_str!("pages/item.html")),
    ("/invite", HTML, include_str!("pages/invite.html")),
    ("/page.css", "text/css", include_str!("pages/page.css")),
];

/// The pages; they are no part of the interface that programs call.
pub fn routes() -> Router<AppState> {
    PAGES.into_iter().fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(async move || page(kind, text)))
    })
}

fn page(kind: &'static str, text: &'static str) -> Page {
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)], text)
}

#[cfg(test)]
mod tests {
    use crate::testing::{Call, Server};

    const ITEM: &str = "/item/BwcHBwcHBwcHBwcHBwcHBw";

    #[tokio::test]
    async fn pages_run_nothing_and_tell_nothing_of_what_is_stored() {
        let server = Server::open().await;
        let mut texts = Vec::new();
        for (path, kind) in [
            (ITEM, "text/html; charset=utf-8"),
            ("/item/anything", "text/html; charset=utf-8"),
            ("/invite", "text/html; charset=utf-8"),
            ("/page.css", "text/css"),
        ] {
            let reply = server.send(Call::get(path)).await;
            assert_eq!(reply.status, 200, "{path}");
            assert_eq!(reply.headers["content-type"], kind);
            assert_eq!(reply.headers["content-security-policy"], super::POLICY);
            assert_eq!(reply.headers["x-content-type-options"], "nosniff");
            assert_eq!(reply.headers["referrer-policy"], "no-referrer");
            assert!(!reply.headers.contains_key("set-cookie"));
            let text = String::from_utf8(reply.body).unwrap();
            for tag in ["<script", "<form", "<input", "<iframe", "<img", "style=", "http"] {
                assert!(!text.contains(tag), "{path}: {tag}");
            }
            texts.push(text);
        }
        assert_eq!(texts[0], texts[1], "whether there is such an item is nobody's to learn");
    }

    #[tokio::test]
    async fn every_other_answer_keeps_the_strict_policy() {
        let server = Server::open().await;
        for path in ["/v1/server", "/item", "/item/a/b", "/invite/x"] {
            let policy = &server.send(Call::get(path)).await.headers["content-security-policy"];
            assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{path}");
        }
    }
}
