//! Firefox's own remote protocol, Marionette: length-prefixed JSON over a socket of this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

/// No command of these tests takes longer, axe on a slow machine included.
const LONGEST: Duration = Duration::from_secs(60);

/// A session with a Firefox, in the context of the browser's own windows.
pub struct Marionette {
    connection: Mutex<(u64, TcpStream)>,
}

impl Marionette {
    /// Connects to the port that the browser wrote into its profile and opens the session.
    #[track_caller]
    pub fn connect(port: u16) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("Firefox listens");
        stream.set_read_timeout(Some(LONGEST)).expect("a timeout can be set");
        stream.set_nodelay(true).expect("a socket option");
        read(&mut stream).expect("Firefox greets");
        let session = Self { connection: Mutex::new((0, stream)) };
        session.call("WebDriver:NewSession", &json!({})).expect("a session");
        session
            .call("Marionette:SetContext", &json!({ "value": "chrome" }))
            .expect("--remote-allow-system-access");
        session
    }

    /// Sends a command and gives its result or the browser's error text.
    pub fn call(&self, command: &str, parameters: &Value) -> Result<Value, String> {
        let mut connection = self.connection.lock().expect("no panic while talking");
        connection.0 += 1;
        let message = json!([0, connection.0, command, parameters]).to_string();
        let stream = &mut connection.1;
        let text = |error: std::io::Error| format!("{command}: {error}");
        stream.write_all(format!("{}:{message}", message.len()).as_bytes()).map_err(text)?;
        let answer = read(stream).map_err(text)?;
        match &answer[2] {
            Value::Null => Ok(answer[3].clone()),
            error => Err(format!("{command}: {} {}", error["error"], error["message"])),
        }
    }

    /// Runs the body of an async function in the browser's window; `parameters` are its arguments.
    pub fn run(&self, body: &str, parameters: &[Value]) -> Result<Value, String> {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async (...given) => {{ {body} }})(...Array.from(arguments).slice(0, -1))\
             .then((is) => done({{ is }}), (error) => done({{ error: String(error) + error.stack }}));"
        );
        let limit = LONGEST.as_secs() * 1000;
        let parameters = json!({ "script": script, "args": parameters, "scriptTimeout": limit, "newSandbox": false });
        let answer = self.call("WebDriver:ExecuteAsyncScript", &parameters)?;
        match answer["value"].get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(answer["value"]["is"].clone()),
        }
    }
}

fn read(stream: &mut TcpStream) -> std::io::Result<Value> {
    let mut length = 0_usize;
    loop {
        let mut digit = [0];
        stream.read_exact(&mut digit)?;
        match digit[0] {
            b':' => break,
            digit => length = length * 10 + usize::from(digit - b'0'),
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}
