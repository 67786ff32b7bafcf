//! A form that was filled some time ago is saved over what is there now.

use mysafe_protocol::ItemId;

use super::item::{Change, SaveError};
use super::local::{LocalItem, Put, Store, keys};
use super::merge::merge;
use super::open::{OpenError, Vault};
use super::right::Right;
use crate::crypto::Random;
use crate::model::{ApiSecretForm, Details, Draft, Secret};

impl Vault {
    /// The form filled with an item, with what it was filled with: nothing is typed yet.
    pub fn draft(&self, item: &ItemId, local: &LocalItem) -> Result<Draft, OpenError> {
        let open = self.open_item(item, local)?;
        let form = ApiSecretForm::of(&open.overview, &open.details);
        Ok(Draft::over(open.revision.revision, form))
    }

    /// Writes a form over an item. `local` is the item as stored now, and the form was filled with
    /// that: what was typed over something older is saved by [`Vault::save`].
    pub fn edit(
        &mut self,
        item: &ItemId,
        form: &ApiSecretForm,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let mut draft = self.draft(item, local)?;
        draft.form = form.clone();
        self.save(item, &draft, local, now, random)
    }

    /// Writes what was typed over an item. `local` is the item as stored now: what changed there since
    /// the form was filled stays, field by field, as when two devices are merged. Of what both changed,
    /// what was typed is on top, and the other is in the history.
    pub fn save(
        &mut self,
        item: &ItemId,
        draft: &Draft,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let form = draft.whole();
        let errors = self.check(Some(item), &form);
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }
        self.may(local, Right::Edit)?;
        let mut open = self.open_item(item, local)?;
        let others = self.is_others(local);
        // What no form shows is the same on all sides.
        let side = |form: &ApiSecretForm| {
            let mut overview = open.overview.clone();
            form.apply(&mut overview);
            if others {
                // The Identifier is its owner's.
                overview.identifier.clone_from(&open.overview.identifier);
            }
            (overview, Details::new(form.secret()))
        };
        let base = draft.base.as_ref().map(|base| side(&base.form));
        let (mine, theirs) = (side(&form), side(&ApiSecretForm::of(&open.overview, &open.details)));
        let base = base.as_ref().map(|(overview, details)| (overview, details));
        let merged = merge(base, (&mine.0, &mine.1), (&theirs.0, &theirs.1));
        open.overview = merged.overview;
        open.details.replace(Secret::new(merged.details.client_secret()));
        open.nothing = false;
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.push(Put::remove(Store::Drafts, keys::item(item)));
        change.puts.extend(self.seal_past(item, local, random));
        change.both = merged.conflicts;
        Ok(change)
    }
}
