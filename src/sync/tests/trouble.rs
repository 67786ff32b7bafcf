//! Syncs that something gets in the way of.

use super::device::Device;
use super::line::Break;

impl Device {
    /// A sync whose line breaks at a request.
    pub(super) fn sync_broken(&mut self, at: u32, how: Break) {
        self.line.breaks.set(Some((at, how)));
        let _ = self.sync();
        self.line.breaks.set(None);
    }

    /// A sync in which the disk refuses a write.
    pub(super) fn sync_refused(&mut self, at: u32) {
        self.disk.refuses.set(Some(at));
        let _ = self.sync();
        self.disk.refuses.set(None);
    }
}
