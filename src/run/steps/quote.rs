//! C1 and C2.

use reqwest::Method;
use serde_json::Value;

use crate::plan::capacity;
use crate::results::{ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::requests::{Total, quote as quote_body};
use crate::validate::Mode;

use super::answer::{Expected, object, status};
use super::capacity::in_feeds;
use super::order::{media_type, ordered_items, position_of, same_items, valid, with};
use super::{SPEC, send};

/// Which checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Without customer.
    C1,
    /// With customer.
    C2,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::C1 => "C1",
            Self::C2 => "C2",
        }
    }
}

/// PUTs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, stage: Stage) -> bool {
    let name = stage.name();
    run.begin(if stage == Stage::C1 { "c1" } else { "c2" }, name);
    let (path, anchor, mode, customer) = match stage {
        Stage::C1 => ("order-quote-templates", "orderquote-creation-c1", Mode::C1Response, None),
        Stage::C2 => ("order-quotes", "orderquote-creation-c2", Mode::C2Response, Some(run.party.customer.clone())),
    };
    let spec = format!("{SPEC}#{anchor}");
    let body = quote_body(run.seller(), &run.items, customer.as_ref());
    let path = format!("{path}/{}", run.uuid);
    let response = send(run, name, Method::PUT, &path, Some(&body)).await;
    let credentials = run.session.credentials_hint(run.seller());
    let expected =
        Expected { what: name, status: &[200], spec: &spec, credentials: &credentials, hint: None, beside: false };
    if !status(run.log(), &response, expected) {
        return run.end();
    }
    let Some(answer) = object(run.log(), &response, expected) else { return run.end() };
    let exchange = response.exchange();
    let profile = run.session.profile;
    media_type(run.log(), &response, profile);
    valid(run.log(), mode, &answer, &spec, exchange);
    let items = run.items.clone();
    same_items(run.log(), &items, &answer, &spec, exchange);
    let finding = capacity_in(run, &answer, exchange);
    run.log().check(format!("{name} shows the capacity that is left to the customer"), None, finding);
    run.total = Total::of(&answer);
    let (anonymous, named) = run.session.leasing();
    let taken = match stage {
        Stage::C1 => anonymous,
        Stage::C2 if run.quoted => named && !anonymous,
        Stage::C2 => named || anonymous,
    };
    run.quoted = true;
    in_feeds(run, name, taken).await;
    run.end()
}

/// The capacity in a quote does not count the quote's own lease: it is what the feeds showed before.
fn capacity_in(run: &CellRun, answer: &Value, exchange: Option<ExchangeId>) -> Option<Finding> {
    ordered_items(answer).iter().enumerate().find_map(|(index, entry)| {
        let item = run.items.get(position_of(entry)?)?;
        let expected = *run.fetched.get(&item.opportunity_id)?;
        let opportunity = entry.get("orderedItem")?;
        let found = capacity(opportunity);
        (found != Some(expected)).then(|| {
            let finding =
                Finding::new(format!("the quote shows another remaining capacity of {}", item.opportunity_id))
                    .expected(
                        format!("{expected}, as in the feed before (a quote does not count its own lease)"),
                        found.map_or_else(|| "nothing".to_owned(), |found| found.to_string()),
                    )
                    .path(format!(
                        "orderedItem[{index}].orderedItem.{}",
                        crate::plan::capacity_property(&item.opportunity).unwrap_or("remainingAttendeeCapacity")
                    ))
                    .spec(format!("{SPEC}#leasing"));
            with(finding, exchange)
        })
    })
}
