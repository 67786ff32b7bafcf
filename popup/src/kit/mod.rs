//! The few controls every screen is made of.

pub mod button;
pub mod choice;
pub mod code;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod lines;
pub mod list;
pub mod listed;
pub mod menu;
pub mod notice;
pub mod row;
pub mod row_actions;
mod slots;
pub mod tags;
pub mod tile;
pub mod why;
