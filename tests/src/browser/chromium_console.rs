//! What pages wrote to their consoles, out of Chromium's log.

/// The messages of pages whose addresses begin so, each in one line.
pub(super) fn said(log: &str, own: &str) -> Vec<String> {
    // What a page says of itself stands at the end, and may have several lines before.
    let mut said: Vec<String> = Vec::new();
    for line in log.lines() {
        match said.last_mut() {
            Some(last) if !line.starts_with('[') => *last = format!("{last} | {line}"),
            _ => said.push(line.to_owned()),
        }
    }
    said.retain(|line| line.contains(":CONSOLE") && line.contains(own));
    said
}
