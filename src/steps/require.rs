//! Rules that the configuration itself must satisfy.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::trace::{Configured, Event};
use crate::vocabulary::{ConfigurationRule, Stage};

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::reading::{name, one_of};

pub(super) const KIND: Kind = Kind::valued(
    "require",
    "check a rule of the configuration",
    |fields, _| Some(Arc::new(Require(name(fields, "require")?))),
    || one_of(ConfigurationRule::ALL),
);

#[derive(Debug)]
struct Require(ConfigurationRule);

impl Act for Require {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Configuration".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Check the configuration: {}", self.0.summary())
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Any)
    }

    fn to_json(&self) -> Value {
        json!({ "require": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let facts = driver.facts();
            let (feature, spec) = (facts.feature.clone(), facts.feature_spec.clone());
            driver.see(Event::Configuration(Configured { rule: self.0, feature, spec }));
            driver.end()
        })
    }
}
