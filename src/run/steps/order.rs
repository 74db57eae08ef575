//! What every answer with an Order, OrderQuote or OrderProposal must be like.

use std::sync::LazyLock;

use serde_json::Value;

use crate::checks::brief;
use crate::checks::{order_items, response};
use crate::client::Response;
use crate::client::feed::OrderUpdate;
use crate::plan::id_of;
use crate::requirement::Requirements;
use crate::results::{ExchangeId, Finding, Remark, RemarkLevel};
use crate::run::cite::{Says, cited};
use crate::run::steplog::StepLog;
use crate::trace::OrderItem;
use crate::validate::{ModelFinding as Invalid, Options, Remote, Rule, Severity, ValidationMode as Mode, Validator};
use crate::vocabulary::{BOOKING_MEDIA_TYPE, Profile, Stage, openactive};

use super::SPEC;

/// The entries of `orderedItem`.
pub(super) fn ordered_items(order: &Value) -> &[Value] {
    order.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The answer has the media type of the Open Booking API.
pub(super) fn media_type(log: &mut StepLog, response: &Response, profile: Profile) {
    if profile != Profile::Strict {
        return;
    }
    let found = response.header("content-type").unwrap_or_default();
    let essence: String = found.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let mut parts = essence.split(';');
    let right = parts.next() == Some("application/vnd.openactive.booking+json")
        && parts
            .filter_map(|part| part.split_once('='))
            .any(|(name, value)| name == "version" && value.trim_matches('"') == "1");
    let finding = (!right).then(|| {
        let shown = if found.is_empty() { "no content type".to_owned() } else { found.to_owned() };
        let finding = Finding::new("the answer does not have the media type of the Open Booking API")
            .expected(BOOKING_MEDIA_TYPE, shown)
            .path("header Content-Type")
            .spec(format!("{SPEC}#media-types"));
        with(finding, response.exchange())
    });
    let name = format!("the answer has the media type {BOOKING_MEDIA_TYPE}");
    let refused = response.status.is_some_and(|status| status >= 400);
    let check = if refused { response::ERROR_MEDIA_TYPE } else { response::MEDIA_TYPE };
    log.check(check.says(name), Some(Profile::Strict), finding);
}

/// The document is what its mode demands, judged by its bytes as they were sent.
pub(super) fn valid(log: &mut StepLog, mode: Mode, document: &[u8], spec: &str, exchange: Option<ExchangeId>) {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Remote::none()));
    let name = format!("the document is a valid {mode}");
    let validated = VALIDATOR.bytes(document, Options::new(mode));
    let mut valid = true;
    for found in validated.findings.iter().filter(|found| !found.undetermined && !contradicts_itself(found)) {
        if log.dynamic && left_out(found, log.place()) {
            continue;
        }
        let level = match found.severity {
            Severity::Failure => {
                valid = false;
                log.check(response::VALID.says(&name), None, Some(with(invalid(found).spec(spec), exchange)));
                continue;
            }
            Severity::Warning => RemarkLevel::Warning,
            Severity::Suggestion => RemarkLevel::Suggestion,
            Severity::Notice => continue,
        };
        remark(log, found, level, exchange);
    }
    if valid {
        log.check(response::VALID.says(name), None, None);
    }
}

/// The data of an update in a feed is what its mode demands.
pub(super) fn valid_update(log: &mut StepLog, mode: Mode, update: &OrderUpdate, spec: &str) {
    let exchange = Some(update.exchange);
    if update.marked {
        marked(log, exchange);
    }
    valid(log, mode, update.text.as_deref().unwrap_or_default().as_bytes(), spec, exchange);
}

/// Warns of a byte order mark before what was sent.
pub(super) fn marked(log: &mut StepLog, exchange: Option<ExchangeId>) {
    remark(log, &Validator::byte_order_mark(), RemarkLevel::Warning, exchange);
}

/// Keeps what validation found that is no failure.
fn remark(log: &mut StepLog, found: &Invalid, level: RemarkLevel, exchange: Option<ExchangeId>) {
    let broken = Requirements::built_in().broken(found.rule.name(), found.model, &found.path, log.place());
    let message = match &found.found {
        Some(values) if found.rule == Rule::DuplicateKeys => format!("{}: {values}", found.message),
        _ => found.message.clone(),
    };
    log.remark(Remark {
        level,
        message,
        path: found.general_path().trim_start_matches("$.").to_owned(),
        rule: found.rule.name().to_owned(),
        model: found.model.map(str::to_owned),
        requirements: broken.into_iter().map(cited).collect(),
        count: 1,
        first: None,
        exchange,
    });
}

/// What validation found, as a finding of a check.
fn invalid(found: &Invalid) -> Finding {
    let model = found.model.map_or_else(String::new, |model| format!(" of {model}"));
    let mut finding = Finding::new(found.message.clone())
        .path(found.path.trim_start_matches("$."))
        .hint(format!("`oa-test explain rule {}` tells of the rule{model}", found.rule));
    finding.found.clone_from(&found.found);
    finding.rule = Some(found.rule.name().to_owned());
    finding.model = found.model.map(str::to_owned);
    finding
}

