//! A vault that was opened with what a first screen shows: the rest of thousands of entries is decoded
//! after that is painted. Who needs any item waits for it.

use std::cell::RefCell;

use futures::channel::oneshot;
use gloo_timers::future::TimeoutFuture;
use mysafe::crypto::{AccountKey, Opened};
use mysafe::protocol::ItemId;
use mysafe::vault::{Glance, LoadError, Vault, pieces};

use crate::open::Open;
use crate::rows::Lists;
use crate::standing::open_vault;
use crate::store::{Device, StoreError};

/// More than a screen has lines.
const ROWS: usize = 80;
/// Entries decoded at a time: three to six milliseconds, also where the code runs for the first time.
const FEW: usize = 1_500;

/// A first screen that lists all items by name.
pub struct FirstScreen {
    /// The address whose items stand before the others, if there is one.
    pub page: Option<String>,
}

impl FirstScreen {
    /// Decodes what the screen shows: its items by name, and what is left, if that is worth waiting for.
    pub(crate) async fn show(
        &self,
        device: &Device,
        vault: &mut Vault,
        glance: Option<Glance>,
    ) -> Result<(Vec<ItemId>, Option<Glance>), LoadError> {
        let Some(mut glance) = glance else { return Ok((Vec::new(), None)) };
        let places = glance.first(ROWS, self.page.as_deref());
        let all = 2 * places.len() >= glance.count();
        let missing = if all {
            glance.missing(0..glance.count())
        } else {
            glance.missing(places.iter().copied())
        };
        let read = pieces(device, missing, |key, blob| vault.opening_cache(key, blob)).await?;
        glance.add(read).map_err(|_| LoadError::Cache)?;
        if all {
            return Ok((vault.complete(glance).map_err(|_| LoadError::Cache)?, None));
        }
        let shown = vault.show(&glance, &places).map_err(|_| LoadError::Cache)?;
        Ok((shown, Some(glance)))
    }
}

/// What is not decoded yet.
pub(crate) struct Rest {
    glance: Glance,
    /// Who waits for it; they hear of it when these are dropped.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl From<Glance> for Rest {
    fn from(glance: Glance) -> Self {
        Self { glance, waiting: RefCell::default() }
    }
}

impl Rest {
    /// Takes what was read, and decodes some more; whether that were all.
    fn decode(&mut self, read: Vec<(usize, Opened)>) -> Result<bool, LoadError> {
        let added = self.glance.add(read);
        added.and_then(|()| self.glance.decode(FEW)).map_err(|_| LoadError::Cache)
    }
}

impl Open {
    /// How many rows there will be besides those that are there; none once all is decoded.
    pub fn missing(&self) -> usize {
        let shown = self.vault.borrow().entries().len();
        let rest = self.rest.borrow();
        rest.as_ref().map_or(0, |rest| rest.glance.listed().saturating_sub(shown))
    }

    /// Waits until all is decoded: at first it is not, if it was opened for a [`FirstScreen`].
    pub async fn whole(&self) {
        let done = self.rest.borrow().as_ref().map(|rest| {
            let (done, waits) = oneshot::channel();
            rest.waiting.borrow_mut().push(done);
            waits
        });
        if let Some(done) = done {
            // It is dropped, not sent.
            let _ = done.await;
        }
    }

    /// Decodes what is not decoded yet, piece by piece, once the first screen is painted. Whether there
    /// are other rows now.
    pub async fn finish(&self) -> Result<bool, StoreError> {
        loop {
            TimeoutFuture::new(0).await;
            let missing = match &*self.rest.borrow() {
                None => return Ok(false),
                Some(rest) => rest.glance.missing(rest.glance.next(FEW)),
            };
            let read = pieces(&self.device, missing, |key, blob| {
                self.vault.borrow().opening_cache(key, blob)
            });
            let read = read.await;
            let decoded = match &mut *self.rest.borrow_mut() {
                None => return Ok(false),
                Some(rest) => read.and_then(|read| rest.decode(read)),
            };
            match decoded {
                Ok(false) => {}
                Ok(true) => break,
                Err(_) => return self.open_again().await.map(|()| true),
            }
        }
        TimeoutFuture::new(0).await;
        // What another context stored may have been taken over meanwhile: that was all, and newer.
        let Some(Rest { glance, waiting }) = self.rest.take() else { return Ok(false) };
        let order = self.vault.borrow_mut().complete(glance).map_err(|_| StoreError::Damaged)?;
        let lists = Lists::in_order(&self.vault.borrow(), &order);
        *self.lists.borrow_mut() = lists;
        drop(waiting);
        Ok(true)
    }

    /// Another context stored another cache meanwhile. Or the head is good and the rest is not: then it is made
    /// again from the items.
    async fn open_again(&self) -> Result<(), StoreError> {
        let key = AccountKey::from_session(&self.vault.borrow().to_session());
        let key = key.map_err(|_| StoreError::Damaged);
        let opened = match key {
            Ok(key) => open_vault(&self.device, self.record(), key).await,
            Err(error) => Err(error),
        };
        let rest = self.rest.take();
        *self.vault.borrow_mut() = opened?;
        self.list_again();
        drop(rest);
        Ok(())
    }
}
