//! C1 that must be rejected, with any error.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::trace::{CapacityRule, Purpose, Wanted};
use crate::vocabulary::{Profile, Stage};

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::quote::{self, OPPORTUNITIES};
use super::reading::{name, request_schema};
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "c1-rejected",
    "as c1, and expect any error",
    |fields, _| Some(Arc::new(C1Rejected(name(fields, "c1-rejected")?))),
    request_schema,
);

#[derive(Debug)]
struct C1Rejected(Template);

impl Act for C1Rejected {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.0.titled("C1")
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("{}; expect an error", self.0.titled("C1: request an OrderQuote"))
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::C1)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn to_json(&self) -> Value {
        json!({ "c1-rejected": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let spec = driver.facts().feature_spec.clone();
            let call = quote::call(driver, Stage::C1, self.0);
            driver.request(call.purpose(Purpose::Quote).wanted(Wanted::AnyError).spec(spec)).await;
            driver.capacity(CapacityRule::Rejected, "C1", Some(Profile::Strict)).await;
            driver.end()
        })
    }
}
