//! C1.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::quote::{OPPORTUNITIES, quote};
use super::reading::{name, request_schema};
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "c1",
    "PUT an OrderQuote to order-quote-templates, and check the capacity by the rules of leasing",
    |fields, _| Some(Arc::new(C1(name(fields, "c1")?))),
    request_schema,
)
.or_alone(|| Arc::new(C1(Template::Standard)));

#[derive(Debug)]
struct C1(Template);

impl Act for C1 {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("C1")
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("C1: request an OrderQuote")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::C1)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn to_json(&self) -> Value {
        json!({ "c1": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(quote(driver, self, Stage::C1, self.0, step))
    }
}
