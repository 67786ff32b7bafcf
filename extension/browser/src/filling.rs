//! Filling: decided by the core, done by a script in the page, noted as a use once it is done.

use mysafe::fill::{Answer, Decision, Gesture, Refusal, What, Wish, decide};
use mysafe::protocol::ItemId;

use crate::item::{RevealError, SaveError, Use};
pub use crate::on_page::InPage;
use crate::on_page::put;
use crate::open::Open;
use crate::tab::current_tab;

/// What became of a wish to fill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filled {
    /// The value is in the field.
    Done,
    /// The user has to be asked: this is not the item's address.
    Ask {
        /// The origin the question is about.
        origin: String,
        /// Its host, with the port if it is not the scheme's own.
        host: String,
    },
}

/// Why nothing was filled.
#[derive(Clone, PartialEq, Debug)]
pub enum FillError {
    /// It is not allowed.
    Refused(Refusal),
    /// There is nowhere to put it.
    Page(InPage),
    /// The client secret is not given out.
    Reveal(RevealError),
    /// The address was not kept, so nothing was filled.
    Save(SaveError),
}

impl Open {
    /// Whether a value of an item may be filled on a page, or the user may be asked; if not, why.
    pub fn may_fill(&self, id: &ItemId, what: What, page: &str) -> Result<(), Refusal> {
        let wish = Wish { what, page, top: true, gesture: Gesture::Screen, answer: None };
        match self.with_vault(|vault| vault.entry(id).map(|entry| decide(entry, &wish))) {
            Some(Decision::Refused(why)) => Err(why),
            Some(_) => Ok(()),
            None => Err(Refusal::Inactive),
        }
    }

    /// Fills a value into the focused field of the tab that the user looks at. Its menu tells whether
    /// that is in the `top` frame; otherwise only the script in the page finds out.
    pub async fn fill(
        &self,
        id: &ItemId,
        what: What,
        gesture: Gesture,
        top: bool,
        answer: Option<&Answer>,
    ) -> Result<Filled, FillError> {
        self.awake().await.map_err(|error| FillError::Reveal(error.into()))?;
        let (tab, page) = current_tab().await.ok_or(FillError::Refused(Refusal::NoWebPage))?;
        let wish = Wish { what, page: &page, top, gesture, answer };
        let decision = self
            .with_vault(|vault| vault.entry(id).map(|entry| decide(entry, &wish)))
            .ok_or(FillError::Reveal(RevealError::Gone))?;
        let origin = match decision {
            Decision::Allowed { origin } => origin,
            Decision::Ask { origin, host } => return Ok(Filled::Ask { origin, host }),
            Decision::Refused(why) => return Err(FillError::Refused(why)),
        };
        if answer.is_some_and(|answer| answer.always && answer.origin == origin) {
            self.add_address(*id, &origin).await.map_err(FillError::Save)?;
        }
        let put = match what {
            What::ClientId => {
                let client_id = self.stored_client_id(id);
                let client_id = client_id.ok_or(FillError::Reveal(RevealError::Gone))?;
                put(tab, &client_id, &origin).await
            }
            What::ClientSecret => {
                let secret = self.reveal(id, Use::Fill).await.map_err(FillError::Reveal)?;
                put(tab, secret.as_str(), &origin).await
            }
        };
        // Opening the client secret has noted it; what the page made of the value does not matter.
        if what == What::ClientId && matches!(put, Ok(()) | Err(InPage::Changed)) {
            self.used(id).await;
        }
        put.map_err(FillError::Page)?;
        Ok(Filled::Done)
    }
}
