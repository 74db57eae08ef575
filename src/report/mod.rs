//! Renderings of a [`RunReport`](crate::results::RunReport). They read the results of a run and nothing else.

mod bundle;
mod choices;
mod curl;
mod escape;
mod exchange;
mod findings;
mod github;
mod headline;
mod html;
mod json;
mod junit;
mod markdown;
mod paint;
mod remarks;
mod summary;
mod table;
mod wrap;

pub use bundle::to_bundle;
pub use curl::curl;
pub use escape::{defuse, escape};
pub use exchange::to_exchange;
pub use findings::cause_line;
pub use github::to_github;
pub use html::{csp_source, html as escape_html, to_html};
pub use json::to_json;
pub use junit::to_junit;
pub use markdown::to_markdown;
pub use paint::Paint;
pub use summary::{TextOptions, last_line, to_brief, to_text};
pub use table::table;
pub use wrap::{cut, wrap};
