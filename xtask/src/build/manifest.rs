//! One manifest for both browsers: this leaves out what a browser does not know and would warn
//! about, and adds nothing.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Browser;
use crate::workspace;

/// Keys that only the other browser knows, as paths.
fn unknown_keys(browser: Browser) -> &'static [&'static [&'static str]] {
    match browser {
        Browser::Chrome => {
            &[&["background", "scripts"], &["browser_specific_settings"], &["sidebar_action"]]
        }
        Browser::Firefox => &[
            &["background", "service_worker"],
            &["key"],
            &["minimum_chrome_version"],
            &["side_panel"],
        ],
    }
}

fn unknown_permissions(browser: Browser) -> &'static [&'static str] {
    match browser {
        Browser::Chrome => &["menus"],
        Browser::Firefox => &["declarativeContent", "favicon", "offscreen", "sidePanel"],
    }
}

/// The workspace's manifest.
pub fn read() -> Result<Value> {
    let text =
        std::fs::read_to_string(workspace::path("manifest.json")).context("manifest.json")?;
    serde_json::from_str(&text).context("manifest.json")
}

/// The manifest as `browser` gets it.
pub fn for_browser(mut manifest: Value, browser: Browser) -> Value {
    for path in unknown_keys(browser) {
        remove(&mut manifest, path);
    }
    if let Some(permissions) = manifest.get_mut("permissions").and_then(Value::as_array_mut) {
        permissions
            .retain(|name| !unknown_permissions(browser).iter().any(|unknown| name == unknown));
    }
    manifest
}

