//! Where the user is: the part of the address behind `#`.

use mysafe_browser::ItemId;

/// A screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// Items of the page one stands on, then all. The popup's first screen.
    ThisPage,
    /// All items.
    ApiSecrets,
    /// New items, what was used last, and how many there are.
    Home,
    /// One item.
    Item(ItemId),
    /// Who has access to an item.
    Sharing(ItemId),
    /// Access to an item is given and taken.
    Share(ItemId),
    /// The form for a new item.
    Add,
    /// The form for an item.
    Edit(ItemId),
    /// The earlier versions of an item.
    History(ItemId),
    /// Settings.
    Settings,
    /// A new master password.
    MasterPassword,
    /// A new recovery code.
    RecoveryCode,
    /// Items that were deleted and can be restored.
    Deleted,
    /// The master password is forgotten.
    Recover,
    /// Setting up: no account yet.
    Welcome,
}

impl Route {
    /// The route of a hash; unknown ones lead to the first screen.
    pub fn of(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_matches('/');
        let mut parts = path.split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("api-secrets"), None, _) => Self::ApiSecrets,
            (Some("home"), None, _) => Self::Home,
            (Some("add"), None, _) => Self::Add,
            (Some("settings"), None, _) => Self::Settings,
            (Some("settings"), Some("master-password"), None) => Self::MasterPassword,
            (Some("settings"), Some("recovery-code"), None) => Self::RecoveryCode,
            (Some("settings"), Some("deleted"), None) => Self::Deleted,
            (Some("recover"), None, _) => Self::Recover,
            (Some("welcome"), None, _) => Self::Welcome,
            (Some("item"), Some(id), rest) => match (id.parse(), rest) {
                (Ok(id), None) => Self::Item(id),
                (Ok(id), Some("edit")) => Self::Edit(id),
                (Ok(id), Some("history")) => Self::History(id),
                (Ok(id), Some("sharing")) => Self::Sharing(id),
                (Ok(id), Some("share")) => Self::Share(id),
                _ => Self::ApiSecrets,
            },
            _ => Self::ThisPage,
        }
    }

    /// The hash of the route.
    pub fn hash(&self) -> String {
        match self {
            Self::ThisPage => "#/".into(),
            Self::ApiSecrets => "#/api-secrets".into(),
            Self::Home => "#/home".into(),
            Self::Item(id) => format!("#/item/{id}"),
            Self::Sharing(id) => format!("#/item/{id}/sharing"),
            Self::Share(id) => format!("#/item/{id}/share"),
            Self::Add => "#/add".into(),
            Self::Edit(id) => format!("#/item/{id}/edit"),
            Self::History(id) => format!("#/item/{id}/history"),
            Self::Settings => "#/settings".into(),
            Self::MasterPassword => "#/settings/master-password".into(),
            Self::RecoveryCode => "#/settings/recovery-code".into(),
            Self::Deleted => "#/settings/deleted".into(),
            Self::Recover => "#/recover".into(),
            Self::Welcome => "#/welcome".into(),
        }
    }

    /// The item it is about.
    pub fn item(&self) -> Option<ItemId> {
        match self {
            Self::Item(id)
            | Self::Sharing(id)
            | Self::Share(id)
            | Self::Edit(id)
            | Self::History(id) => Some(*id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_its_hash() {
        let id = "BwcHBwcHBwcHBwcHBwcHBw".parse().unwrap();
        for route in [
            Route::ThisPage,
            Route::ApiSecrets,
            Route::Home,
            Route::Item(id),
            Route::Sharing(id),
            Route::Share(id),
            Route::Add,
            Route::Edit(id),
            Route::History(id),
            Route::Settings,
            Route::MasterPassword,
            Route::RecoveryCode,
            Route::Deleted,
            Route::Recover,
            Route::Welcome,
        ] {
            assert_eq!(Route::of(&route.hash()), route);
        }
        assert_eq!(Route::of(""), Route::ThisPage);
        assert_eq!(Route::of("#/nowhere"), Route::ThisPage);
        assert_eq!(Route::of("#/item/short"), Route::ApiSecrets);
    }
}
