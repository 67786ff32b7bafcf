//! Finding out whether an address is a MySafe server.

use mysafe::matching::Site;
use mysafe::model::complete;
pub use mysafe::protocol::wire::Signups;
use mysafe::protocol::wire::{INTERFACE, PRODUCT, ServerResponse};

use crate::http::{Endpoint, HttpError, somebody_answers};

/// A server that answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// Base address, without trailing slash.
    pub url: String,
    /// Host and port, to show.
    pub host: String,
    /// Who may make an account there.
    pub signups: Signups,
}

impl Server {
    /// One that this browser has used before.
    pub(crate) fn known(url: &str) -> Self {
        let host = Site::of(url).map_or_else(|| url.to_owned(), |site| site.authority());
        Self { url: url.to_owned(), host, signups: Signups::Invite }
    }
}

/// Why an address is not usable as a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ServerError {
    /// Not an address.
    Invalid,
    /// The way to another machine would not be encrypted, and the user did not allow it.
    NotEncrypted {
        /// The host.
        host: String,
    },
    /// Nobody answered there.
    NoAnswer {
        /// The host asked.
        host: String,
    },
    /// Something else answered there.
    NotMySafe {
        /// The host asked.
        host: String,
    },
}

/// Asks the address who it is. A bare name gets https, this machine http. Another machine is asked by http
/// only if the user allowed it.
pub async fn check_server(address: &str, unencrypted: bool) -> Result<Server, ServerError> {
    let address = complete(address).map_err(|_| ServerError::Invalid)?;
    let mut url = address.url.trim_end_matches('/').to_owned();
    let site = Site::of(&url).ok_or(ServerError::Invalid)?;
    if address.added_scheme && site.is_loopback() {
        url = url.replacen("https://", "http://", 1);
    }
    let site = Site::of(&url).ok_or(ServerError::Invalid)?;
    let host = site.authority();
    if !(site.secure || site.is_loopback() || unencrypted) {
        return Err(ServerError::NotEncrypted { host });
    }
    match (Endpoint { base: &url, token: None }).get::<ServerResponse>("/v1/server").await {
        Ok(server) if server.product == PRODUCT && server.interface == INTERFACE => {
            Ok(Server { url, host, signups: server.signups })
        }
        // A website that is not ours lets no extension read its answer, as if there were none.
        Err(HttpError::NoAnswer) if !somebody_answers(&url).await => {
            Err(ServerError::NoAnswer { host })
        }
        _ => Err(ServerError::NotMySafe { host }),
    }
}
