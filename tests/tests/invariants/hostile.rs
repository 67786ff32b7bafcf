//! Every endpoint has its hostile case: what becomes of a lie in its answer is a test. Whoever adds an
//! endpoint names one here.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_tests::workspace::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A route, the file and name of each test, and a reason.
type Endpoint = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Each route that the extension calls, and the tests in which its answer lies: a file of the core and
/// the name of a test there. None where the answer says nothing that is believed; then why.
const ENDPOINTS: &[Endpoint] = &[
    (
        "GET /v1/changes",
        &[
            ("src/sync/tests/hostile.rs", "a_lie_in_a_page_is_refused"),
            ("src/sync/tests/hostile.rs", "an_invented_item_is_not_listed"),
            ("src/sync/tests/page_lies.rs", "a_lie_about_anything_else_is_refused"),
            ("src/sync/tests/owned_lies.rs", "a_lie_in_a_page_is_refused_by_the_owner"),
            ("src/sync/tests/received_lies.rs", "a_lie_in_a_page_is_refused"),
            ("src/sync/tests/page_lies.rs", "an_account_record_that_never_comes_is_missed"),
        ],
        "",
    ),
    (
        "GET /v1/items/{item}",
        &[("src/sync/tests/accepting.rs", "no_lie_is_accepted_by_that_act")],
        "",
    ),
    (
        "GET /v1/items/{item}/revisions",
        &[
            ("src/sync/tests/hostile.rs", "a_lie_in_a_page_is_refused"),
            (
                "src/sync/tests/exposed.rs",
                "what_a_server_withholds_is_said_or_refused_and_no_list_is_invented",
            ),
        ],
        "",
    ),
    (
        "GET /v1/items/{item}/history",
        &[
            (
                "src/vault/tests/history.rs",
                "a_lying_server_shows_nothing_that_was_not_written_there",
            ),
            ("src/sync/tests/restored_lies.rs", "a_lie_about_the_shared_revision_is_not_believed"),
        ],
        "",
    ),
    (
        "PUT /v1/items/{item}",
        &[
            ("src/sync/tests/hostile.rs", "a_lie_in_answer_to_a_write_is_refused"),
            ("src/sync/tests/hostile.rs", "a_stale_answer_without_news_is_refused"),
            (
                "src/sync/tests/sharing.rs",
                "a_lie_in_answer_to_a_share_is_refused_and_gives_nothing",
            ),
            (
                "src/sync/tests/owned_lies.rs",
                "a_lie_in_answer_to_a_change_of_access_is_refused_and_gives_nobody_a_key",
            ),
        ],
        "",
    ),
    (
        "GET /v1/users",
        &[
            ("src/sync/tests/finding.rs", "whoever_is_found_has_keys_that_fit_id_and_address"),
            (
                "src/sync/tests/joined.rs",
                "keys_swapped_when_somebody_joins_are_refused_or_seen_in_the_safety_number",
            ),
            (
                "src/sync/tests/found_lies.rs",
                "an_invented_id_is_nobody_whatever_keys_are_given_for_it",
            ),
            (
                "src/sync/tests/found_lies.rs",
                "under_another_ones_address_somebody_is_pinned_to_their_own",
            ),
            ("src/sync/tests/found_lies.rs", "an_invented_name_changes_nobodys_address"),
        ],
        "",
    ),
    (
        "DELETE /v1/items/{item}/access",
        &[],
        "answered without content; an item that is sent all the same is listed again as a new one",
    ),
    (
        "DELETE /v1/items/{item}/access/{user}",
        &[],
        "answered without content; the re-key that follows takes the access away, whatever it says",
    ),
    (
        "GET /v1/users/{user}/bundle",
        &[("src/sync/tests/sharing.rs", "other_keys_under_an_id_are_refused")],
        "",
    ),
    (
        "PUT /v1/accounts/record",
        &[(
            "src/sync/tests/sharing.rs",
            "a_record_that_is_said_to_be_newer_and_never_comes_is_missed",
        )],
        "",
    ),
    (
        "PUT /v1/items/{item}/again",
        &[("src/sync/tests/restored_lies.rs", "a_lie_about_what_is_sent_again_is_refused")],
        "",
    ),
    (
        "PUT /v1/items/{item}/use",
        &[],
        "answered without content; what others sent comes with the changes",
    ),
    ("GET /v1/events", &[("src/sync/events.rs", "what_is_not_a_position_is_refused")], ""),
    (
        "POST /v1/accounts/start",
        &[("src/vault/tests/entering.rs", "an_answer_to_a_registration_that_is_none_is_refused")],
        "",
    ),
    (
        "POST /v1/accounts/finish",
        &[],
        "the id it gives is not used: the client signs in and checks its own",
    ),
    (
        "POST /v1/accounts/password/start",
        &[("src/vault/tests/entering.rs", "an_answer_to_a_registration_that_is_none_is_refused")],
        "",
    ),
    (
        "PUT /v1/accounts/secrets",
        &[],
        "answered without content; what it did is opened before it is said",
    ),
    (
        "POST /v1/recovery/start",
        &[
            (
                "src/vault/tests/entering.rs",
                "what_does_not_belong_to_the_account_is_refused_at_recovery",
            ),
            ("src/vault/tests/entering.rs", "an_answer_to_a_registration_that_is_none_is_refused"),
        ],
        "",
    ),
    (
        "POST /v1/recovery/finish",
        &[],
        "answered without content; the client signs in with what it set",
    ),
    (
        "POST /v1/sessions/start",
        &[("src/vault/tests/entering.rs", "an_answer_changed_on_its_way_does_not_pass")],
        "",
    ),
    (
        "POST /v1/sessions/finish",
        &[(
            "src/vault/tests/entering.rs",
            "what_does_not_belong_to_the_account_is_refused_at_sign_in",
        )],
        "",
    ),
    (
        "GET /v1/sessions/current",
        &[],
        "says whether one's own mailbox is confirmed; the server itself decides who is found",
    ),
    ("POST /v1/mailbox/code", &[], "answered without content"),
    ("PUT /v1/mailbox", &[], "answered without content; the server itself decides who is found"),
    ("DELETE /v1/sessions/current", &[], "answered without content"),
    ("GET /v1/server", &[], "says who may sign up; the server itself decides that again"),
];

