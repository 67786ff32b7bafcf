//! What is typed and not saved yet, with what it was typed over: so that saving it changes what was
//! typed, and nothing that came meanwhile.

use mysafe_protocol::cbor::{Fields, Malformed};
use zeroize::Zeroizing;

use super::form::ApiSecretForm;

/// What a form was filled with before anything was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Base {
    /// The number of the revision it was filled with.
    pub revision: u64,
    /// What that said.
    pub form: ApiSecretForm,
}

/// A form not saved yet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// As typed.
    pub form: ApiSecretForm,
    /// A tag that is half typed.
    pub typing: String,
    /// What it was typed over; `None` for a new item, and in drafts of the first versions.
    pub base: Option<Base>,
    /// Fields of later versions.
    pub unknown: Fields,
}

impl From<ApiSecretForm> for Draft {
    fn from(form: ApiSecretForm) -> Self {
        Self { form, ..Self::default() }
    }
}

impl Draft {
    /// A form filled with a revision, nothing typed yet.
    pub fn over(revision: u64, form: ApiSecretForm) -> Self {
        Self { base: Some(Base { revision, form: form.clone() }), ..form.into() }
    }

    /// The form to save: a tag that is half typed counts.
    pub fn whole(&self) -> ApiSecretForm {
        let mut form = self.form.clone();
        form.tags.extend(Some(self.typing.trim().to_owned()).filter(|tag| !tag.is_empty()));
        form
    }

    /// The plaintext of a draft: the form's fields, 9 a tag half typed, 10 what it was typed over, as a
    /// map of 1 its revision and 2 its form.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = self.unknown.clone();
        self.form.put_into(&mut fields);
        if !self.typing.is_empty() {
            fields.put(9, &self.typing);
        }
        if let Some(base) = &self.base {
            let (mut over, mut form) = (Fields::new(), Fields::new());
            base.form.put_into(&mut form);
            over.put(1, base.revision);
            over.put_fields(2, &form);
            fields.put_fields(10, &over);
        }
        Zeroizing::new(fields.encode())
    }

    /// Reads the plaintext of a draft.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let form = ApiSecretForm::take_from(&mut fields)?;
        let typing = fields.take(9)?.unwrap_or_default();
        let base = match fields.take_fields(10)? {
            None => None,
            Some(mut over) => {
                let mut form = over.take_fields(2)?.ok_or(Malformed)?;
                let form = ApiSecretForm::take_from(&mut form)?;
                Some(Base { revision: over.need(1)?, form })
            }
        };
        Ok(Self { form, typing, base, unknown: fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_with_what_it_was_typed_over() {
        let base = ApiSecretForm { name: "was".into(), ..Default::default() };
        let mut draft = Draft::over(7, base);
        draft.form.name = "is".into();
        draft.typing = " half".into();
        draft.unknown.put(40, "later");
        assert!(Draft::decode(&draft.encode()).unwrap() == draft);
        assert!(Draft::decode(&Draft::default().encode()).unwrap() == Draft::default());
    }

    #[test]
    fn a_tag_half_typed_stays_apart_and_counts_when_saved() {
        let form = ApiSecretForm { tags: vec!["one".into()], ..Default::default() };
        let mut draft = Draft { typing: " two ".into(), ..form.into() };
        assert_eq!(draft.whole().tags, ["one", "two"]);
        draft.typing = "  ".into();
        assert_eq!(draft.whole().tags, ["one"]);
    }
}
