//! Whom the user accepted, for the list of people to share with before anything is typed.

use mysafe::model::Trust;

use crate::open::Open;
use crate::people::PersonView;
use crate::sharing::SharingError;

impl Open {
    /// Everybody whom the user accepted, by name. Works without the server.
    pub async fn known_people(&self) -> Result<Vec<PersonView>, SharingError> {
        let contacts = self.contacts().await?;
        let mut people: Vec<PersonView> = self.with_vault(|vault| {
            let held = contacts.contacts().into_iter();
            let held = held.filter(|contact| contact.trust != Trust::Replaced);
            held.map(|one| PersonView::at(vault, &contacts, &one.user, one.address)).collect()
        });
        people.sort_by_key(|person| {
            let name = person.name.as_deref().unwrap_or(&person.address);
            (name.to_lowercase(), person.address.clone())
        });
        Ok(people)
    }
}
