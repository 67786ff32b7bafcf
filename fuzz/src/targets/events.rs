//! The stream of events, against a reader of whole lines.

use mysafe::sync::Events;

/// Streams to begin with.
pub(super) const TEXTS: &[&str] = &[
    "data: 7\n\n: \n\ndata:8\r\n\r\nid: x\ndata: 900\n\n",
    "data: 18446744073709551615\n\n",
    "data: 1\ndata: 2\n\n\n",
];

/// The longest line that is read.
const LONGEST: usize = 256;

/// A stream gives the same positions however it is cut, and as a reader of whole lines sees them.
pub(super) fn stream(bytes: &[u8]) -> bool {
    let Some((cut, stream)) = bytes.split_first() else { return false };
    let whole = Events::default().take(stream);
    let mut events = Events::default();
    let pieces = stream.chunks(usize::from(*cut) + 1);
    let mut newest = Ok(None);
    for piece in pieces {
        newest = newest.and_then(|newest| Ok(events.take(piece)?.or(newest)));
    }
    assert_eq!(whole, newest, "a stream does not depend on its cuts");
    assert_eq!(whole.ok(), by_lines(stream), "both readers agree");
    matches!(whole, Ok(Some(_)))
}

fn by_lines(stream: &[u8]) -> Option<Option<u64>> {
    let mut lines: Vec<&[u8]> = stream.split(|byte| *byte == b'\n').collect();
    if lines.iter().any(|line| line.len() > LONGEST) {
        return None;
    }
    lines.pop();
    let (mut data, mut newest) = (None, None);
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(value) = line.strip_prefix(b"data:") {
            data = Some(std::str::from_utf8(value).ok()?.trim_start().parse().ok()?);
        } else if line.is_empty() {
            newest = data.take().or(newest);
        }
    }
    Some(newest)
}
