//! A removal into a full account, and web pages that sign up.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::limits;
use mysafe_protocol::wire::ItemWriteResponse;

use crate::testing::{Call, Member, PASSWORD, Person, Server, lost, sealed};

async fn confirmed(server: &Server, name: &str) -> Member {
    let member = Member::new(server, &format!("{name}@example.com")).await;
    let mut transaction = server.state.database.write().await.unwrap();
    crate::mailboxes::confirm(&mut transaction, &member.person.address, 1).await.unwrap();
    transaction.commit().await.unwrap();
    member
}

/// "No web page uses up the tries of its reader": those of a sign-up count for the same client.
#[tokio::test]
async fn a_web_page_that_signs_up_uses_up_no_tries_of_its_reader() {
    let server = Server::with(|settings| {
        settings.open_signups = true;
        settings.limits.client_burst = 20;
        settings.limits.client_per_minute = 1;
    })
    .await;
    let ana = Member::new(&server, "ana@example.com").await;
    for at in 0..30 {
        let person = Person::new(&format!("nobody{at}@example.com"));
        let (start, _) = person.start(None);
        let call = Call::post("/v1/accounts/start").json(&start);
        server.send(call.header("origin", "https://evil.example.com")).await;
    }
    let (knock, _) = ana.person.knock(PASSWORD);
    let reply = server.send(Call::post("/v1/sessions/start").json(&knock)).await;
    assert_eq!(reply.status, 200, "the reader cannot sign in");
}

/// "Then the re-key, which no quota refuses": a removal that a restored server lost comes again with the edits before
/// it, dozens of bodies.
#[tokio::test]
async fn a_removal_that_comes_again_with_many_bodies_is_refused_by_no_quota() {
    let server = Server::with(|settings| {
        settings.open_signups = true;
        settings.limits.account_bytes = 300_000;
    })
    .await;
    let (ana, bea) = (confirmed(&server, "ana").await, confirmed(&server, "bea").await);
    let item = ana.add(&server).await;
    let shared = ana.share(&item, &[(&bea, Permission::View, None)]);
    ana.put(&server, &shared).await.ok::<ItemWriteResponse>();
    let mut chain = vec![shared.clone()];
    for _ in 0..60 {
        let mut next = ana.next(chain.last().unwrap());
        next.revision.epoch = shared.revision.epoch;
        next.revision.list = shared.revision.list;
        ana.sign_again(&mut next);
        chain.push(next);
    }
    chain.push(ana.share(chain.last().unwrap(), &[]));
    for size in [100_000, 1_000] {
        loop {
            let mut other = ana.new_item();
            other.request.details = sealed(limits::SEAL + size);
            ana.sign_again(&mut other);
            if !ana.put(&server, &other).await.status.is_success() {
                break;
            }
        }
    }
    let sent: Vec<_> = chain[1..].iter().collect();
    ana.again(&server, &lost(2, &sent), &item).await.ok::<ItemWriteResponse>();
}
