//! A layer in front of the sandbox that alters what passes through it, in one way and at one kind of exchange.
//!
//! The layer sees requests and responses as HTTP, and nothing of the booking system behind it.

mod document;
mod effect;
mod kind;
mod layer;
mod list;
mod message;

pub use kind::ExchangeKind;
pub use layer::AlterationOptions;
pub(super) use layer::{Layer, alter};
pub use list::{Alteration, MemberChange};
