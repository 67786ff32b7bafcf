//! The client's side of OPAQUE (RFC 9807): sign-up is section 5, sign-in section 6. The key
//! stretching function is always passed: the library's default is weaker.

use mysafe_protocol::opaque::{CONTEXT, Suite1, ksf};
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialResponse, Identifiers, RegistrationResponse,
};
use zeroize::Zeroizing;

use super::keys::ExportKey;
use super::password::normalized;
use super::random::{ForOpaque, Random};

/// Why a step of OPAQUE failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueError {
    /// The password is not that of the account, or there is no such account.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The server's message is not one of OPAQUE's.
    #[error("forged")]
    Forged,
}

/// A sign-up between its two requests.
pub struct SignUp {
    password: Zeroizing<String>,
    state: ClientRegistration<Suite1>,
}

impl SignUp {
    /// Begins; the bytes are the RegistrationRequest.
    pub fn start(password: &str, random: &mut impl Random) -> (Self, Vec<u8>) {
        let password = normalized(password);
        let start = ClientRegistration::start(&mut ForOpaque(random), password.as_bytes())
            .expect("a password always blinds");
        (Self { password, state: start.state }, start.message.serialize().to_vec())
    }

    /// Ends; the bytes are the RegistrationUpload. Hashes the password.
    pub fn finish(
        self,
        response: &[u8],
        random: &mut impl Random,
    ) -> Result<(Vec<u8>, ExportKey), OpaqueError> {
        let response =
            RegistrationResponse::deserialize(response).map_err(|_| OpaqueError::Forged)?;
        let ksf = ksf();
        let parameters =
            ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
        let finish = self
            .state
            .finish(&mut ForOpaque(random), self.password.as_bytes(), response, parameters)
            .map_err(|_| OpaqueError::Forged)?;
        let export = ExportKey(Zeroizing::new(finish.export_key.to_vec()));
        Ok((finish.message.serialize().to_vec(), export))
    }
}

/// A sign-in between its two requests.
pub struct SignIn {
    password: Zeroizing<String>,
    state: ClientLogin<Suite1>,
}

impl SignIn {
    /// Begins; the bytes are the CredentialRequest with KE1.
    pub fn start(password: &str, random: &mut impl Random) -> (Self, Vec<u8>) {
        let password = normalized(password);
        let start = ClientLogin::start(&mut ForOpaque(random), password.as_bytes())
            .expect("a password always blinds");
        (Self { password, state: start.state }, start.message.serialize().to_vec())
    }

    /// Ends; the bytes are KE3. Hashes the password.
    pub fn finish(
        self,
        response: &[u8],
        random: &mut impl Random,
    ) -> Result<(Vec<u8>, ExportKey), OpaqueError> {
        let response =
            CredentialResponse::deserialize(response).map_err(|_| OpaqueError::Forged)?;
        let ksf = ksf();
        let parameters =
            ClientLoginFinishParameters::new(Some(CONTEXT), Identifiers::default(), Some(&ksf));
        let finish = self
            .state
            .finish(&mut ForOpaque(random), self.password.as_bytes(), response, parameters)
            .map_err(|_| OpaqueError::WrongCredentials)?;
        let export = ExportKey(Zeroizing::new(finish.export_key.to_vec()));
        Ok((finish.message.serialize().to_vec(), export))
    }
}
