//! Configuration: the built-in `default.json`, under files, under the environment, under flags.
//!
//! The key names are those that users of the public Node.js test suite already have in their files. Every value keeps
//! the place that it came from, so that each error and `oa-test config check` can name file, line and column.

mod glob;
mod keys;
mod known;
mod layers;
mod read;
mod reference;
mod secret;
mod types;

pub use glob::{BadGlob, Glob, matches_path};
pub use keys::{Effect, KEYS, KeySpec, Shape};
pub use known::{ExpectedFailure, KnownFailures};
pub use layers::{Layer, Layers, built_in};
pub use read::{Effective, effective, load, read, redacted, secrets};
pub use reference::{config_reference, config_schema};
pub use secret::{Headers, Secret};
pub use types::{
    CertificateSettings, ClientCredentials, ClientSource, Config, Ineffective, Login, LoginSelectors, Mode, Partner,
    PaymentDetails, Seller, SellerRole, Sellers, TargetSite,
};
