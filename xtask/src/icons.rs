//! The toolbar icons: two drawings, four sizes each. The pictures are committed, so that nobody
//! needs a program for drawing; this draws them again after a change of the drawings.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, workspace};

const SIZES: [&str; 4] = ["16", "32", "48", "128"];

/// Draws `extension/icons/*.png`.
pub fn draw() -> Result<()> {
    if process::find("rsvg-convert").is_none() {
        bail!("rsvg-convert is missing: on Debian, apt-get install librsvg2-bin");
    }
    let folder = workspace::path("extension/icons");
    for name in ["mysafe", "mysafe-locked"] {
        for size in SIZES {
            let picture = format!("{name}-{size}.png");
            process::run(
                Command::new("rsvg-convert")
                    .args(["-w", size, "-h", size, "-o", &picture])
                    .arg(format!("{name}.svg"))
                    .current_dir(&folder),
            )?;
        }
    }
    Ok(())
}
