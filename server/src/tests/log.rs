//! What the log may hold.

use std::sync::{Arc, Mutex};

use mysafe_protocol::wire::ChangesResponse;
use serde_json::json;

use crate::testing::{Call, Member, Server};

/// Collects what would be logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_holds_nothing_that_was_sent() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process: what other threads log on behalf of this test counts too. What other
    // tests log gets in between and does no harm.
    tracing::subscriber::set_global_default(subscriber).expect("the only test that collects logs");

    let server = Server::open().await;
    let ana = Member::new(&server, "planted-address@example.com").await;
    let item = ana.add(&server).await;
    let path = format!("/v1/changes?epoch={}&position=1", server.state.epoch);
    ana.get(&server, &path).await.ok::<ChangesResponse>();
    ana.get(&server, "/v1/changes?planted-query=1").await;
    ana.get(&server, "/planted-path").await;
    server.send(Call::post("/v1/sessions/start").json(&json!({"planted-field": 1}))).await;
    server.send(Call::new("PLANTED", "/v1/server").token("planted-token")).await;

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("/v1/items/{item}"), "requests are logged: {logged}");
    for planted in
        ["planted", "PLANTED", &ana.token, &item.item.to_string(), &server.state.epoch.to_string()]
    {
        assert!(!logged.contains(planted), "{planted} in {logged}");
    }
    assert!(!logged.contains(&ana.person.user().to_string()));
}
