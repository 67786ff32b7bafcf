//! The screens.

pub mod broken;
pub mod details;
pub mod form;
pub mod form_fields;
pub mod form_texts;
pub mod items;
pub mod secret;
pub mod settings;
pub mod setup;
pub mod sign_out;
pub mod strength;
pub mod unlock;
pub mod welcome;
pub mod welcome_texts;
