//! What runs before the application: finds out where the browser stands and, in the popup, draws the list
//! as it is seen at first.

mod input;
mod opening;
mod picture;

pub use input::Early;
pub use opening::Opening;
pub use picture::incomplete;
