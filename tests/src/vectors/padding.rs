//! Padding at its edges: how long a sealed blob is for each length around a power of two.

use mysafe::crypto::Random;

use super::accounts::account_key;
use super::counting::Counting;
use super::ensure;
use super::independent::Field::{Bytes, Number};
use super::independent::{self, context};
use super::items::{ITEM, item_key};
use super::sheet::Sheet;

pub(super) fn edges(sheet: &mut Sheet) -> Result<(), String> {
    let ((account, account_bytes), (item_key, item_bytes)) = (account_key(), item_key());
    let user = mysafe_protocol::UserId([0x33; 32]);
    sheet.bytes("account_key", account_bytes).bytes("user", user.0).text("version", 1);
    sheet.bytes("item_key", item_bytes).bytes("item", ITEM.0);
    sheet.text("epoch", 1).text("revision", 1);
    sheet.bytes("randomness", Counting::from(0x80).array::<16>());
    for length in [0, 1, 254, 255, 256, 257, 510, 511, 512, 65_535, 65_536] {
        let plaintext = vec![0x70; length];
        let blob = account.seal_record(&user, 1, &plaintext, &mut Counting::from(0x80));
        sheet.digest(&format!("account record of {length} bytes"), &blob);
        let place = context("account", &[Bytes(&user.0), Number(1)]);
        let opened = independent::open(&account_bytes, &place, &blob)?;
        ensure(opened == independent::padded(&plaintext, 256), "padding from 256")?;
        let opened = account.open_record(&user, 1, &blob).map_err(|e| e.to_string())?;
        ensure(*opened == plaintext, "another plaintext")?;
    }
    for length in [0, 1, 126, 127, 128, 255, 256] {
        // It ends as padding does: only the last mark counts.
        let mut plaintext = vec![0x70; length];
        if let [.., mark, zero] = &mut plaintext[..] {
            (*mark, *zero) = (0x80, 0);
        }
        let blob = item_key.seal_details(&ITEM, 1, 1, &plaintext, &mut Counting::from(0x80));
        sheet.digest(&format!("details of {length} bytes"), &blob);
        let place = context("item/details", &[Bytes(&ITEM.0), Number(1), Number(1)]);
        let opened = independent::open(&item_bytes, &place, &blob)?;
        ensure(opened == independent::padded(&plaintext, 128), "padding from 128")?;
        let opened = item_key.open_details(&ITEM, 1, 1, &blob).map_err(|e| e.to_string())?;
        ensure(*opened == plaintext, "another plaintext")?;
    }
    Ok(())
}
