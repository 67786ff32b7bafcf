//! The script that a [`View`](super::view::View) runs in a page: `page_script.js` with npm's
//! `dom-accessibility-api`, so that role and name mean the same in both browsers.

use std::sync::OnceLock;

use crate::workspace::npm_file;

/// Where the script is kept in its world of the page.
const PLACE: &str = "globalThis.mysafeTestPage";

/// An expression that installs the page script unless it is there already.
pub fn installation() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        format!("{PLACE} ??= ({})({})", include_str!("page_script.js"), accessibility_library())
    })
}

/// An expression that calls a function of the page script and gives JSON text, or `"absent"` (not
/// JSON) where the script is not installed.
pub fn call(function: &str, argument: &serde_json::Value) -> String {
    format!("{PLACE} ? (JSON.stringify({PLACE}.{function}({argument})) ?? 'null') : 'absent'")
}

/// An expression that runs axe-core and gives a JSON list of lines, one for each offending element.
pub fn axe() -> String {
    let library = npm_file("axe-core/axe.min.js");
    let run = include_str!("axe_run.js");
    // axe takes the module object it is offered for its own, so it touches no global name.
    format!(
        "((module) => {{ const define = undefined, exports = module.exports;\n{library}\n;return ({run})(module.exports);}})({{exports: {{}}}})"
    )
}

/// The library's CommonJS files wrapped into one expression: its exports.
fn accessibility_library() -> String {
    const FILES: [&str; 9] = [
        "accessible-description",
        "accessible-name-and-description",
        "accessible-name",
        "getRole",
        "index",
        "is-disabled",
        "is-inaccessible",
        "util",
        "polyfills/array.from",
    ];
    let mut modules = String::new();
    for name in FILES.iter().chain(&["polyfills/SetLike"]) {
        let source = npm_file(&format!("dom-accessibility-api/dist/{name}.js"));
        modules.push_str(&format!(
            "{:?}: (require, exports, module) => {{{source}\n}},\n",
            format!("./{name}")
        ));
    }
    format!(
        "(() => {{ const files = {{{modules}}}, loaded = {{}};\n\
         const require = (name) => {{ if (!loaded[name]) {{ const module = loaded[name] = {{exports: {{}}}};\n\
         files[name](require, module.exports, module); }} return loaded[name].exports; }};\n\
         return require('./index'); }})()"
    )
}