fn remove(value: &mut Value, path: &[&str]) {
    match path {
        [] => {}
        [last] => {
            if let Some(object) = value.as_object_mut() {
                object.remove(*last);
            }
        }
        [first, rest @ ..] => {
            if let Some(inner) = value.get_mut(*first) {
                remove(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn permissions(manifest: &Value) -> BTreeSet<String> {
        let list = manifest["permissions"].as_array().expect("a list");
        list.iter().map(|name| name.as_str().expect("text").to_owned()).collect()
    }

    /// Where the table of the optional ones begins.
    const OPTIONAL: &str = "## Asked for later";

    /// The rows of the tables in `docs/permissions.md`: permission, browsers, reason.
    fn reviewed() -> Vec<[String; 3]> {
        rows(false)
    }

    fn rows(optional: bool) -> Vec<[String; 3]> {
        let text = std::fs::read_to_string(workspace::path("docs/permissions.md"))
            .expect("the reviewed file");
        let (install, later) = text.split_once(OPTIONAL).expect("both tables");
        let text = if optional { later } else { install };
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.map(|row| {
            let mut cells = row.split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
            std::array::from_fn(|_| {
                cells.next().expect("a row has a permission, browsers and a reason")
            })
        })
        .collect()
    }

    fn reviewed_for(browser: &str) -> BTreeSet<String> {
        let rows = reviewed().into_iter().filter(|[_, browsers, _]| browsers.contains(browser));
        rows.map(|[name, ..]| name).collect()
    }

    #[test]
    fn each_browser_asks_for_exactly_the_reviewed_permissions() {
        let manifest = read().unwrap();
        let chrome = for_browser(manifest.clone(), Browser::Chrome);
        let firefox = for_browser(manifest, Browser::Firefox);
        assert_eq!(permissions(&chrome), reviewed_for("Chrome"));
        assert_eq!(permissions(&firefox), reviewed_for("Firefox"));
    }

    #[test]
    fn the_optional_ones_are_reviewed_too() {
        let manifest = read().unwrap();
        let names = manifest["optional_permissions"].as_array().unwrap();
        let names: BTreeSet<_> =
            names.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        let rows = rows(true);
        assert_eq!(names, rows.iter().map(|[name, ..]| name.clone()).collect());
        assert!(rows.iter().all(|[.., reason]| reason.split_whitespace().count() >= 5));
    }

    #[test]
    fn every_permission_has_a_reason() {
        let rows = reviewed();
        assert!(!rows.is_empty());
        for [name, _, reason] in rows {
            assert!(reason.split_whitespace().count() >= 5, "{name}: {reason:?} is no reason");
        }
    }

    #[test]
    fn no_page_and_no_address_is_within_reach_at_install() {
        let manifest = read().unwrap();
        for key in [
            "host_permissions",
            "content_scripts",
            "web_accessible_resources",
            "externally_connectable",
        ] {
            assert!(manifest.get(key).is_none(), "{key} in manifest.json");
        }
        for name in permissions(&manifest) {
            assert!(!name.contains([':', '*', '<', '/']), "{name} is a host permission");
            // `scripting` alone opens no page: without a host permission it needs `activeTab`.
            assert!(!["tabs", "webNavigation", "history"].contains(&&*name), "{name}");
        }
    }

    #[test]
    fn scripts_come_from_the_package_alone_and_plain_http_servers_are_reachable() {
        let manifest = read().unwrap();
        let policy = manifest["content_security_policy"]["extension_pages"].as_str().unwrap();
        let directive = |name: &str| {
            let mut all = policy
                .split(';')
                .map(|part| part.trim().split_once(' ').unwrap_or((part.trim(), "")));
            all.find(|(found, _)| *found == name).map(|(_, value)| value)
        };
        assert_eq!(directive("default-src"), Some("'none'"));
        assert_eq!(directive("script-src"), Some("'self' 'wasm-unsafe-eval'"));
        assert_eq!(directive("object-src"), Some("'none'"));
        assert_eq!(directive("connect-src"), Some("'self' http: https:"));
        assert_eq!(directive("upgrade-insecure-requests"), None);
    }

    /// Keys with Alt and Shift that one of the browsers takes for itself, on any system. Read in
    /// Chromium's `chrome/browser/ui/views/accelerator_table.cc` (focus, report), in a public list of
    /// its commands for tab groups, and in the page menu of Chromium 156 (reading mode); in
    /// `browser/menubar.ftl` of Firefox ESR 153.7 (access keys of its menus). The browser tests show on
    /// these two versions that each of ours is really given.
    const TAKEN: [(&str, &str); 18] = [
        ("Alt+Shift+A", "Chrome: to a dialog that has no focus"),
        ("Alt+Shift+B", "Chrome: to the bookmarks bar"),
        ("Alt+Shift+C", "Chrome: tab groups"),
        ("Alt+Shift+I", "Chrome: report an issue"),
        ("Alt+Shift+N", "Chrome: tab groups"),
        ("Alt+Shift+P", "Chrome: tab groups"),
        ("Alt+Shift+R", "Chrome: reading mode"),
        ("Alt+Shift+T", "Chrome: to the toolbar"),
        ("Alt+Shift+W", "Chrome: tab groups"),
        ("Alt+Shift+X", "Chrome: tab groups"),
        ("Alt+Shift+Z", "Chrome: tab groups"),
        ("Alt+Shift+B", "Firefox: the menu Bookmarks"),
        ("Alt+Shift+E", "Firefox: the menu Edit"),
        ("Alt+Shift+F", "Firefox: the menu File"),
        ("Alt+Shift+H", "Firefox: the menu Help"),
        ("Alt+Shift+S", "Firefox: the menu History"),
        ("Alt+Shift+T", "Firefox: the menu Tools"),
        ("Alt+Shift+V", "Firefox: the menu View"),
    ];

    #[test]
    fn shortcuts_are_few_and_none_is_a_browsers_own() {
        let manifest = read().unwrap();
        let commands = manifest["commands"].as_object().unwrap();
        let keys: Vec<&str> = commands
            .values()
            .filter_map(|command| command["suggested_key"]["default"].as_str())
            .collect();
        assert!(keys.len() <= 4, "Chrome takes four: {keys:?}");
        for key in &keys {
            // With Control, the browsers have hardly a letter left.
            assert!(key.starts_with("Alt+Shift+") && key.len() == 11, "{key}");
            assert!(!TAKEN.iter().any(|(taken, _)| taken == key), "{key} is taken");
        }
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{keys:?}");
    }

    #[test]
    fn a_browser_gets_no_key_of_the_other() {
        let manifest = read().unwrap();
        let chrome = for_browser(manifest.clone(), Browser::Chrome);
        assert!(chrome.get("browser_specific_settings").is_none());
        assert_eq!(
            chrome["background"],
            serde_json::json!({ "service_worker": "extension/background.js", "type": "module" })
        );
        assert!(chrome["key"].is_string(), "without a key Chrome's id depends on the folder");
        let firefox = for_browser(manifest, Browser::Firefox);
        assert!(firefox.get("key").is_none() && firefox.get("minimum_chrome_version").is_none());
        assert_eq!(
            firefox["background"],
            serde_json::json!({ "scripts": ["extension/background.js"], "type": "module" })
        );
        assert_eq!(firefox["browser_specific_settings"]["gecko"]["id"], "mysafe@mysafe.app");
    }
}
