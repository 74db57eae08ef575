//! Renderings of a [`RunReport`](crate::results::RunReport). They read the results of a run and nothing else.

mod curl;
mod escape;
mod findings;
mod json;
mod junit;
mod paint;
mod remarks;
mod summary;
mod table;

pub use curl::curl;
pub use escape::escape;
pub use json::to_json;
pub use junit::to_junit;
pub use paint::Paint;
pub use summary::{TextOptions, to_text};