/// Routes that the extension never calls.
const NOT_CALLED: &[&str] = &["GET /healthz", "GET /metrics", "GET /openapi.json", "GET /readyz"];

/// The routes as the server's own test lists them, which compares them with its description.
fn routes() -> BTreeSet<String> {
    let text = read("server/src/tests/routes.rs");
    let list = text.split("const ROUTES").nth(1).and_then(|text| text.split("];").next());
    let lines = list.expect("the list of routes").lines().map(str::trim);
    let route = |line: &str| {
        let mut parts = line.strip_prefix("(\"")?.split('"');
        let method = parts.next()?;
        Some(format!("{method} {}", parts.nth(1)?))
    };
    lines.filter_map(route).collect()
}

#[test]
fn every_endpoint_has_its_hostile_case() {
    let known: BTreeSet<String> = ENDPOINTS
        .iter()
        .map(|(route, ..)| (*route).to_owned())
        .chain(NOT_CALLED.iter().map(|route| (*route).to_owned()))
        .collect();
    assert_eq!(known.len(), ENDPOINTS.len() + NOT_CALLED.len(), "one is listed twice");
    assert_eq!(routes(), known, "an endpoint without its hostile case, or one that is gone");
    for (route, tests, why) in ENDPOINTS {
        assert!(tests.is_empty() != why.is_empty(), "{route}: a test, or a reason");
        for (file, test) in *tests {
            let text = read(file);
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            let head = format!("fn {test}() {{");
            let is_test = lines.windows(2).any(|two| two == ["#[test]", head.as_str()]);
            assert!(is_test, "{route}: no test {test} in {file}");
        }
    }
}

/// The states in which a route can lie.
const STATES: [&str; 4] = ["Private", "Owned", "Received", "Restored"];
/// The lies that any answer can be.
const LIES: [&str; 7] =
    ["Withheld", "Malformed", "Bent", "Swapped", "Older", "OtherView", "NoEffect"];
/// Routes outside of a sync: no item, no state.
const NO_SYNC: [&str; 6] = ["accounts/", "recovery/", "sessions/", "mailbox", "server", "events"];

/// The table of the core's test: of each route, each lie of each state with none or a reason.
type Table = BTreeMap<String, BTreeMap<(String, String), Option<String>>>;

