//! What holds for all routes: who may call them, the form of requests and answers, headers, files.

mod connections;
mod folder;
mod forms;
mod limits;
mod limits_counted;
mod limits_dodged;
mod log;
mod matrix;
mod neighbours;
mod new_epoch;
mod removals;
mod routes;

use serde_json::Value;

use crate::openapi;

/// Method, path and operation of everything the description lists.
fn described() -> Vec<(&'static str, String, Value)> {
    let document = openapi::document();
    let mut described = vec![];
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = ["DELETE", "GET", "POST", "PUT"]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(method))
                .unwrap();
            described.push((method, path.clone(), operation.clone()));
        }
    }
    described
}