/// What the data model demands in one place and forbids in another: no booking system can do right there.
fn contradicts_itself(found: &Invalid) -> bool {
    let on_demand = found.model == Some("OnDemandEvent")
        && found.rule == crate::validate::Rule::RequiredFields
        && (found.path.ends_with(".startDate") || found.path.ends_with(".location"));
    // The specification has the error about an attendee name the property that is missing, and the model then takes the
    // URL of a property for none.
    let property = found.rule == crate::validate::Rule::FieldsCorrectType
        && found.path.ends_with(".instance")
        && found.found.as_deref().is_some_and(|found| found.contains("schema.org/"));
    on_demand || property
}

/// What the specification has Orders with a DynamicPayment leave out, and the data model demands: prices, and in quotes the
/// identifier of what is not paid yet.
fn left_out(found: &Invalid, place: Option<Stage>) -> bool {
    let identifier = found.model == Some("DynamicPayment") && found.path.ends_with(".identifier");
    let quote = matches!(place, Some(Stage::C1 | Stage::C2));
    let price = found.path.ends_with(".totalPaymentDue") || found.path.ends_with(".acceptedOffer");
    found.rule == crate::validate::Rule::RequiredFields && (price || (identifier && quote))
}

/// Every requested OrderItem is there, at its position, for its opportunity and offer.
pub(super) fn same_items(
    log: &mut StepLog,
    requested: &[OrderItem],
    answer: &Value,
    spec: &str,
    exchange: Option<ExchangeId>,
    profile: Profile,
) {
    let dynamic = log.dynamic;
    let items = ordered_items(answer);
    let count = (items.len() != requested.len()).then(|| {
        let finding = Finding::new("the answer has another number of OrderItems than the request")
            .expected(requested.len().to_string(), items.len().to_string())
            .path("orderedItem")
            .spec(spec);
        with(finding, exchange)
    });
    let complete = count.is_none();
    log.check(order_items::ORDER_ITEM_COUNT.called(), None, count);
    if !complete || profile != Profile::Strict {
        return;
    }
    let wrong = requested.iter().enumerate().find_map(|(position, wanted)| {
        let at = items.iter().position(|item| position_of(item) == Some(position));
        let Some((at, item)) = at.and_then(|at| Some((at, items.get(at)?))) else {
            return Some(
                Finding::new(format!("no OrderItem of the answer has position {position}"))
                    .expected(format!("an OrderItem with position {position}"), "none")
                    .path("orderedItem[*].position"),
            );
        };
        [("orderedItem", &wanted.opportunity_id), ("acceptedOffer", &wanted.offer_id)].into_iter().find_map(
            |(property, wanted)| {
                let found = item.get(property).and_then(id_of);
                let left_out = dynamic && property == "acceptedOffer" && item.get(property).is_none();
                (!left_out && found != Some(wanted)).then(|| {
                    Finding::new(format!("the OrderItem at position {position} is for another {property}"))
                        .expected(wanted.clone(), item.get(property).map_or_else(|| "nothing".into(), brief))
                        .path(format!("orderedItem[{at}].{property}"))
                })
            },
        )
    });
    let wrong = wrong.map(|finding| with(finding.spec(spec), exchange));
    log.check(order_items::REQUESTED_ORDER_ITEMS.called(), Some(Profile::Strict), wrong);
}

/// `position` of an OrderItem.
pub(super) fn position_of(item: &Value) -> Option<usize> {
    item.get("position").and_then(Value::as_u64).and_then(|position| usize::try_from(position).ok())
}

/// Every OrderItem is confirmed.
pub(super) fn confirmed(log: &mut StepLog, order: &Value, spec: &str, exchange: Option<ExchangeId>) {
    let wanted = openactive("OrderItemConfirmed");
    let wrong = ordered_items(order).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("orderItemStatus");
        (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
            let finding = Finding::new("an OrderItem of the new Order is not confirmed")
                .expected(wanted.clone(), found.map_or_else(|| "nothing".into(), brief))
                .path(format!("orderedItem[{index}].orderItemStatus"))
                .spec(spec);
            with(finding, exchange)
        })
    });
    log.check(order_items::ORDER_ITEMS_CONFIRMED.called(), Some(Profile::Strict), wrong);
}

/// `@id` of each OrderItem, or a finding if one lacks it or two share it.
pub(super) fn item_ids(order: &Value) -> Result<Vec<&str>, Box<Finding>> {
    let mut ids = Vec::new();
    for (index, item) in ordered_items(order).iter().enumerate() {
        let path = format!("orderedItem[{index}].@id");
        match item.get("@id").and_then(Value::as_str) {
            Some(id) if ids.contains(&id) => {
                let finding = Finding::new("two OrderItems have the same @id").expected("an @id of its own", id);
                return Err(Box::new(finding.path(path)));
            }
            Some(id) => ids.push(id),
            None => {
                return Err(Box::new(Finding::new("an OrderItem has no @id").expected("an @id", "nothing").path(path)));
            }
        }
    }
    Ok(ids)
}

/// A finding with its exchange, if there was one.
pub(super) const fn with(mut finding: Finding, exchange: Option<ExchangeId>) -> Finding {
    if exchange.is_some() {
        finding.exchange = exchange;
    }
    finding
}
