//! Forms that are being typed into: filled, kept while one types, and compared with what came since.

use mysafe::crypto::SystemRandom;
use mysafe::model::{ApiSecretForm, Base, Draft, Field};
use mysafe::protocol::ItemId;
use mysafe::sync::Local;
use mysafe::vault::{Put, Store, keys};

use crate::history::Difference;
use crate::item::{OpenError, Target};
use crate::open::Open;
use crate::store::StoreError;

impl Open {
    /// The form filled with an item, its client secret included, and what it was filled with.
    pub async fn form(&self, id: &ItemId) -> Result<Draft, OpenError> {
        self.awake().await?;
        let local = self.local(id).await?;
        self.vault.borrow().draft(id, &local).map_err(|_| OpenError::Damaged)
    }

    /// Keeps a form that is not saved yet. Fails with [`StoreError::Locked`] if the account was signed out of
    /// meanwhile: then nothing is stored.
    pub async fn keep_draft(&self, target: Target, draft: &Draft) -> Result<(), StoreError> {
        let put = self.vault.borrow().seal_draft(target.item(), draft, &mut SystemRandom);
        self.device.apply_for(&self.record().user, vec![put]).await
    }

    /// A form that was not saved.
    pub async fn draft(&self, target: Target) -> Option<Draft> {
        let mut blob = self.device.get(Store::Drafts, &draft_key(target)).await.ok()?;
        if blob.is_none() && target == Target::New {
            self.take_kept_draft().await.ok()?;
            blob = self.device.get(Store::Drafts, keys::DRAFT_NEW).await.ok()?;
        }
        self.vault.borrow().open_draft(target.item(), &blob?).ok()
    }

    /// What was typed for an item that is not there any more has its turn as the form of a new one.
    async fn take_kept_draft(&self) -> Result<(), StoreError> {
        let keys = self.device.keys(Store::Drafts).await?;
        let Some(key) = keys.iter().find(|key| key.starts_with(keys::DRAFTS_KEPT)) else {
            return Ok(());
        };
        let Some(blob) = self.device.get(Store::Drafts, key).await? else { return Ok(()) };
        let puts = self.vault.borrow().take_kept_draft(key, &blob, &mut SystemRandom);
        let puts = puts.map_err(|_| StoreError::Damaged)?.to_vec();
        self.device.apply_for(&self.record().user, puts).await
    }

    /// Forgets a form that was not saved.
    pub async fn drop_draft(&self, target: Target) -> Result<(), StoreError> {
        self.device.apply(vec![Put::remove(Store::Drafts, draft_key(target))]).await
    }

    /// Where an item is not any more what a form was filled with, the client secret without its value.
    pub async fn meanwhile(&self, id: &ItemId, base: &Base) -> Result<Vec<Difference>, OpenError> {
        self.whole().await;
        let now = self.with_vault(|vault| vault.entry(id).map(|entry| entry.revision));
        if now == Some(base.revision) {
            return Ok(Vec::new());
        }
        Ok(differences(&base.form, &self.form(id).await?.form))
    }
}

fn differences(then: &ApiSecretForm, now: &ApiSecretForm) -> Vec<Difference> {
    let method = |form: &ApiSecretForm| form.method.as_ref().map(ToString::to_string);
    let secret_differs = then.client_secret != now.client_secret;
    let both = |field, text: &dyn Fn(&ApiSecretForm) -> String| {
        let difference = Difference { field, then: text(then), now: text(now) };
        (difference.then != difference.now).then_some(difference)
    };
    let secret = Difference { field: Field::ClientSecret, then: String::new(), now: String::new() };
    [
        both(Field::Name, &|form| form.name.clone()),
        both(Field::Url, &|form| form.url.clone()),
        both(Field::ClientId, &|form| form.client_id.clone()),
        secret_differs.then_some(secret),
        both(Field::Identifier, &|form| form.identifier.clone()),
        both(Field::Method, &|form| method(form).unwrap_or_default()),
        both(Field::Tags, &|form| form.tags.join(", ")),
        both(Field::Notes, &|form| form.notes.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn draft_key(target: Target) -> String {
    target.item().map_or_else(|| keys::DRAFT_NEW.to_owned(), keys::item)
}
