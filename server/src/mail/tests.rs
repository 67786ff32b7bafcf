//! Letters get to their readers once, also where the way there fails for a while.

use std::os::unix::fs::PermissionsExt as _;

use super::delivery::deliver;
use super::{Letter, send};
use crate::testing::Server;

const FOR_EVER: i64 = 7 * 24 * 60 * 60;

async fn put(server: &Server, letter: &Letter, life: i64) {
    let now = server.state.clock.now();
    let mut transaction = server.state.database.write().await.unwrap();
    send(&mut transaction, "ana@example.com", letter, now, now + life).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_letter_is_delivered_once_as_text_and_as_html() {
    let (server, receiver) = Server::with_mail().await;
    put(&server, &Letter::Confirm { code: "01234567".into() }, FOR_EVER).await;
    assert_eq!(deliver(&server.state).await.unwrap(), 1);
    let mails = receiver.mails();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "ana@example.com");
    assert_eq!(mail.code(), "01234567");
    for part in [
        "Subject: Confirm your email for MySafe",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "From: MySafe <mysafe@example.com>",
        "Auto-Submitted: auto-generated",
        "0123 4567</p>",
    ] {
        assert!(mail.text.contains(part), "{part} in {}", mail.text);
    }
    assert_eq!(deliver(&server.state).await.unwrap(), 0);
    assert!(receiver.mails().is_empty());
}

#[tokio::test]
async fn what_was_not_taken_is_tried_again_after_longer_and_longer() {
    let (server, receiver) = Server::with_mail().await;
    receiver.refuse(Some("451 not now"));
    put(&server, &Letter::Recovered, FOR_EVER).await;
    for wait in [30, 60, 120, 240] {
        assert_eq!(deliver(&server.state).await.unwrap(), 1);
        assert!(receiver.mails().is_empty());
        server.wait(wait - 1);
        assert_eq!(deliver(&server.state).await.unwrap(), 0, "not before {wait} s");
        server.wait(1);
    }
    receiver.refuse(None);
    assert_eq!(deliver(&server.state).await.unwrap(), 1);
    assert_eq!(receiver.mails().len(), 1);
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() {
    let (server, receiver) = Server::with_mail().await;
    receiver.refuse(Some("550 nobody here"));
    put(&server, &Letter::Recovered, FOR_EVER).await;
    assert_eq!(deliver(&server.state).await.unwrap(), 1);
    receiver.refuse(None);
    server.wait(24 * 60 * 60);
    assert_eq!(deliver(&server.state).await.unwrap(), 0);
}

#[tokio::test]
async fn only_a_reader_who_is_not_there_is_given_up() {
    for (answer, waits) in [
        ("530 5.7.0 authentication required", true),
        ("535 5.7.8 bad credentials", true),
        ("552 5.3.4 too big", true),
        ("554 no service", true),
        ("550 5.7.1 relaying denied", true),
        ("500 what", true),
        ("550 5.1.1 no such user", false),
        ("551 user not local", false),
        ("553 5.1.3 bad address", false),
        ("556 domain takes no mail", false),
    ] {
        let (server, receiver) = Server::with_mail().await;
        receiver.refuse(Some(answer));
        put(&server, &Letter::Recovered, FOR_EVER).await;
        assert_eq!(deliver(&server.state).await.unwrap(), 1, "{answer}");
        receiver.refuse(None);
        server.wait(30);
        assert_eq!(deliver(&server.state).await.unwrap(), usize::from(waits), "{answer}");
        assert_eq!(receiver.mails().len(), usize::from(waits), "{answer}");
    }
}

#[tokio::test]
async fn a_letter_outlives_the_server_that_took_it_and_not_its_use() {
    let (server, receiver) = Server::with_mail().await;
    put(&server, &Letter::Recovered, FOR_EVER).await;
    // It was taken, and then the process died.
    super::outbox::take(&server.state.database, server.state.clock.now()).await.unwrap();
    let server = server.restart().await;
    assert_eq!(deliver(&server.state).await.unwrap(), 0, "somebody may still be at it");
    server.wait(5 * 60);
    assert_eq!(deliver(&server.state).await.unwrap(), 1);
    assert_eq!(receiver.mails().len(), 1);

    put(&server, &Letter::Recovered, 600).await;
    server.wait(600);
    assert_eq!(deliver(&server.state).await.unwrap(), 0);
    crate::serve::sweep(&server.state).await.unwrap();
    let mut connection = server.state.database.read().await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM mails").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn nothing_goes_out_of_a_transaction_that_never_was() {
    let (server, receiver) = Server::with_mail().await;
    let now = server.state.clock.now();
    let mut transaction = server.state.database.write().await.unwrap();
    send(&mut transaction, "a@example.com", &Letter::Recovered, now, now + 9).await.unwrap();
    drop(transaction);
    assert_eq!(deliver(&server.state).await.unwrap(), 0);
    assert!(receiver.mails().is_empty());
}

#[tokio::test]
async fn without_an_smtp_server_mails_are_files_of_the_servers_own() {
    let server = Server::open().await;
    assert!(!server.state.post.reaches_people());
    put(&server, &Letter::Confirm { code: "01234567".into() }, FOR_EVER).await;
    assert_eq!(deliver(&server.state).await.unwrap(), 1);
    let folder = server.settings.data.join("mails");
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.clone()), 0o700);
    let files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    assert_eq!(mode(file.clone()), 0o600);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("To: ana@example.com") && text.contains("    0123 4567"), "{text}");
}
