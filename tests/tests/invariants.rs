//! What must stay true of the code itself, as far as a test can see it: who depends on whom, what
//! the core does not do, what keys cannot do, how long files are.

#[path = "invariants/dependencies.rs"]
mod dependencies;
#[path = "invariants/early.rs"]
mod early;
#[path = "invariants/hostile.rs"]
mod hostile;
#[path = "invariants/keys.rs"]
mod keys;
#[path = "invariants/messages.rs"]
mod messages;
#[path = "invariants/sources.rs"]
mod sources;
#[path = "invariants/tree.rs"]
mod tree;
