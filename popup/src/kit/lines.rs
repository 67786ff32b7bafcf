//! What a list shows, line by line, and where each row stands in it.

use super::why::Why;
use crate::plain_t;

/// A line of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// The heading of a section.
    Head(Section),
    /// An item, by its place in the rows, and why it stands here.
    Item {
        /// Place in the rows.
        row: usize,
        /// The reason.
        why: Option<Why>,
    },
}

/// A section of the list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Section {
    /// What matches the page.
    Matches,
    /// Everything else.
    All,
}

impl Section {
    /// Its heading.
    pub fn text(self) -> &'static str {
        match self {
            Self::Matches => plain_t!("matches-this-page"),
            Self::All => plain_t!("all-api-secrets"),
        }
    }
}

/// The lines, and where each row stands among them: both are asked for with every key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lines {
    pub(super) lines: Vec<Line>,
    /// The rows shown, in their order.
    rows: Vec<usize>,
    /// For each row its place among `rows`, and its line.
    at: Vec<Option<(usize, usize)>>,
    /// How many more there would be without filters.
    pub hidden: usize,
    /// How many more rows come below, once they are decoded.
    pub(super) missing: usize,
}

impl Lines {
    /// Of `count` rows there are; filters keep `hidden` of them away.
    pub fn of(lines: Vec<Line>, count: usize, hidden: usize) -> Self {
        let (mut rows, mut at) = (Vec::with_capacity(lines.len()), vec![None; count]);
        for (place, line) in lines.iter().enumerate() {
            if let Line::Item { row, .. } = line
                && let Some(at) = at.get_mut(*row)
            {
                *at = Some((rows.len(), place));
                rows.push(*row);
            }
        }
        Self { lines, rows, at, hidden, missing: 0 }
    }

    /// The same, with so many more rows to come.
    pub fn with_missing(self, missing: usize) -> Self {
        Self { missing, ..self }
    }

    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many more rows are to come.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Whether more rows are to come.
    pub fn is_partial(&self) -> bool {
        self.missing > 0
    }

    /// How many items are shown.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The row that stands `by` rows after this one; the first if this one is not shown.
    pub fn step(&self, row: Option<usize>, by: i32) -> Option<usize> {
        let at = row.and_then(|row| self.place(row)).map_or(0, |at| at as i32);
        let last = self.rows.len() as i32 - 1;
        self.rows.get(at.saturating_add(by).clamp(0, last.max(0)) as usize).copied()
    }

    /// The first row shown.
    pub fn first(&self) -> Option<usize> {
        self.rows.first().copied()
    }

    /// A row's place among those shown.
    pub fn place(&self, row: usize) -> Option<usize> {
        self.at.get(row).copied().flatten().map(|(place, _)| place)
    }

    /// A row's line.
    pub fn line(&self, row: usize) -> Option<usize> {
        self.at.get(row).copied().flatten().map(|(_, line)| line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_steps_from_row_to_row_past_the_headings() {
        let item = |row| Line::Item { row, why: None };
        let head = Line::Head(Section::All);
        let lines = Lines::of(vec![head, item(3), head, item(0), item(2)], 5, 0);
        assert_eq!((lines.count(), lines.first()), (3, Some(3)));
        for (row, by, next) in [
            (Some(3), 1, Some(0)),
            (Some(0), 1, Some(2)),
            (Some(2), 1, Some(2)),
            (Some(2), -8, Some(3)),
            (Some(1), 1, Some(0)),
            (None, 0, Some(3)),
            (Some(3), i32::MAX, Some(2)),
        ] {
            assert_eq!(lines.step(row, by), next, "{row:?} {by}");
        }
        assert_eq!((lines.place(2), lines.line(2), lines.place(1)), (Some(2), Some(4), None));
        assert_eq!(Lines::default().step(Some(0), 1), None);
        // Rows that went meanwhile.
        assert_eq!(Lines::of(vec![item(9)], 1, 0).count(), 0);
    }
}
