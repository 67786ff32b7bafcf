//! The few controls every screen is made of.

pub mod button;
pub mod code;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod list;
pub mod menu;
pub mod notice;
pub mod row;
pub mod tags;
pub mod tile;
