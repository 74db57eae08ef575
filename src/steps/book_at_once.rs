//! B without C1 and C2 before it; in the approval flow P, acceptance by the Seller, B.

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
    "book-at-once",
    "as book, without C1 and C2 before it",
    |fields, _| Some(Arc::new(BookAtOnce(name(fields, "book-at-once")?))),
    request_schema,
)
.or_alone(|| Arc::new(BookAtOnce(Template::Standard)));

#[derive(Debug)]
struct BookAtOnce(Template);

impl Act for BookAtOnce {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("B")
    }

    fn sentence(&self, _rejected: bool) -> String {
        let words = self.0.titled("B without C1 and C2: book the Order");
        format!("{words} (approval flow: P, acceptance by the Seller, B)")
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
        json!({ "book-at-once": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(booking::book(driver, self.0, true, step))
    }
}
