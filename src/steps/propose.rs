//! P.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::booking;
use super::driver::Driver;
use super::quote::OPPORTUNITIES;
use super::reading::{name, request_schema};
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "propose",
    "PUT an OrderProposal to order-proposals",
    |fields, _| Some(Arc::new(Propose(name(fields, "propose")?))),
    request_schema,
)
.or_alone(|| Arc::new(Propose(Template::Standard)));

#[derive(Debug)]
struct Propose(Template);

impl Act for Propose {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("P")
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("P: create an OrderProposal")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::P)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn to_json(&self) -> Value {
        json!({ "propose": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(booking::propose(driver, self.0, step))
    }
}
