//! Filling, and API consoles: what a page names is suggested, what the user asks for is filled, and a
//! hostile page gets nothing it was not given.

mod by_menu;
mod consoles;
mod hostile;
mod hostile_pages;
mod messages;
mod question;

use std::sync::{Arc, Mutex};

use mysafe_tests::browser::{View, Which};
use mysafe_tests::website::{Page, Request, Website};
use mysafe_tests::workspace::{npm_file, root};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, row, sign_up};

/// Where the consoles are: this machine, so that https items may be filled.
const CONSOLE: &str = "docs.localhost";
/// The address of the first item.
const HOME: &str = "app.localhost";

#[test]
fn fill_chromium() {
    fill(Which::Chromium);
}

#[test]
fn fill_firefox() {
    fill(Which::Firefox);
}

/// The site, and the requests for tokens that it got.
struct Site {
    site: Website,
    tokens: Arc<Mutex<Vec<Request>>>,
}

impl Site {
    fn start() -> Self {
        let tokens = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&tokens);
        let site = Website::serving(move |request| {
            if request.path == "/token" {
                heard.lock().expect("no panic while held").push(request.clone());
            }
            page(request)
        });
        Self { site, tokens }
    }

    fn console(&self, path: &str) -> String {
        self.site.url(CONSOLE, path)
    }
}

fn page(request: &Request) -> Page {
    let path = request.path.as_str();
    if let Some(file) = path.strip_prefix("/npm/") {
        let kind = if file.ends_with(".css") { "text/css" } else { "text/javascript" };
        return Page::of(kind, npm_file(file));
    }
    if let Some(name) = path.strip_prefix("/hostile/") {
        return hostile_pages::page(name);
    }
    if let Some(name) = path.strip_prefix("/other/") {
        return Page::html(consoles::other(name));
    }
    let file = |name: &str| {
        let file = root().join("tests/fixtures/consoles").join(name);
        std::fs::read_to_string(file).expect("a fixture")
    };
    match path {
        // Swagger UI takes a relative one to be of the API's own server.
        "/openapi.json" => {
            let here = format!("http://{}/token", request.host);
            Page::of("application/json", file("openapi.json").replace("/token", &here))
        }
        "/swagger" | "/redoc" | "/graphiql" => Page::html(file(&format!("{}.html", &path[1..]))),
        "/token" => Page::of(
            "application/json",
            r#"{"access_token": "a-token", "token_type": "Bearer", "expires_in": 60}"#,
        ),
        _ => Page::html("<!doctype html><html lang=en><title>A portal</title><p>A portal."),
    }
}

/// The first is of the hostile pages' own host, the second of the API that the consoles call, the third
/// has several lines.
fn items(site: &Site) -> [ApiSecret; 3] {
    let [mut kestrel, mut osprey, tapir] = ["Kestrel", "Osprey", "Tapir"].map(ApiSecret::of);
    kestrel.url = site.site.url(HOME, "");
    kestrel.client_secret = "kestrel/ü\"7+>~\\qx75==".to_owned();
    osprey.client_secret = "osprey/ü\"7+>~\\qx75==".to_owned();
    [kestrel, osprey, tapir]
}

fn fill(which: Which) {
    let site = Site::start();
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let items = items(&site);
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    for item in &items {
        add(&tab, item);
        tab.click("link", "API secrets");
    }
    tab.close();
    consoles::what_redoc_and_graphiql_name_is_suggested(&stage, &site, &items);
    consoles::what_any_other_console_shows_is_suggested(&stage, &site, &items);
    by_menu::a_field_is_filled(&stage, &site, &items[0]);
    question::swaggers_own_dialog_takes_what_is_filled(&stage, &site, &items);
    hostile::no_page_gets_what_it_was_not_given(&stage, &site, &items);
    messages::what_a_page_s_process_sends_is_not_heard(&stage, &site, &items[0]);
    consoles::a_page_that_answers_late_is_not_taken_for_another(&stage, &site, &items);
    stage.close_browser();
    stage.no_complaints();
}

/// Opens the popup and chooses an action of an item there.
#[track_caller]
fn choose(stage: &Stage, item: &ApiSecret, action: &str) -> View {
    let popup = stage.popup_at_list();
    crate::steps::act(&popup, item, action);
    popup
}

/// The row of an item that the page names.
fn named(item: &ApiSecret) -> String {
    format!("{}Found on this page*", row(item))
}

/// What a page's own scripts see.
#[track_caller]
fn in_page(page: &View, expression: &str) -> String {
    let answer = page.evaluate_as_extension(&format!("String({expression})"));
    answer.unwrap_or_else(|gone| panic!("{expression}: {}", gone.0))
}
