//! Steps of tests, one file for each kind.
//!
//! A step sends requests and waits; rows of `checks` judge what it brings. It acts through a [`Driver`], and knows neither who
//! runs it nor what is reported.

mod act;
mod book;
mod book_at_once;
mod book_beyond;
mod book_directly;
mod book_together;
mod booking;
mod c1;
mod c1_rejected;
mod c2;
mod call;
mod cancel;
mod change;
mod confirm;
mod create;
mod create_rejected;
mod dataset_site;
mod delete_dataset;
mod delete_order;
mod delete_quote;
mod drafting;
mod driver;
mod facts;
mod feed_rejected;
mod fetch;
mod fetching;
mod fullness;
mod item;
mod kept;
mod lease;
mod lease_expiry;
mod lease_retained;
mod look_for;
mod no_opportunity_meets;
mod not_in_feed;
mod openid;
mod order_status;
mod own_dataset;
mod partner;
mod propose;
mod quote;
mod reading;
mod reject;
mod repeat;
mod repeat_b;
mod requests;
mod require;
mod retained;
mod rival_books;
mod simulate;
mod spec;
mod status_before;
mod template;
mod unknown_endpoint;
mod wrong_method;

pub use act::{Act, FeedEffect, Kind, OpportunityOrigin, Reader, Step, StepKey};
pub use call::{Call, CredentialsChoice, Outgoing, UnjudgedExchange};
pub use driver::{Demanded, Driver, Picked};
pub use facts::Facts;
pub use item::{ItemSpec, OpportunityScope};
pub use kept::{Kept, PartContext};
pub use partner::{BrokerRole, CustomerDetails, PartnerName};
pub use requests::{Party, new_opportunity, rejection};
pub use template::Template;

/// Every kind of step.
pub const KINDS: &[&Kind] = &[
    &fetch::KIND,
    &create::KIND,
    &c1::KIND,
    &c1_rejected::KIND,
    &c2::KIND,
    &book::KIND,
    &book_at_once::KIND,
    &book_directly::KIND,
    &propose::KIND,
    &confirm::KIND,
    &repeat_b::KIND,
    &repeat::C1,
    &repeat::C2,
    &repeat::P,
    &lease_expiry::KIND,
    &wrong_method::KIND,
    &feed_rejected::KIND,
    &create_rejected::KIND,
    &simulate::KIND,
    &cancel::KIND,
    &reject::KIND,
    &delete_order::KIND,
    &delete_quote::KIND,
    &order_status::KIND,
    &status_before::KIND,
    &lease_retained::KIND,
    &lease::KIND,
    &book_beyond::KIND,
    &book_together::KIND,
    &no_opportunity_meets::KIND,
    &look_for::KIND,
    &require::KIND,
    &dataset_site::KIND,
    &unknown_endpoint::KIND,
    &not_in_feed::KIND,
    &retained::KIND,
    &rival_books::KIND,
    &own_dataset::KIND,
    &delete_dataset::KIND,
    &openid::discover::KIND,
    &openid::register::KIND,
    &openid::client::KIND,
    &openid::client_credentials::KIND,
    &openid::authorize::KIND,
    &openid::redeem::KIND,
    &openid::refresh::KIND,
    &openid::present::KIND,
    &openid::read_feed::KIND,
];
