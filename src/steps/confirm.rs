//! B for an OrderProposal.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::{Stage, named_enumeration as named};

use super::act::{Act, FeedEffect, Kind, Step};
use super::booking;
use super::driver::Driver;
use super::reading::{name, one_of};

pub(super) const KIND: Kind = Kind::valued(
    "confirm",
    "PUT an Order to orders for the OrderProposal",
    |fields, _| Some(Arc::new(Confirm(name(fields, "confirm")?))),
    || one_of(Version::ALL),
);

named! {
    /// Which version of an OrderProposal is booked.
    "version"
    enum Version {
        /// The one that P returned.
        Proposed = "proposed",
        /// The one that the feed showed last.
        Latest = "latest",
    }
}

#[derive(Debug)]
struct Confirm(Version);

impl Act for Confirm {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "B".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.0 {
            Version::Proposed => "B: book the OrderProposal with the orderProposalVersion of the P response".to_owned(),
            Version::Latest => "B: book the OrderProposal with its latest orderProposalVersion".to_owned(),
        }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["propose"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::ShownAfterResponse
    }

    fn to_json(&self) -> Value {
        json!({ "confirm": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let proposal = driver.history().proposal.clone().unwrap_or_default();
            let proposed = || proposal.get("orderProposalVersion").and_then(Value::as_str).map(str::to_owned);
            let version = match self.0 {
                Version::Proposed => proposed(),
                Version::Latest => driver.history().latest_version.clone().or_else(proposed),
            };
            match version {
                Some(version) => booking::after_proposal(driver, &version, None, step).await,
                None => {
                    driver.begin("book", "B", self.stage());
                    driver.lacks("orderProposalVersion")
                }
            }
        })
    }
}
