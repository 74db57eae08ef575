//! B; in the approval flow P, acceptance by the Seller, B. Where it must be rejected, the first request only.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::{Action, Flow, Stage};

use super::act::{Act, Kind, Step};
use super::booking;
use super::driver::Driver;
use super::quote::OPPORTUNITIES;
use super::reading::{name, request_schema};
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "book",
    "PUT an Order to orders; in the approval flow after P and acceptance by the Seller",
    |fields, _| Some(Arc::new(Book(name(fields, "book")?))),
    request_schema,
)
.or_alone(|| Arc::new(Book(Template::Standard)));

#[derive(Debug)]
struct Book(Template);

impl Act for Book {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("B")
    }

    fn sentence(&self, rejected: bool) -> String {
        // A rejection ends the booking at its first request.
        let flow = if rejected { "P" } else { "P, acceptance by the Seller, B" };
        format!("{} (approval flow: {flow})", self.0.titled("B: book the Order"))
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn stages(&self, flows: &[Flow], rejected: bool) -> Vec<Stage> {
        booking::stages(flows, rejected)
    }

    fn actions(&self, flow: Flow, rejected: bool) -> Vec<Action> {
        booking::actions(flow, rejected)
    }

    fn to_json(&self) -> Value {
        json!({ "book": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(booking::book(driver, self.0, false, step))
    }
}
