//! Who depends on whom, as cargo resolves it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::tree::root;

/// The packages of the workspace and all that they are built from.
struct Graph {
    names: BTreeMap<String, String>,
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// As it is for this machine; what only tests use is left out.
    fn read() -> Self {
        let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
        let rustc = String::from_utf8(rustc.stdout).expect("UTF-8");
        let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let names = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let used = |dependency: &Value| {
            list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev")
        };
        let edges = list(&metadata["resolve"]["nodes"])
            .iter()
            .map(|node| {
                let deps = list(&node["deps"]);
                let deps = deps.iter().filter(|dep| used(dep)).map(|dep| text(&dep["pkg"]));
                (text(&node["id"]), deps.collect())
            })
            .collect();
        Self { names, edges }
    }

    /// The names of all that a package is built from.
    fn below(&self, name: &str) -> BTreeSet<&str> {
        let start = self.names.iter().find(|(_, known)| *known == name);
        let mut open = vec![start.unwrap_or_else(|| panic!("no package {name}")).0];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            for next in &self.edges[id] {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen.into_iter().map(|id| self.names[id].as_str()).collect()
    }

    /// The names of what a package names itself.
    fn direct(&self, name: &str) -> BTreeSet<&str> {
        let (id, _) = self.names.iter().find(|(_, known)| *known == name).expect("a package");
        self.edges[id].iter().map(|id| self.names[id].as_str()).collect()
    }
}

#[test]
fn the_server_cannot_open_an_item() {
    let graph = Graph::read();
    let server = graph.below("mysafe-server");
    assert!(server.contains("mysafe-protocol"), "the graph is read right");
    for absent in ["mysafe", "mysafe-browser", "aes-gcm", "hpke", "x-wing"] {
        assert!(!server.contains(absent), "{absent}");
    }
}

#[test]
fn what_both_sides_share_neither_seals_nor_opens() {
    let graph = Graph::read();
    let protocol = graph.below("mysafe-protocol");
    assert!(protocol.contains("ed25519-dalek"), "the graph is read right");
    for absent in ["aes-gcm", "hpke", "x-wing", "mysafe"] {
        assert!(!protocol.contains(absent), "{absent}");
    }
}

#[test]
fn the_core_names_nothing_of_a_browser_a_clock_or_a_network() {
    let graph = Graph::read();
    let core = graph.direct("mysafe");
    assert!(core.contains("aes-gcm") && core.contains("getrandom"), "the graph is read right");
    for absent in [
        "web-sys",
        "js-sys",
        "gloo",
        "gloo-net",
        "gloo-timers",
        "wasm-bindgen",
        "wasm-bindgen-futures",
        "idb",
        "leptos",
        "tokio",
        "reqwest",
        "chrono",
        "time",
        "tracing",
        "log",
        "rand",
    ] {
        assert!(!core.contains(absent), "{absent}");
    }
}

#[test]
fn dependencies_point_one_way() {
    let graph = Graph::read();
    for (package, absent) in [
        ("mysafe-protocol", &["mysafe", "mysafe-server", "mysafe-browser"][..]),
        ("mysafe", &["mysafe-server", "mysafe-browser", "mysafe-popup", "mysafe-background"]),
        ("mysafe-browser", &["mysafe-server", "mysafe-popup", "mysafe-background"]),
        ("mysafe-popup", &["mysafe-server", "mysafe-background"]),
        ("mysafe-background", &["mysafe-server", "mysafe-popup"]),
        ("mysafe-strength", &["mysafe-server", "mysafe-browser"]),
    ] {
        let below = graph.below(package);
        for absent in absent {
            assert!(!below.contains(absent), "{package} reaches {absent}");
        }
    }
}
