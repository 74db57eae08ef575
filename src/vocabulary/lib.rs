//! The crate of [`vocabulary`]: what the other crates share is compiled once, before them.

#[path = "mod.rs"]
pub mod vocabulary;
