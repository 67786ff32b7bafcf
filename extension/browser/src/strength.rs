//! How strong a master password is. The module that knows is fetched when it is asked for.

use mysafe::crypto::Strength;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/strength.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn rate(password: &str, known: Vec<String>) -> Result<JsValue, JsValue>;
}

/// Rates a password; `known` is what a guesser would try first (name, address). One that cannot be rated is
/// not accepted.
pub async fn strength(password: &str, known: &[&str]) -> Strength {
    let rated = rate(password, known.iter().map(|&text| text.to_owned()).collect()).await;
    let rated = rated.ok().and_then(|rated| rated.dyn_into::<js_sys::Uint8Array>().ok());
    rated.and_then(|rated| Strength::read(&rated.to_vec())).unwrap_or_default()
}
