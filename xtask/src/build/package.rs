//! What an unpacked extension consists of, file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::wasm::Bound;
use super::{Browser, manifest};
use crate::workspace;

/// An extension: each file's path in it, with slashes, and its content. Sorted.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Kinds of files that a browser reads. Everything else in the source folders is ours.
const KINDS: [&str; 7] = ["css", "html", "js", "json", "png", "svg", "woff2"];

/// Folders of crates in which nothing is for the browser.
const SOURCES: [&str; 4] = ["src", "tests", "locales", "browser"];

/// Chrome's page with a clipboard; Firefox needs none.
const CHROME_ONLY: [&str; 2] = ["extension/offscreen.html", "extension/offscreen.js"];

/// Everything that goes into the package for `browser`.
pub fn files(browser: Browser, modules: &[(&'static str, Bound)]) -> Result<Files> {
    let mut files = Files::new();
    let manifest = manifest::for_browser(manifest::read()?, browser);
    files.insert("manifest.json".into(), serde_json::to_vec_pretty(&manifest)?);
    take(&workspace::path("popup"), "popup/", &mut files)?;
    take(&workspace::path("extension"), "extension/", &mut files)?;
    for (folder, module) in modules {
        everything(&module.folder, &format!("{folder}/"), &mut files)?;
    }
    one_stylesheet(&mut files)?;
    // A script that Rust imports lies beside the glue, under snippets; its source is not loaded.
    let snippets: BTreeSet<String> = files
        .keys()
        .filter_map(|path| path.split_once("/snippets/"))
        .map(|(folder, rest)| format!("{folder}/{}", rest.rsplit('/').next().unwrap_or(rest)))
        .collect();
    // These two have to lie at the top: browsers look for `_locales` there.
    Ok(files
        .into_iter()
        .filter(|(path, _)| browser == Browser::Chrome || !CHROME_ONLY.contains(&&**path))
        .filter(|(path, _)| !snippets.contains(path))
        .map(|(path, content)| {
            let at_top =
                ["extension/icons/", "extension/_locales/"].iter().any(|top| path.starts_with(top));
            (if at_top { path["extension/".len()..].to_owned() } else { path }, content)
        })
        // The drawings are the sources of the icons; browsers get the pictures.
        .filter(|(path, _)| !(path.starts_with("icons/") && path.ends_with(".svg")))
        .collect())
}

/// Makes one stylesheet of those that the page of the screens names, in their order: each file is a
/// question to the browser, and nothing is painted before the last one is answered.
fn one_stylesheet(files: &mut Files) -> Result<()> {
    const PAGE: &str = "popup/index.html";
    const LINK: (&str, &str) = ("<link rel=\"stylesheet\" href=\"", "\" />");
    let page = String::from_utf8(files.remove(PAGE).context(PAGE)?)?;
    let (mut lines, mut styles) = (Vec::new(), Vec::new());
    for line in page.lines() {
        let link = line.trim().strip_prefix(LINK.0).and_then(|line| line.strip_suffix(LINK.1));
        let Some(name) = link else {
            lines.push(line.to_owned());
            continue;
        };
        if styles.is_empty() {
            lines.push(line.replace(name, "styles.css"));
        }
        let path = format!("popup/{name}");
        styles.extend(files.remove(&path).with_context(|| format!("{PAGE} names {path}"))?);
    }
    files.insert(PAGE.into(), lines.join("\n").into_bytes());
    files.insert("popup/styles.css".into(), styles);
    Ok(())
}

/// The files of a crate's folder that are for the browser.
fn take(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| anyhow::anyhow!("{name:?} is not text"))?;
        if entry.file_type()?.is_dir() {
            if !SOURCES.contains(&&*name) {
                take(&entry.path(), &format!("{prefix}{name}/"), files)?;
            }
        } else if name.rsplit_once('.').is_some_and(|(_, kind)| KINDS.contains(&kind)) {
            files.insert(format!("{prefix}{name}"), fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// All files of a folder.
fn everything(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            everything(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Makes `folder` hold exactly `files`. What is the same already is left alone.
pub fn unpack(files: &Files, folder: &Path) -> Result<()> {
    let mut present = Files::new();
    if folder.exists() {
        everything(folder, "", &mut present)?;
    }
    for (path, content) in files {
        if present.get(path) != Some(content) {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("a file lies in a folder"))?;
            fs::write(file, content)?;
        }
    }
    let wanted: BTreeSet<_> = files.keys().collect();
    for path in present.keys().filter(|path| !wanted.contains(path)) {
        fs::remove_file(folder.join(path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(browser: Browser) -> Files {
        files(browser, &[]).expect("the sources can be packed")
    }

    #[test]
    fn every_file_that_the_manifest_names_is_in_the_package() {
        for browser in [Browser::Chrome, Browser::Firefox] {
            let files = package(browser);
            let manifest: serde_json::Value =
                serde_json::from_slice(&files["manifest.json"]).unwrap();
            let mut named: Vec<&str> = ["/icons", "/action/default_icon"]
                .iter()
                .flat_map(|set| manifest.pointer(set).unwrap().as_object().unwrap().values())
                .filter_map(|icon| icon.as_str())
                .collect();
            named.push(manifest["action"]["default_popup"].as_str().unwrap());
            named.push("extension/background.js");
            named.push("_locales/en/messages.json");
            for name in named {
                assert!(files.contains_key(name), "{name} is missing for {browser:?}");
            }
        }
    }

    #[test]
    fn no_source_of_ours_is_in_the_package() {
        for path in package(Browser::Chrome).keys() {
            let ours = [".rs", ".toml", ".ftl", ".md", "package.json"]
                .iter()
                .any(|end| path.ends_with(end));
            assert!(!ours && !path.contains("/src/"), "{path}");
        }
    }

    #[test]
    fn the_page_with_a_clipboard_is_for_chrome_alone() {
        assert!(package(Browser::Chrome).contains_key("extension/offscreen.html"));
        assert!(!package(Browser::Firefox).keys().any(|path| path.contains("offscreen")));
    }

    #[test]
    fn unpacking_again_removes_what_is_gone() {
        let folder = workspace::scratch().join(format!("unpack-{}", std::process::id()));
        let two = Files::from([("a".into(), vec![1]), ("b/c".into(), vec![2])]);
        let one = Files::from([("a".into(), vec![3])]);
        unpack(&two, &folder).unwrap();
        unpack(&one, &folder).unwrap();
        let mut found = Files::new();
        everything(&folder, "", &mut found).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, one);
    }
}
