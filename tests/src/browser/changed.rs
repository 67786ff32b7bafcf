//! The packed extension with something more in it, to see what happens while its screens open.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Extension;

/// The page of the screens.
const SCREENS: &str = "popup/index.html";
/// The name of the script that is put first.
const FIRST: &str = "first_of_test.js";

impl Extension {
    /// Makes it in a folder: what was built with a script that runs before those of the screens, and
    /// further files. `/first_of_test.js` is the script.
    pub fn changed(folder: &Path, script: &str, more: &[(&str, &str)]) -> Self {
        let built = Self::built();
        let [chrome, firefox] = [built.chrome, built.firefox].map(|zip| {
            let made = folder.join(zip.file_name().expect("a file"));
            let file =
                File::open(&zip).unwrap_or_else(|error| panic!("{}: {error}", zip.display()));
            let mut from = ZipArchive::new(file).expect("a zip file");
            let mut to = ZipWriter::new(File::create(&made).expect("a folder of ours"));
            for place in 0..from.len() {
                let mut entry = from.by_index(place).expect("a file of it");
                let name = entry.name().to_owned();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).expect("it can be read");
                if name == SCREENS {
                    content = with_script(content);
                }
                add(&mut to, &name, &content);
            }
            add(&mut to, FIRST, script.as_bytes());
            for (name, content) in more {
                add(&mut to, name, content.as_bytes());
            }
            to.finish().expect("written");
            made
        });
        Self { chrome, firefox }
    }
}

fn with_script(page: Vec<u8>) -> Vec<u8> {
    let page = String::from_utf8(page).expect("HTML is text");
    let with = page.replacen("<script", &format!("<script src=\"/{FIRST}\"></script><script"), 1);
    assert_ne!(with, page, "{SCREENS} has a script");
    with.into_bytes()
}

fn add(to: &mut ZipWriter<File>, name: &str, content: &[u8]) {
    to.start_file(name, SimpleFileOptions::default())
        .and_then(|()| to.write_all(content).map_err(Into::into))
        .expect("written");
}
