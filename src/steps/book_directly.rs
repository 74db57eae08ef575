//! B, whatever the booking flow.

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
    "book-directly",
    "PUT an Order to orders without P, in every booking flow",
    |fields, _| Some(Arc::new(BookDirectly(name(fields, "book-directly")?))),
    request_schema,
)
.or_alone(|| Arc::new(BookDirectly(Template::Standard)));

#[derive(Debug)]
struct BookDirectly(Template);

impl Act for BookDirectly {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("B")
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("B without P: book the Order")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn to_json(&self) -> Value {
        json!({ "book-directly": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(booking::directly(driver, self.0, step))
    }
}
