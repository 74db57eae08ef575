//! OrderProposal Update: the Customer rejects the OrderProposal.

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
    "OrderProposal Update: PATCH the OrderProposal as CustomerRejected",
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
        self.0.titled("OrderProposal Update")
    }

    fn sentence(&self, _rejected: bool) -> String {
        self.0.titled("OrderProposal Update: reject the OrderProposal as Customer")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::ProposalPatch)
    }

    fn needs(&self) -> &'static [&'static str] {
        // After the other two the OrderProposal of another Booking Partner must not be changeable.
        &["propose", "not-in-feed", "feed-rejected"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::ShownOrQuiet
    }

    fn to_json(&self) -> Value {
        json!({ "reject": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let history = driver.history();
            if !history.proposal.as_ref().or(history.foreign.as_ref()).is_some_and(Value::is_object) {
                return driver.lacks("OrderProposal");
            }
            let Some(watches) = change::watches(driver, step).await else { return driver.end() };
            let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#customer-requested-proposal-cancellation"));
            let path = format!("order-proposals/{}", driver.history().uuid);
            let call = Call::new(Stage::ProposalPatch, "OrderProposal Update", Method::PATCH, path)
                .sending(rejection(self.0))
                .purpose(Purpose::Rejection)
                .spec(spec);
            let change = Change { call, rejected: None, repeated: "repeated OrderProposal Update" };
            change::make(driver, change, watches, step).await;
            driver.end()
        })
    }
}
