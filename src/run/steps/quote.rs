//! C1 and C2.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{Step, Template};
use crate::checks::{capacity, rejection};
use crate::client::Response;
use crate::plan::{capacity, capacity_property};
use crate::results::{ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::run::duties;
use crate::trace::Total;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::{ErrorName, Profile, Stage};

use super::answer::{Expected, answered, object, shown_status, status};
use super::capacity::{in_feeds, untouched};
use super::fullness::leased_instead;
use super::order::{media_type, ordered_items, position_of, same_items, valid, with};
use super::refused::{Refusal, refused};
use super::{SPEC, draft, expect, send};
use crate::trace::Made;

/// Which checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// Without customer.
    C1,
    /// With customer.
    C2,
}

impl Quote {
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

    pub(super) const fn stage(self) -> Stage {
        match self {
            Self::C1 => Stage::C1,
            Self::C2 => Stage::C2,
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

fn path_of(run: &CellRun, quote: Quote) -> String {
    match quote {
        Quote::C1 => format!("order-quote-templates/{}", run.history.uuid),
        Quote::C2 => format!("order-quotes/{}", run.history.uuid),
    }
}

/// Sends an OrderQuote of the part's OrderItems.
pub(super) async fn put(run: &mut CellRun, quote: Quote, template: Template) -> (Value, Response) {
    let body = draft(run, template, |draft, rng| draft.quote(quote == Quote::C2, rng));
    let path = path_of(run, quote);
    let response = send(run, quote.name(), Method::PUT, &path, Some(&body)).await;
    (body, response)
}

/// The OrderQuote in an answer that must be one, after the checks that every one must stand.
pub(super) fn quoted(run: &mut CellRun, quote: Quote, response: &Response, spec: &str) -> Option<Value> {
    let credentials = run.session.credentials_hint(run.credentials());
    let expected =
        Expected { what: quote.name(), status: &[200], spec, credentials: &credentials, hint: None, beside: false };
    if !status(run.log(), response, expected) {
        return None;
    }
    let answer = object(run.log(), response, expected)?;
    let profile = run.session.profile;
    media_type(run.log(), response, profile);
    valid(run.log(), quote.mode(), &response.body, spec, response.exchange());
    let items = run.history.items.clone();
    same_items(run.log(), &items, &answer, spec, response.exchange(), profile);
    Some(answer)
}

/// PUTs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, quote: Quote, template: Template, step: &Step) -> bool {
    let name = quote.name();
    run.begin(quote.word(), format!("{name} {}", template.summary()).trim_end());
    if template == Template::ForAnotherCustomer {
        run.new_customer();
    }
    let spec = quote.spec();
    let (sent, response) = put(run, quote, template).await;
    if let Some(error) = step.fails {
        if leased_instead(run, Some(quote), error, &response).await {
            return run.end();
        }
        let refusal = Refusal { what: name, error: Some(error), mode: Some(quote.mode()), spec: &spec };
        if let Some(body) = refused(run, &response, refusal) {
            expect(run, &step.expect, &body, &spec, response.exchange());
            // A quote that tells an incomplete OrderItem again is no document of the data model.
            if response.status == Some(409) && error != ErrorName::IncompleteOrderItem {
                duties::judge(run, quote.stage(), &body, Some(&sent), response.exchange());
            }
            run.history.total = Total::of(&body);
        }
        untouched(run, name, &response, Some(Profile::Strict)).await;
        return run.end();
    }
    let Some(answer) = quoted(run, quote, &response, &spec) else { return run.end() };
    duties::judge(run, quote.stage(), &answer, Some(&sent), response.exchange());
    let made = Made { path: path_of(run, quote), body: sent, status: 200, answer: answer.clone() };
    run.history.made.insert(quote.stage(), made);
    let finding = capacity_in(run, &answer, response.exchange());
    let shows = format!("{name} shows the capacity that is left to the customer");
    run.log().check(capacity::CAPACITY_IN_QUOTE.says(shows), None, finding);
    expect(run, &step.expect, &answer, &spec, response.exchange());
    run.history.total = Total::of(&answer);
    let (anonymous, named) = run.session.leasing();
    let taken = match quote {
        // A lease goes with the Order: C1 once more takes no other one.
        Quote::C1 => anonymous && !run.history.quoted,
        Quote::C2 if run.history.quoted => named && !anonymous,
        Quote::C2 => named || anonymous,
    };
    run.history.quoted = true;
    if quote == Quote::C1 {
        run.history.c1 = Some(answer);
    }
    in_feeds(run, name, taken).await;
    run.end()
}

/// PUTs an OrderQuote to C1 that must be refused, whatever the error.
pub(super) async fn refused_somehow(run: &mut CellRun, template: Template) -> bool {
    let quote = Quote::C1;
    run.begin("c1-refused", format!("{} {}", quote.name(), template.summary()));
    let spec = run.cell.feature.spec.clone();
    let (_, response) = put(run, quote, template).await;
    if answered(run.log(), &response, quote.name(), &spec) {
        let finding = response.status.is_some_and(|status| status < 400).then(|| {
            let finding =
                Finding::new("C1 succeeded, and must be refused").expected("an error", shown_status(&response));
            with(finding.spec(&spec), response.exchange())
        });
        run.log().check(rejection::REJECTION_STATUS.says("C1 is refused"), None, finding);
    }
    untouched(run, quote.name(), &response, Some(Profile::Strict)).await;
    run.end()
}

/// The capacity in a quote does not count the quote's own lease: it is what the feeds showed before.
fn capacity_in(run: &CellRun, answer: &Value, exchange: Option<ExchangeId>) -> Option<Finding> {
    ordered_items(answer).iter().enumerate().find_map(|(index, entry)| {
        let item = run.history.items.get(position_of(entry)?)?;
        let expected = *run.history.fetched.get(&item.opportunity_id)?;
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
