//! What secrets cannot do. These hold when this file compiles.

use std::fmt::{Debug, Display};

use mysafe::crypto::{AccountKey, DeviceKey, ExportKey, ItemKey, SignIn, SignUp};
use mysafe::model::{ApiSecretForm, Details, Secret};
use mysafe::vault::{Token, Vault};
use serde::Serialize;

/// Fails to compile if a type has a trait: then there are two ways to read `Witness::see`.
macro_rules! without {
    ($($trait:path: $($type:ty),+;)*) => {$($(
        const _: fn() = || {
            trait Witness<Case> {
                fn see() {}
            }
            impl<T: ?Sized> Witness<()> for T {}
            #[allow(dead_code)]
            struct Has;
            impl<T: ?Sized + $trait> Witness<Has> for T {}
            <$type as Witness<_>>::see();
        };
    )+)*};
}

without! {
    Debug: AccountKey, ItemKey, ExportKey, DeviceKey, SignUp, SignIn, Secret, Details,
        ApiSecretForm, Token, Vault;
    Display: AccountKey, ItemKey, ExportKey, DeviceKey, Secret, Details, ApiSecretForm, Token;
    Serialize: AccountKey, ItemKey, ExportKey, DeviceKey, SignUp, SignIn, Secret, Details,
        ApiSecretForm, Token, Vault;
    Clone: AccountKey, ItemKey, ExportKey, DeviceKey, SignUp, SignIn, Secret, Details, Vault;
    PartialEq: AccountKey, ItemKey, ExportKey, DeviceKey, Secret;
    AsRef<[u8]>: AccountKey, ItemKey, ExportKey, DeviceKey;
}

#[test]
fn secrets_are_wiped_when_dropped() {
    assert!(std::mem::needs_drop::<AccountKey>());
    assert!(std::mem::needs_drop::<ItemKey>());
    assert!(std::mem::needs_drop::<ExportKey>());
    assert!(std::mem::needs_drop::<DeviceKey>());
    assert!(std::mem::needs_drop::<Secret>());
    assert!(std::mem::needs_drop::<ApiSecretForm>());
}
