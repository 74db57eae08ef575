//! C1 and C2.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{StandardCheck, Step, Template};
use crate::plan::{capacity, capacity_property};
use crate::results::{ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::run::duties;
use crate::run::requests::Total;
use crate::target::Response;
use crate::validate::Mode;
use crate::vocabulary::{ErrorName, Place, Profile};

use super::answer::{Expected, answered, object, shown_status, status};
use super::capacity::{in_feeds, untouched};
use super::fullness::leased_instead;
use super::order::{media_type, ordered_items, position_of, same_items, valid, with};
use super::refused::{Refusal, refused};
use super::repeat::Made;
use super::{SPEC, draft, expect, send};

/// Which checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Without customer.
    C1,
    /// With customer.
    C2,
}

impl Stage {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::C1 => "C1",
            Self::C2 => "C2",
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::C1 => "c1",
            Self::C2 => "c2",
        }
    }

    pub(super) const fn place(self) -> Place {
        match self {
            Self::C1 => Place::C1,
            Self::C2 => Place::C2,
        }
    }

    pub(super) const fn mode(self) -> Mode {
        match self {
            Self::C1 => Mode::C1Response,
            Self::C2 => Mode::C2Response,
        }
    }

    pub(super) fn spec(self) -> String {
        match self {
            Self::C1 => format!("{SPEC}#orderquote-creation-c1"),
            Self::C2 => format!("{SPEC}#orderquote-creation-c2"),
        }
    }
}

fn path_of(run: &CellRun, stage: Stage) -> String {
    match stage {
        Stage::C1 => format!("order-quote-templates/{}", run.part.uuid),
        Stage::C2 => format!("order-quotes/{}", run.part.uuid),
    }
}

/// Sends an OrderQuote of the part's OrderItems.
pub(super) async fn put(run: &mut CellRun, stage: Stage, template: Template) -> (Value, Response) {
    let body = draft(run, template, |draft, rng| draft.quote(stage == Stage::C2, rng));
    let path = path_of(run, stage);
    let response = send(run, stage.name(), Method::PUT, &path, Some(&body)).await;
    (body, response)
}

/// The OrderQuote in an answer that must be one, after the checks that every one must stand.
pub(super) fn quoted(run: &mut CellRun, stage: Stage, response: &Response, spec: &str) -> Option<Value> {
    let credentials = run.session.credentials_hint(run.credentials());
    let expected =
        Expected { what: stage.name(), status: &[200], spec, credentials: &credentials, hint: None, beside: false };
    if !status(run.log(), response, expected) {
        return None;
    }
    let answer = object(run.log(), response, expected)?;
    let profile = run.session.profile;
    media_type(run.log(), response, profile);
    valid(run.log(), stage.mode(), &response.body, spec, response.exchange());
    let items = run.part.items.clone();
    same_items(run.log(), &items, &answer, spec, response.exchange(), profile);
    Some(answer)
}

/// PUTs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, stage: Stage, template: Template, step: &Step) -> bool {
    let name = stage.name();
    run.begin(stage.word(), format!("{name} {}", template.summary()).trim_end());
    if template == Template::ForAnotherCustomer {
        run.new_customer();
    }
    let spec = stage.spec();
    let (sent, response) = put(run, stage, template).await;
    if let Some(error) = step.fails {
        if leased_instead(run, Some(stage), error, &response).await {
            return run.end();
        }
        let refusal = Refusal { what: name, error: Some(error), mode: Some(stage.mode()), spec: &spec };
        if let Some(body) = refused(run, &response, refusal) {
            expect(run, &step.expect, &body, &spec, response.exchange());
            // A quote that tells an incomplete OrderItem again is no document of the data model.
            if response.status == Some(409) && error != ErrorName::IncompleteOrderItem {
                duties::judge(run, stage.place(), &body, Some(&sent), response.exchange());
            }
            run.part.total = Total::of(&body);
        }
        untouched(run, name, &response, Some(Profile::Strict)).await;
        return run.end();
    }
    let Some(answer) = quoted(run, stage, &response, &spec) else { return run.end() };
    duties::judge(run, stage.place(), &answer, Some(&sent), response.exchange());
    let made = Made { path: path_of(run, stage), body: sent, status: 200, answer: answer.clone() };
    run.part.made.insert(stage.place(), made);
    let finding = capacity_in(run, &answer, response.exchange());
    let shows = format!("{name} shows the capacity that is left to the customer");
    run.log().check(StandardCheck::CapacityInAnswer.says(shows), None, finding);
    expect(run, &step.expect, &answer, &spec, response.exchange());
    run.part.total = Total::of(&answer);
    let (anonymous, named) = run.session.leasing();
    let taken = match stage {
        // A lease goes with the Order: C1 once more takes no other one.
        Stage::C1 => anonymous && !run.part.quoted,
        Stage::C2 if run.part.quoted => named && !anonymous,
        Stage::C2 => named || anonymous,
    };
    run.part.quoted = true;
    if stage == Stage::C1 {
        run.part.c1 = Some(answer);
    }
    in_feeds(run, name, taken).await;
    run.end()
}

/// PUTs an OrderQuote to C1 that must be refused, whatever the error.
pub(super) async fn refused_somehow(run: &mut CellRun, template: Template) -> bool {
    let stage = Stage::C1;
    run.begin("c1-refused", format!("{} {}", stage.name(), template.summary()));
    let spec = run.cell.feature.spec.clone();
    let (_, response) = put(run, stage, template).await;
    if answered(run.log(), &response, stage.name(), &spec) {
        let finding = response.status.is_some_and(|status| status < 400).then(|| {
            let finding =
                Finding::new("C1 succeeded, and must be refused").expected("an error", shown_status(&response));
            with(finding.spec(&spec), response.exchange())
        });
        run.log().check(StandardCheck::Refused.says("C1 is refused"), None, finding);
    }
    untouched(run, stage.name(), &response, Some(Profile::Strict)).await;
    run.end()
}

/// The capacity in a quote does not count the quote's own lease: it is what the feeds showed before.
fn capacity_in(run: &CellRun, answer: &Value, exchange: Option<ExchangeId>) -> Option<Finding> {
    ordered_items(answer).iter().enumerate().find_map(|(index, entry)| {
        let item = run.part.items.get(position_of(entry)?)?;
        let expected = *run.part.fetched.get(&item.opportunity_id)?;
        let found = entry.get("orderedItem").and_then(capacity);
        (found != Some(expected)).then(|| {
            let finding =
                Finding::new(format!("the quote shows another remaining capacity of {}", item.opportunity_id))
                    .expected(
                        format!("{expected}, as in the feed before (a quote does not count its own lease)"),
                        found.map_or_else(|| "nothing".to_owned(), |found| found.to_string()),
                    )
                    .path(format!(
                        "orderedItem[{index}].orderedItem.{}",
                        capacity_property(&item.opportunity).unwrap_or("remainingAttendeeCapacity")
                    ))
                    .spec(format!("{SPEC}#leasing"));
            with(finding, exchange)
        })
    })
}
