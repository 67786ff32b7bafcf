//! One connection to the server: HTTP/1.1 with JSON, one request after the other.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use mysafe::protocol::wire::{
    BundleResponse, ChangesQuery, ChangesResponse, ErrorCode, ErrorResponse, HistoryResponse,
    ItemState, ItemWriteRequest, ItemWriteResponse, PeopleResponse, Reason, RecordWriteRequest,
    RevisionsResponse, UseRequest, WriteAgainRequest,
};
use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{Remote, RemoteError, whole_history};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Failure;

/// A connection that stays open.
pub struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
    token: Option<String>,
    /// The client that a proxy names.
    client: Option<String>,
}

impl Connection {
    /// Connects to `host:port`.
    pub fn open(server: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            host: server.to_owned(),
            stream: BufReader::new(stream),
            token: None,
            client: None,
        })
    }

    /// The same connection with a session.
    pub fn signed_in(self, token: String) -> SignedIn {
        SignedIn(RefCell::new(Self { token: Some(token), ..self }))
    }

    /// From here on the requests are of a session.
    pub fn authorize(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    /// From here on the requests come from another client, by the word of a proxy on this machine.
    pub fn come_from(&mut self, client: &str) {
        self.client = Some(client.to_owned());
    }

    /// Sends JSON; the answer is that it is done.
    pub fn tell(&mut self, verb: &str, path: &str, body: &impl Serialize) -> Result<(), Failure> {
        self.exchange(verb, path, Some(serde_json::to_vec(body)?)).map(drop)
    }

    /// The body of an answer as the extension asks for it, in CBOR, unread: for how long the server takes.
    pub fn raw(&mut self, path: &str) -> Result<Vec<u8>, Failure> {
        self.exchange_as("application/cbor", "GET", path, None)
    }

    /// Asks for what is there.
    pub fn get<A: DeserializeOwned>(&mut self, path: &str) -> Result<A, Failure> {
        Ok(serde_json::from_slice(&self.exchange("GET", path, None)?)?)
    }

    /// Sends JSON, reads JSON.
    pub fn send<A: DeserializeOwned>(
        &mut self,
        verb: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, Failure> {
        let answer = self.exchange(verb, path, Some(serde_json::to_vec(body)?))?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// One request; the body of its answer if that is a success.
    fn exchange(
        &mut self,
        verb: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Failure> {
        self.exchange_as("application/json", verb, path, body)
    }

    fn exchange_as(
        &mut self,
        accept: &str,
        verb: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Failure> {
        let mut request =
            format!("{verb} {path} HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\n", self.host);
        if let Some(token) = &self.token {
            request += &format!("Authorization: Bearer {token}\r\n");
        }
        if let Some(client) = &self.client {
            request += &format!("X-Forwarded-For: {client}\r\n");
        }
        if let Some(body) = &body {
            request +=
                &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        let mut bytes = request.into_bytes();
        bytes.extend(body.unwrap_or_default());
        self.stream.get_mut().write_all(&bytes)?;
        let (status, answer) = self.answer()?;
        match status {
            200..300 => Ok(answer),
            _ => match serde_json::from_slice::<ErrorResponse>(&answer) {
                Ok(error) => {
                    Err(Refused { request: format!("{verb} {path}: {status}"), error }.into())
                }
                Err(_) => Err(format!("{verb} {path}: {status}").into()),
            },
        }
    }

    fn answer(&mut self) -> Result<(u16, Vec<u8>), Failure> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status =
            line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("this is no HTTP")?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }
}

/// The server refused a request.
#[derive(Debug)]
struct Refused {
    request: String,
    error: ErrorResponse,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}, {:?}", self.request, self.error.code)
    }
}

impl std::error::Error for Refused {}

/// The code with which the server refused, if that is what went wrong.
pub fn refused_as(failure: &Failure) -> Option<ErrorCode> {
    failure.downcast_ref::<Refused>().map(|refused| refused.error.code)
}

/// A connection with a session, as sync takes it.
pub struct SignedIn(RefCell<Connection>);

impl SignedIn {
    /// What sync does not expect ends the program, so that what it was goes to the screen.
    fn exchange(
        &self,
        verb: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, RemoteError> {
        self.0.borrow_mut().exchange(verb, path, body).map_err(|error| {
            match error.downcast::<Refused>().map(|refused| refused.error) {
                Ok(ErrorResponse { code: ErrorCode::Stale, current, .. }) => {
                    RemoteError::Stale(current.map(Box::new))
                }
                Ok(ErrorResponse { reason: Some(Reason::MailboxNotConfirmed), .. }) => {
                    RemoteError::NotConfirmed
                }
                Ok(refused) => RemoteError::Refused(refused.code),
                Err(error) => {
                    eprintln!("{error}");
                    RemoteError::Malformed
                }
            }
        })
    }

    fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A, RemoteError> {
        read(&self.exchange("GET", path, None)?)
    }
}

fn read<A: DeserializeOwned>(answer: &[u8]) -> Result<A, RemoteError> {
    serde_json::from_slice(answer).map_err(|_| RemoteError::Malformed)
}

fn json(body: &impl Serialize) -> Option<Vec<u8>> {
    Some(serde_json::to_vec(body).expect("requests can be written as JSON"))
}

impl SignedIn {
    /// Asks the server to do something that has no answer.
    pub fn ask(&self, verb: &str, path: &str) -> Result<(), RemoteError> {
        self.exchange(verb, path, None).map(drop)
    }
}

impl Remote for SignedIn {
    async fn write(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        read(&self.exchange("PUT", &format!("/v1/items/{item}"), json(request))?)
    }

    async fn note_use(&self, item: &ItemId, request: &UseRequest) -> Result<(), RemoteError> {
        self.exchange("PUT", &format!("/v1/items/{item}/use"), json(request)).map(drop)
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<ChangesResponse, RemoteError> {
        let mut path = String::from("/v1/changes?");
        if let (Some(epoch), Some(position)) = (query.epoch, query.position) {
            path += &format!("epoch={epoch}&position={position}&");
        }
        if let Some(limit) = query.limit {
            path += &format!("limit={limit}");
        }
        self.get(&path)
    }

    async fn revisions(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        self.get(&format!("/v1/items/{item}/revisions?after={after}"))
    }

    async fn listed(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        self.get(&format!("/v1/items/{item}/revisions?after={after}&lists=true"))
    }

    async fn history(&self, item: &ItemId, before: u64) -> Result<HistoryResponse, RemoteError> {
        let ask = async |query: String| self.get(&format!("/v1/items/{item}/history?{query}"));
        whole_history(before, ask).await
    }

    async fn write_again(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        read(&self.exchange("PUT", &format!("/v1/items/{item}/again"), json(request))?)
    }

    async fn item(&self, item: &ItemId) -> Result<ItemState, RemoteError> {
        self.get(&format!("/v1/items/{item}"))
    }

    async fn leave(&self, item: &ItemId) -> Result<(), RemoteError> {
        self.ask("DELETE", &format!("/v1/items/{item}/access"))
    }

    async fn end_access(&self, item: &ItemId, user: &UserId) -> Result<(), RemoteError> {
        self.ask("DELETE", &format!("/v1/items/{item}/access/{user}"))
    }

    async fn bundle(&self, user: &UserId) -> Result<BundleResponse, RemoteError> {
        self.get(&format!("/v1/users/{user}/bundle"))
    }

    async fn people(&self, search: &str) -> Result<PeopleResponse, RemoteError> {
        self.get(&format!("/v1/users?search={search}"))
    }

    async fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError> {
        self.exchange("PUT", "/v1/accounts/record", json(request)).map(drop)
    }
}
