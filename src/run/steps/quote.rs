//! C1 and C2.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{Step, Template};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Asked, Body, CapacityRule, Purpose, Wanted};
use crate::vocabulary::{Profile, Stage};

use super::fullness::leased_instead;
use super::{SPEC, draft};

/// The section about C1 or C2.
pub(super) fn spec(stage: Stage) -> String {
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
pub(super) fn call(run: &mut CellRun, stage: Stage, template: Template) -> Call {
    let body: Value = draft(run, template, |draft, rng| draft.quote(stage == Stage::C2, rng));
    let collection = if stage == Stage::C1 { "order-quote-templates" } else { "order-quotes" };
    Call::new(stage, name(stage), Method::PUT, format!("{collection}/{}", run.history.uuid))
        .sending(body)
        .succeeds(&[200], Body::Document)
        .spec(spec(stage))
}

/// PUTs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, stage: Stage, template: Template, step: &Step) -> bool {
    let name = name(stage);
    run.begin(stage.name(), format!("{name} {}", template.summary()).trim_end());
    if template == Template::ForAnotherCustomer {
        run.new_customer();
    }
    let call = call(run, stage, template).purpose(Purpose::Quote).asked(Asked::Expect).fails(step.fails);
    let called = run.call(call).await;
    let Some(error) = step.fails else {
        if run.judge(called) {
            run.capacity(CapacityRule::Requested, name, None).await;
        }
        return run.end();
    };
    let leased = leased_instead(run, true, error, called.reply()).await;
    if run.judge(called.leased(leased)) {
        run.capacity(CapacityRule::Rejected, name, Some(Profile::Strict)).await;
    }
    run.end()
}

/// PUTs an OrderQuote to C1 that must be rejected, whatever the error.
pub(super) async fn refused_somehow(run: &mut CellRun, template: Template) -> bool {
    run.begin("c1-refused", format!("C1 {}", template.summary()));
    let spec = run.cell.feature.spec.clone();
    let call = call(run, Stage::C1, template).purpose(Purpose::Quote).wanted(Wanted::AnyError).spec(spec);
    run.request(call).await;
    run.capacity(CapacityRule::Rejected, "C1", Some(Profile::Strict)).await;
    run.end()
}
