//! Packing: the same files always give the same bytes.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::Result;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::package::Files;
use super::stamp;

/// Packs `files` into `path` unless that holds them already; returns its size in bytes.
pub fn pack(files: &Files, path: &Path) -> Result<u64> {
    let parts: Vec<&[u8]> =
        files.iter().flat_map(|(name, content)| [name.as_bytes(), content]).collect();
    let stamp = crate::workspace::scratch()
        .join(path.file_name().expect("a file"))
        .with_extension("zip.stamp");
    if !path.exists() {
        let _ = fs::remove_file(&stamp);
    }
    stamp::unless_done(&stamp, &stamp::of(&parts), || Ok(fs::write(path, packed(files)?)?))?;
    Ok(fs::metadata(path)?.len())
}

/// The bytes of the archive: sorted names, one date for all, one set of rights.
fn packed(files: &Files) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes() {
        let files = Files::from([("b".into(), b"two".to_vec()), ("a/c".into(), vec![0; 5000])]);
        assert_eq!(packed(&files).unwrap(), packed(&files.clone()).unwrap());
    }

    #[test]
    fn what_was_packed_can_be_unpacked() {
        let files = Files::from([("b".into(), b"two".to_vec()), ("a/c".into(), vec![7; 5000])]);
        let mut archive = zip::ZipArchive::new(Cursor::new(packed(&files).unwrap())).unwrap();
        for (name, content) in &files {
            let mut found = Vec::new();
            std::io::copy(&mut archive.by_name(name).unwrap(), &mut found).unwrap();
            assert_eq!(&found, content);
        }
        assert_eq!(archive.len(), files.len());
    }
}
