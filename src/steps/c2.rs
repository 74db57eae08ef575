//! C2.

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
    "c2",
    "PUT an OrderQuote to order-quotes, and check the capacity by the rules of leasing",
    |fields, _| Some(Arc::new(C2(name(fields, "c2")?))),
    request_schema,
)
.or_alone(|| Arc::new(C2(Template::Standard)));

#[derive(Debug)]
struct C2(Template);

impl Act for C2 {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("C2")
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("C2: request an OrderQuote")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::C2)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn to_json(&self) -> Value {
        json!({ "c2": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(quote(driver, self, Stage::C2, self.0, step))
    }
}
