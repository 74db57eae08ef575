//! Rejection of an OrderProposal by the customer.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::Purpose;
use crate::vocabulary::Stage;

use super::act::{Act, FeedEffect, Kind, Step};
use super::call::Call;
use super::change::{self, Change};
use super::driver::Driver;
use super::reading::{name, request_schema};
use super::requests::rejection;
use super::spec::SPEC;
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "reject",
    "PATCH the OrderProposal: the customer rejects it",
    |fields, _| Some(Arc::new(Reject(name(fields, "reject")?))),
    request_schema,
)
.or_alone(|| Arc::new(Reject(Template::Standard)));

#[derive(Debug)]
struct Reject(Template);

impl Act for Reject {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Rejection by the customer".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("the customer rejects the OrderProposal")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::ProposalPatch)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["propose"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::ShownOrQuiet
    }

    fn to_json(&self) -> Value {
        json!({ "reject": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.0.titled(&self.title()), self.stage());
            if !driver.history().proposal.as_ref().is_some_and(Value::is_object) {
                return driver.lacks("OrderProposal");
            }
            let Some(watches) = change::watches(driver, step).await else { return driver.end() };
            let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#customer-requested-proposal-cancellation"));
            let path = format!("order-proposals/{}", driver.history().uuid);
            let call = Call::new(Stage::ProposalPatch, "the rejection", Method::PATCH, path)
                .label("Rejection")
                .sending(rejection(self.0))
                .purpose(Purpose::Rejection)
                .spec(spec);
            let change = Change { call, rejected: None, repeated: "the repeated rejection" };
            change::make(driver, change, watches, step).await;
            driver.end()
        })
    }
}
