//! The DevTools protocol over a pipe: JSON messages that end with a NUL. One thread reads, callers
//! wait for the answer to their own command; events are dropped, because the tests ask for the state
//! of things instead of remembering what was announced.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// No command of these tests takes longer, axe on a slow machine included.
const LONGEST: Duration = Duration::from_secs(60);

type Waiting = Arc<Mutex<Option<HashMap<u64, Sender<Value>>>>>;

/// A connection to a Chromium.
pub struct Devtools {
    writing: Mutex<(u64, ChildStdin)>,
    waiting: Waiting,
}

impl Devtools {
    /// Talks over the two ends of the browser's pipe.
    pub fn over(to_browser: ChildStdin, from_browser: impl Read + Send + 'static) -> Self {
        let waiting: Waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let shared = Arc::clone(&waiting);
        std::thread::spawn(move || read_answers(from_browser, &shared));
        Self { writing: Mutex::new((0, to_browser)), waiting }
    }

    /// Sends a command, to the browser or with a session to one of its pages, and gives its result
    /// or the browser's error text.
    pub fn call(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        let answer = self.send(session, method, parameters)?;
        let answer = answer.recv_timeout(LONGEST).map_err(|error| format!("{method}: {error}"))?;
        match answer.get("error") {
            Some(error) => Err(format!("{method}: {error}")),
            None => Ok(answer["result"].clone()),
        }
    }

    fn send(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Receiver<Value>, String> {
        let mut writing = self.writing.lock().expect("no panic while writing");
        writing.0 += 1;
        let id = writing.0;
        let (sender, receiver) = channel();
        let mut waiting = self.waiting.lock().expect("no panic while waiting");
        waiting.as_mut().ok_or("the browser has ended")?.insert(id, sender);
        drop(waiting);
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        writing
            .1
            .write_all(&bytes)
            .and_then(|()| writing.1.flush())
            .map_err(|error| error.to_string())?;
        Ok(receiver)
    }
}

fn read_answers(from_browser: impl Read, waiting: &Mutex<Option<HashMap<u64, Sender<Value>>>>) {
    for message in BufReader::new(from_browser).split(0).map_while(Result::ok) {
        let message: Value = serde_json::from_slice(&message).expect("the browser speaks JSON");
        if let Some(id) = message["id"].as_u64() {
            let sender = waiting
                .lock()
                .expect("no panic while waiting")
                .as_mut()
                .and_then(|all| all.remove(&id));
            if let Some(sender) = sender {
                // A caller that gave up no longer listens.
                let _ = sender.send(message);
            }
        }
    }
    // The browser has ended: whoever waits hears of it, whoever comes later too.
    *waiting.lock().expect("no panic while waiting") = None;
}
