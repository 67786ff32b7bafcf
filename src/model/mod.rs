//! The field's terms: what an API secret is, in two parts as it is sealed, and the rules for
//! what may stand in each field. No keys, no storage.

mod address;
mod contact;
mod draft;
mod form;
mod method;
mod parts;
mod pending;
mod record;
mod reminder;
mod shown;

pub use address::{Address, AddressError, complete, link};
pub use contact::{Contact, KeyChanged, Trust};
pub use draft::{Base, Draft};
pub use form::{ApiSecretForm, Field, FieldError, Problem, check};
pub use method::Method;
pub use parts::{Details, Overview, Secret, Stamp};
pub use pending::Pending;
pub use record::{AccountRecordBody, UseBody};
pub use reminder::{Reminder, mark};
pub use shown::{line, shown, shown_method, shown_tags};
