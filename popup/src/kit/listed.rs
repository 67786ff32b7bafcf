//! A row among all rows, not copied: a list of ten thousand is looked at in a few places only.

use std::ops::Deref;
use std::sync::Arc;

use mysafe_browser::Row;

/// A row among all of them, not copied.
#[derive(Clone)]
pub struct Listed {
    rows: Arc<Vec<Row>>,
    place: usize,
}

impl Listed {
    /// The row at a place, if there is one.
    pub fn of(rows: &Arc<Vec<Row>>, place: usize) -> Option<Self> {
        (place < rows.len()).then(|| Self { rows: Arc::clone(rows), place })
    }
}

impl Deref for Listed {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.rows[self.place]
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.rows, &other.rows) && self.place == other.place;
        same || **self == **other
    }
}
