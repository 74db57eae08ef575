//! The target as a client sees it: its dataset site, its booking API, its Test Interface, its feeds.

pub mod auth;
mod dataset_site;
pub mod feed;
mod http;
mod markup;
mod message;
mod recorder;
mod redaction;
mod retry;
mod secrets;
mod tape;
mod tls;

pub use dataset_site::{
    DatasetSite, DistributionFeed, feeds_of, is_feed, json_ld_of, read_dataset_site, read_dataset_site_of,
};
pub use http::{Client, build_client};
pub use message::{Confidence, Payload, Request, Response};
pub use recorder::Recorder;
pub use redaction::Redactor;
pub use retry::retry_after;
pub use tape::{Tape, Timeline};
pub use tls::http_client;
