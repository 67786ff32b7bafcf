//! The description gets here what holds for all routes alike, so that no route says it: the refusals that any
//! request may get, both forms of bodies, and the bounds of numbers.

use serde_json::{Map, Value, json};

const JSON: &str = "application/json";
const CBOR: &str = "application/cbor";
/// Numbers are stored as 64 bits with a sign.
const GREATEST: i64 = i64::MAX;

/// Completes the description that was made of the routes.
pub fn completed(mut document: Value) -> Value {
    for path in objects(&mut document["paths"]) {
        for operation in objects(path) {
            refusals(operation);
            parameters(operation);
            both_forms(operation);
        }
    }
    bounds(&mut document);
    // Read and written by hand, and as strict as if it were derived.
    document["components"]["schemas"]["Signed"]["additionalProperties"] = json!(false);
    document
}

fn objects(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flat_map(|object| object.values_mut())
}

/// The refusals that come before a route decides anything, or whatever it decides.
fn refusals(operation: &mut Value) {
    let public = operation.get("security").is_some();
    let has_body = operation.get("requestBody").is_some();
    let has_input = has_body || operation.get("parameters").is_some();
    let about_itself = operation["tags"] == json!(["operation"]);
    let refusals = [
        ("400", "Not the form of this request.", has_input),
        ("401", "Not signed in, or no more.", !public),
        ("413", "Larger than allowed.", has_input),
        ("429", "Too often; `Retry-After` says how long to wait.", !about_itself),
        ("500", "The server's fault.", true),
        ("503", "Stopping, or its database does not answer.", true),
    ];
    let responses = operation["responses"].as_object_mut().expect("every route answers");
    for (status, description, _) in refusals.into_iter().filter(|(.., applies)| *applies) {
        let refusal = json!({
            "description": description,
            "content": { JSON: { "schema": { "$ref": "#/components/schemas/ErrorResponse" } } },
        });
        responses.entry(status).or_insert(refusal);
    }
    if let Some(too_many) = responses.get_mut("429") {
        too_many["headers"] =
            json!({ "Retry-After": { "schema": { "type": "integer", "minimum": 0 } } });
    }
}

/// A parameter is there or it is not: nothing stands for null in a query.
fn parameters(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let schema = &mut parameter["schema"];
        if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
            types.retain(|one| one != "null");
            schema["type"] = types[0].take();
        }
        if let Some(forms) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
            forms.retain(|form| form["type"] != "null");
            *schema = forms[0].take();
        }
    }
}

/// Bodies that are JSON may as well be CBOR.
fn both_forms(operation: &mut Value) {
    let cbor = json!({ "schema": {
        "type": "string",
        "format": "binary",
        "description": "The same fields, with byte strings for binary values.",
    } });
    let add = |content: Option<&mut Map<String, Value>>| {
        if let Some(content) = content.filter(|content| content.contains_key(JSON)) {
            content.insert(CBOR.to_owned(), cbor.clone());
        }
    };
    // The description itself is JSON, whatever is accepted.
    if operation["operationId"] == "openapi" {
        return;
    }
    add(operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut));
    for response in objects(&mut operation["responses"]) {
        add(response.get_mut("content").and_then(Value::as_object_mut));
    }
}

/// Every whole number has both bounds.
fn bounds(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(bounds),
        Value::Object(object) => {
            let is_integer = match object.get("type") {
                Some(Value::Array(types)) => types.contains(&json!("integer")),
                other => other == Some(&json!("integer")),
            };
            if is_integer && object.contains_key("minimum") {
                let greatest = match object.get("format").and_then(Value::as_str) {
                    Some("int32") => json!(u32::MAX),
                    _ => json!(GREATEST),
                };
                object.entry("maximum").or_insert(greatest);
            }
            object.values_mut().for_each(bounds);
        }
        _ => {}
    }
}
