//! What runs before the application: finds out where the browser stands and, in the popup, draws the list
//! as it is seen at first.

mod input;
mod opening;
mod picture;

pub use input::Early;
pub use opening::Opening;
pub use picture::incomplete;

use crate::dom;

/// What the application goes on from.
pub struct Begun {
    /// What was found out.
    pub opening: Opening,
    /// What is clicked and typed meanwhile, where there is a picture of the list.
    pub early: Option<Early>,
}

impl Begun {
    /// Draws what is seen first.
    pub async fn now() -> Self {
        let opening = Opening::find().await;
        let early = opening.draw().then(Early::keep);
        if early.is_some() {
            dom::painted().await;
        }
        Self { opening, early }
    }
}
