//! The two kinds of browsers that the extension is built for.

use std::path::PathBuf;

use crate::workspace;

/// Which browser a package is for. Chrome stands for every browser made of Chromium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chrome, Chromium and their kin.
    Chrome,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// Its name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
        }
    }

    /// Its unpacked extension.
    pub fn folder(self) -> PathBuf {
        workspace::path("dist").join(self.name())
    }

    /// Its packed extension.
    pub fn zip(self) -> PathBuf {
        workspace::path("dist").join(format!("mysafe-{}.zip", self.name()))
    }
}