fn table(text: &str) -> Table {
    let (mut table, mut route) = (Table::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut put = |state: &str, lie: &str, why: Option<&str>| {
            assert!(STATES.contains(&state) && LIES.contains(&lie), "{route}: {line}");
            let row = table.entry(route.clone()).or_default();
            let old = row.insert((state.into(), lie.into()), why.map(str::to_owned));
            assert_eq!(old, None, "{route}: {lie} twice in {state}");
        };
        if STATES.contains(&first) {
            rest.split_whitespace().for_each(|lie| put(first, lie, None));
        } else if first == "not" {
            let (cells, why) = rest.split_once(": ").expect("a reason");
            assert!(why.len() > 10, "{route}: {line}");
            let (lie, state) = cells.split_once(' ').expect("a lie and a state");
            let fits = |all: &'static [&'static str], one: &str| {
                let one = one.to_owned();
                all.iter().filter(move |each| one == "*" || one == **each)
            };
            for state in fits(&STATES, state) {
                for lie in fits(&LIES, lie) {
                    put(state, lie, Some(why));
                }
            }
        } else {
            route = line.to_owned();
        }
    }
    table
}

#[test]
fn every_route_of_a_sync_tells_each_lie_in_each_state_or_has_a_reason() {
    let table = table(&read("src/sync/tests/routes.txt"));
    let of_sync = |route: &&str| !NO_SYNC.iter().any(|part| route.contains(&format!("/v1/{part}")));
    let called = ENDPOINTS.iter().map(|(route, ..)| *route);
    let mut called: BTreeSet<&str> = called.filter(of_sync).collect();
    // Devices of one account share the record in each sync.
    called.insert("PUT /v1/accounts/record");
    let rows: BTreeSet<&str> = table.keys().map(String::as_str).collect();
    assert_eq!(rows, called, "a route without its row, or a row of none");
    for (route, cells) in &table {
        for state in STATES {
            for lie in LIES {
                let cell = cells.get(&(state.to_owned(), lie.to_owned()));
                assert!(cell.is_some(), "{route}: {lie} in {state}: a lie, or a reason");
            }
        }
        assert!(cells.values().any(Option::is_none), "{route} tells no lie at all");
    }
    let test = read("src/sync/tests/routes.rs");
    assert!(test.contains("include_str!(\"routes.txt\")"), "the core tells the lies of this table");
    assert!(test.contains("#[test]\nfn no_lie_of_any_route_lowers_or_loses_anything() {"));
}

/// The requests in the sources of the extension: each path with the method named nearest to it in its
/// function, ids left out.
fn called() -> BTreeSet<String> {
    let folder = root().join("extension/browser/src");
    let mut called = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        for function in text.split("fn ") {
            for (at, _) in function.match_indices("\"/") {
                let literal = function[at + 1..].split(['"', '?']).next().unwrap_or_default();
                let is_path = literal.starts_with("/v1/")
                    || NOT_CALLED.iter().any(|route| route.ends_with(&format!(" {literal}")));
                if is_path {
                    let method = method_near(function, at);
                    let method =
                        method.unwrap_or_else(|| panic!("{literal} in {path:?}: by what?"));
                    called.insert(format!("{method} {}", without_ids(literal)));
                }
            }
        }
    }
    called
}

fn method_near(function: &str, at: usize) -> Option<&'static str> {
    let tokens = [
        ("Method::GET", "GET"),
        (".get(", "GET"),
        (".get::<", "GET"),
        (".listen(", "GET"),
        ("Method::POST", "POST"),
        ("Method::PUT", "PUT"),
        ("Method::DELETE", "DELETE"),
        ("Method::PATCH", "PATCH"),
    ];
    let places = tokens.into_iter().flat_map(|(token, method)| {
        function.match_indices(token).map(move |(place, _)| (place.abs_diff(at), method))
    });
    places.min().map(|(_, method)| method)
}

/// `/v1/items/{item}/use` and `/v1/items/{id}/use` are one.
fn without_ids(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn what_is_called_has_its_case_and_what_has_none_is_not_called() {
    let listed: BTreeSet<String> = ENDPOINTS.iter().map(|(route, ..)| without_ids(route)).collect();
    assert_eq!(called(), listed, "a request without its hostile case, or a case of none");
    for (source, method) in [
        (
            "x() { self.endpoint().act(Method::DELETE, &format!(\"/v1/items/{item}/access\")) }",
            "DELETE",
        ),
        ("x() { let path = \"/v1/users\"; self.endpoint().get(path) }", "GET"),
    ] {
        let at = source.find("\"/").expect("a path");
        assert_eq!(method_near(source, at), Some(method), "{source}");
    }
}
