//! Further addresses of an item: where else its values may be filled, and where it matches.

use mysafe_protocol::{ItemId, limits};

use super::item::{Change, OpenItem, SaveError};
use super::local::LocalItem;
use super::open::Vault;
use super::right::Right;
use crate::crypto::Random;
use crate::model::{complete, line};

impl Vault {
    /// Adds a further address to an item. One that is no address is left out.
    pub fn add_address(
        &mut self,
        item: &ItemId,
        address: &str,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::Edit)?;
        let mut open = self.open_item(item, local)?;
        let addresses = &mut open.overview.addresses;
        if let Ok(address) = complete(address)
            && !addresses.contains(&address.url)
        {
            if addresses.len() >= limits::FURTHER {
                return Err(SaveError::TooManyAddresses);
            }
            addresses.push(address.url);
        }
        self.readdress(open, local, now, random)
    }

    /// Takes a further address away, named as it is stored or as it is shown.
    pub fn remove_address(
        &mut self,
        item: &ItemId,
        address: &str,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::Edit)?;
        let mut open = self.open_item(item, local)?;
        let named = |known: &str| known == address || line(known, limits::URL) == address;
        open.overview.addresses.retain(|known| !named(known));
        self.readdress(open, local, now, random)
    }

    fn readdress(
        &mut self,
        mut open: OpenItem,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let item = open.revision.item;
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.extend(self.seal_past(&item, local, random));
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{AccountKey, Identity, SystemRandom};
    use crate::model::ApiSecretForm;
    use crate::vault::keys;

    /// A vault with an item, and the item as it is stored.
    fn vault() -> (Vault, ItemId, LocalItem) {
        let random = &mut SystemRandom;
        let account = AccountKey::generate(random);
        let user = Identity::of(&account, "ana@example.com").user();
        let mut vault = Vault::open(account, &user, "ana@example.com").unwrap();
        let form = ApiSecretForm {
            name: "Kestrel".into(),
            url: "https://api.example.com".into(),
            client_id: "id".into(),
            client_secret: "secret".to_owned().into(),
            ..Default::default()
        };
        let change = vault.add(&form, 1, random).unwrap();
        let item = change.item;
        let local = stored(&vault, change);
        (vault, item, local)
    }

    fn stored(vault: &Vault, change: Change) -> LocalItem {
        let write = change.puts.into_iter().find(|put| put.key == keys::write(&change.item));
        let blob = write.unwrap().into_bytes().unwrap();
        vault.local(&change.item, None, Some(&blob)).unwrap()
    }

    fn addresses(vault: &Vault, item: &ItemId) -> Vec<String> {
        vault.entry(item).unwrap().overview.addresses.clone()
    }

    #[test]
    fn an_address_is_added_once_and_taken_away() {
        let (mut vault, item, mut local) = vault();
        let random = &mut SystemRandom;
        for (text, expected) in [
            ("https://docs.example.com:8443", &["https://docs.example.com:8443"][..]),
            ("https://DOCS.example.com:8443", &["https://docs.example.com:8443"]),
            ("no address", &["https://docs.example.com:8443"]),
        ] {
            let change = vault.add_address(&item, text, &local, 2, random).unwrap();
            local = stored(&vault, change);
            assert_eq!(addresses(&vault, &item), expected, "{text}");
        }
        let form = vault.form(&item, &local).unwrap();
        assert_eq!((form.name.as_str(), form.client_id.as_str()), ("Kestrel", "id"));
        let gone = "https://docs.example.com:8443";
        let change = vault.remove_address(&item, gone, &local, 3, random).unwrap();
        assert_eq!(addresses(&vault, &item), [""; 0]);
        assert!(vault.form(&item, &stored(&vault, change)).unwrap() == form);
    }

    #[test]
    fn no_address_makes_room_for_another() {
        let (mut vault, item, mut local) = vault();
        let random = &mut SystemRandom;
        let address = |number| format!("https://host-{number}.example.com");
        for number in 0..limits::FURTHER {
            let change = vault.add_address(&item, &address(number), &local, 2, random).unwrap();
            local = stored(&vault, change);
        }
        let refused = vault.add_address(&item, &address(limits::FURTHER), &local, 2, random);
        assert!(matches!(refused, Err(SaveError::TooManyAddresses)));
        let known = vault.add_address(&item, &address(3), &local, 2, random);
        assert!(known.is_ok(), "it is there already");
        assert_eq!(addresses(&vault, &item).len(), limits::FURTHER);
    }
}
