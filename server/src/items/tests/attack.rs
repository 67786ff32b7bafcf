//! An editor alone stores nothing on an honest server that every client refuses for ever.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::ErrorCode;

use super::sharing::{shared, three};
use crate::testing::{Server, lost};

#[tokio::test]
async fn a_body_of_who_may_not_edit_does_not_come_along() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [_, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let viewers = cho.set(&second, Status::Active);
    let hers = bea.set(&viewers, Status::Active);
    let request = lost(2, &[&viewers, &hers]);
    let reply = bea.again(&server, &request, &second).await;
    assert_eq!(reply.code(), ErrorCode::Forged);
}
