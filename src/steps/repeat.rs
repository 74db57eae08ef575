//! Repeated C1, C2 and P, which must have no further effect.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::{Body, CapacityRule, Purpose};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const C1: Kind =
    Kind::plain("repeat-c1", "repeat C1, and expect the same response", || Arc::new(Repeat(&C1, Stage::C1)));
pub(super) const C2: Kind =
    Kind::plain("repeat-c2", "repeat C2, and expect the same response", || Arc::new(Repeat(&C2, Stage::C2)));
pub(super) const P: Kind =
    Kind::plain("repeat-p", "repeat P, and expect the same response", || Arc::new(Repeat(&P, Stage::P)));

#[derive(Debug)]
struct Repeat(&'static Kind, Stage);

impl Repeat {
    /// The request, and as the keyword of a step.
    const fn request(&self) -> (&'static str, &'static [&'static str]) {
        match self.1 {
            Stage::C1 => ("C1", &["c1"]),
            Stage::C2 => ("C2", &["c2"]),
            _ => ("P", &["propose"]),
        }
    }
}

impl Act for Repeat {
    fn keyword(&self) -> &'static str {
        self.0.keyword()
    }

    fn title(&self) -> String {
        format!("Repeated {}", self.request().0)
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Repeat {}; expect the same response", self.request().0)
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.1)
    }

    fn needs(&self) -> &'static [&'static str] {
        self.request().1
    }

    fn to_json(&self) -> Value {
        json!({ "repeat": self.keyword() })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let title = self.title();
            driver.begin(self.keyword(), &title, self.stage());
            let Some(made) = driver.history().made.get(&self.1).cloned() else {
                return driver.lacks(self.request().0);
            };
            let call = Call::new(self.1, &title, Method::PUT, made.path)
                .sending(made.body)
                .purpose(Purpose::Repetition)
                .succeeds(
                    if self.1 == Stage::P { &[201, 200] } else { std::slice::from_ref(&made.status) },
                    Body::Object,
                )
                .spec(format!("{SPEC}#endpoints"))
                .hint("a repeated request must get the response of the first one");
            if driver.request(call).await {
                // Nothing changes but `leaseExpires`.
                driver.capacity(CapacityRule::Unchanged, &title, None).await;
            }
            driver.end()
        })
    }
}
