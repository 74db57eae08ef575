//! OrderQuotes: what C1 and C2 have in common.

use reqwest::Method;
use serde_json::Value;

use crate::trace::{Asked, Body, CapacityRule, Event, Purpose};
use crate::vocabulary::{Profile, Stage};

use super::act::{Act, Step};
use super::call::Call;
use super::drafting::draft;
use super::driver::Driver;
use super::fullness::leased_instead;
use super::spec::SPEC;
use super::template::Template;

/// Steps that bring the opportunities of an OrderQuote or booking.
pub(super) const OPPORTUNITIES: &[&str] = &["fetch", "create", "look-for"];

/// The section about C1 or C2.
fn spec(stage: Stage) -> String {
    match stage {
        Stage::C1 => format!("{SPEC}#orderquote-creation-c1"),
        _ => format!("{SPEC}#orderquote-creation-c2"),
    }
}

/// `C1` or `C2`.
pub(super) const fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::C1 => "C1",
        _ => "C2",
    }
}

/// The request of an OrderQuote of the part's OrderItems, which must succeed.
pub(super) fn call(driver: &mut dyn Driver, stage: Stage, template: Template) -> Call {
    let body: Value = draft(driver, template, |draft, rng| draft.quote(stage == Stage::C2, rng));
    let collection = if stage == Stage::C1 { "order-quote-templates" } else { "order-quotes" };
    Call::new(stage, name(stage), Method::PUT, format!("{collection}/{}", driver.history().uuid))
        .sending(body)
        .succeeds(&[200], Body::Document)
        .spec(spec(stage))
}

/// PUTs an OrderQuote, as C1 or C2.
pub(super) async fn quote(
    driver: &mut dyn Driver,
    act: &dyn Act,
    stage: Stage,
    template: Template,
    step: &Step,
) -> bool {
    let name = name(stage);
    driver.begin(act.keyword(), &act.title(), act.stage());
    if template == Template::ForAnotherCustomer {
        let uuid = driver.history().uuid.clone();
        let facts = driver.facts();
        let order = driver.kept_mut().new_customer(&facts, uuid);
        driver.remember(Event::Order(order));
    }
    let call = call(driver, stage, template).purpose(Purpose::Quote).asked(Asked::Expect).fails(step.fails);
    let called = driver.call(call).await;
    let Some(error) = step.fails else {
        if driver.judge(called) {
            driver.capacity(CapacityRule::Requested, name, None).await;
        }
        return driver.end();
    };
    let leased = leased_instead(driver, true, error, called.reply()).await;
    if driver.judge(called.leased(leased)) {
        driver.capacity(CapacityRule::Rejected, name, Some(Profile::Strict)).await;
    }
    driver.end()
}
