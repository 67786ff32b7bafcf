//! AES-256-GCM by the browser itself (Web Cryptography API), for what is large: the overviews of ten
//! thousand items are two megabytes.

use js_sys::{Promise, Uint8Array};
use mysafe::crypto::{AesGcm, Opened, Opening, SealError, Sealing};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

use crate::chrome::object;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = importKey)]
    fn import_key(
        format: &str,
        key: &Uint8Array,
        algorithm: &str,
        extractable: bool,
        usages: &JsValue,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    fn encrypt(how: &JsValue, key: &JsValue, data: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    fn decrypt(how: &JsValue, key: &JsValue, data: &Uint8Array) -> Result<Promise, JsValue>;
}

/// Seals a value.
pub(crate) async fn seal(sealing: &Sealing) -> Result<Vec<u8>, JsValue> {
    let plaintext = Plain(Uint8Array::from(sealing.plaintext()));
    let key = imported(sealing.cipher(), "encrypt").await?;
    let ciphertext = encrypt(&how(sealing.cipher()), &key, &plaintext.0)?;
    let ciphertext = Uint8Array::new(&JsFuture::from(ciphertext).await?).to_vec();
    Ok(sealing.sealed(&ciphertext))
}

/// Opens values, all at once.
pub(crate) async fn open_all(openings: &[Opening<'_>]) -> Result<Vec<Opened>, SealError> {
    futures::future::try_join_all(openings.iter().map(open)).await
}

async fn open(opening: &Opening<'_>) -> Result<Opened, SealError> {
    let opened = async {
        let key = imported(opening.cipher(), "decrypt").await?;
        let ciphertext = Uint8Array::from(opening.ciphertext());
        let opened = JsFuture::from(decrypt(&how(opening.cipher()), &key, &ciphertext)?).await?;
        let plaintext = Plain(Uint8Array::new(&opened));
        Ok::<_, JsValue>(Zeroizing::new(plaintext.0.to_vec()))
    };
    opening.opened(opened.await.map_err(|_| SealError)?)
}

async fn imported(cipher: &AesGcm, usage: &str) -> Result<JsValue, JsValue> {
    let key = Plain(Uint8Array::from(&cipher.message_key()[..]));
    let usages = js_sys::Array::of1(&usage.into());
    JsFuture::from(import_key("raw", &key.0, "AES-GCM", false, &usages)?).await
}

fn how(cipher: &AesGcm) -> JsValue {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(&cipher.nonce[..]).into()),
        ("additionalData", Uint8Array::from(cipher.associated_data.as_slice()).into()),
    ])
}

/// Bytes outside of WebAssembly's memory that are wiped when they have been used.
struct Plain(Uint8Array);

impl Drop for Plain {
    fn drop(&mut self) {
        self.0.fill(0, 0, self.0.length());
    }
}
