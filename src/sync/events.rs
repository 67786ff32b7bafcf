//! Reading the server's stream of events (`text/event-stream`, WHATWG HTML section 9.2.6), which
//! says where the log of changes ends and nothing else.

use mysafe_protocol::cbor::Malformed;

/// No line of this server is longer.
const LONGEST: usize = 256;

/// What came of the stream so far.
#[derive(Default)]
pub struct Events {
    line: Vec<u8>,
    /// Of the event that is not complete yet.
    data: Option<u64>,
}

impl Events {
    /// Takes what came next: the position of the last event that it completes. One that this
    /// does not understand is not from this interface.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<u64>, Malformed> {
        let mut newest = None;
        for byte in bytes {
            if *byte == b'\n' {
                newest = self.line_ended()?.or(newest);
                self.line.clear();
            } else if self.line.len() < LONGEST {
                self.line.push(*byte);
            } else {
                return Err(Malformed);
            }
        }
        Ok(newest)
    }

    fn line_ended(&mut self) -> Result<Option<u64>, Malformed> {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        if line.is_empty() {
            return Ok(self.data.take());
        }
        if let Some(value) = line.strip_prefix(b"data:") {
            let value = std::str::from_utf8(value).map_err(|_| Malformed)?;
            self.data = Some(value.trim_start().parse().map_err(|_| Malformed)?);
        }
        // Comments keep the connection; other fields are of later versions.
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> Vec<Result<Option<u64>, Malformed>> {
        let mut events = Events::default();
        pieces.iter().map(|piece| events.take(piece.as_bytes())).collect()
    }

    #[test]
    fn each_event_gives_its_position_however_it_is_cut() {
        let stream = "data: 7\n\n: \n\ndata:8\r\n\r\nid: x\ndata: 900\n\n";
        assert_eq!(read(&[stream]), [Ok(Some(900))], "the newest of several");
        let bytes: Vec<String> = stream.chars().map(String::from).collect();
        let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
        let positions: Vec<u64> = read(&bytes).into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(positions, [7, 8, 900]);
        assert_eq!(read(&["data: 7\n", "\n", ": \n\n"]), [Ok(None), Ok(Some(7)), Ok(None)]);
    }

    #[test]
    fn what_is_not_a_position_is_refused() {
        for data in ["data: x\n\n", "data: -1\n\n", "data:\n\n", "data: 1 2\n\n"] {
            assert_eq!(read(&[data]), [Err(Malformed)], "{data}");
        }
        let mut events = Events::default();
        assert_eq!(events.take(&[b'x'; LONGEST + 1]), Err(Malformed), "a page of somebody else");
        assert_eq!(Events::default().take(b"data: \xff\n"), Err(Malformed));
    }
}
