//! Validity: responses and feed items judged by the data model.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::requirement::Requirements;
use crate::results::{ExchangeId, Finding, Remark, RemarkLevel};
use crate::trace::{Body, EXTENSION, Purpose, Update, Wanted};
use crate::validate::{ModelFinding, Options, Remote, Rule, Severity, ValidationMode, Validator};
use crate::vocabulary::{BYTE_ORDER_MARK, ErrorName, FeedName, Stage};

use super::cite::cited;
use super::outcome::Outcome;
use super::rejection::{has_item_errors, lenient, without_context};
use super::seen::items;
use super::site;
use super::view::{Answered, with};

/// The validation mode of a successful response; `None` where the stage has no document.
fn mode_of(stage: Stage) -> Option<ValidationMode> {
    Some(match stage {
        Stage::C1 => ValidationMode::C1Response,
        Stage::C2 => ValidationMode::C2Response,
        Stage::P => ValidationMode::PResponse,
        Stage::B => ValidationMode::BResponse,
        Stage::OrderStatus => ValidationMode::OrderStatus,
        _ => return None,
    })
}

/// Validates a response by its bytes as they were sent.
pub(super) fn response(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let reply = &exchanged.reply;
    if let Some((mode, text)) = site::document(answered) {
        let source = Source::of(answered);
        let mut outcome = bytes(mode, text.as_bytes(), &Source { dynamic: false, ..source });
        outcome.broken.retain(|finding| !(source.strict && site::is_of_download(finding, &text)));
        if reply.body.starts_with(BYTE_ORDER_MARK.to_string().as_bytes()) {
            let mark = Validator::byte_order_mark();
            outcome.remarks.push(remark(&mark, RemarkLevel::Warning, reply.exchange, Some(exchanged.stage)));
        }
        return outcome;
    }
    let document = exchanged.body == Body::Document;
    let mode = mode_of(exchanged.stage).filter(|_| document);
    let status = reply.status.unwrap_or_default();
    let mode = match &exchanged.wanted {
        // A repeated quote or proposal is compared with the first one.
        Wanted::Success(_) if exchanged.purpose == Purpose::Repetition && exchanged.stage != Stage::B => None,
        Wanted::Success(_) => mode,
        Wanted::Error(_) | Wanted::ItemErrors | Wanted::Response => match (status, mode) {
            // Errors of OrderItems with a status that says success: `rejection-status` reports the status.
            (200..300, Some(mode)) if answered.rejection() && !lenient(answered) && has_item_errors(answered) => {
                Some(mode.with_item_errors())
            }
            // `rejection-status` reports an accepted request.
            (200..300, _) if answered.context.strict() && matches!(exchanged.wanted, Wanted::Error(_)) => None,
            (200..300, mode) => mode,
            (409, Some(mode)) => Some(mode.with_item_errors()),
            _ => Some(ValidationMode::OpenBookingError),
        },
        // `rejection-status` reports an accepted request.
        Wanted::AnyError if !answered.rejected_somehow() || !answered.context.strict() => None,
        Wanted::AnyError => match mode_of(exchanged.stage) {
            // The error of an OrderItem, or that of the whole request.
            Some(mode) if status == 409 && answered.seen.body.get("orderedItem").is_some() => {
                Some(mode.with_item_errors())
            }
            _ => Some(ValidationMode::OpenBookingError),
        },
    };
    // A response that repeats an incomplete OrderItem cannot be valid. The public suite does not validate the responses to
    // PATCH and DELETE either.
    let judged = answered.error() != Some(ErrorName::IncompleteOrderItem)
        && (!answered.rejection() || answered.context.strict() || document);
    match mode.filter(|_| judged) {
        Some(mode) => {
            let mut outcome = bytes(mode, &reply.body, &Source::of(answered));
            // The specification has no error of its own for what a Test Interface cannot do.
            if exchanged.stage == Stage::TestInterface {
                outcome.remarks.retain(|remark| remark.rule != Rule::BookingRootTypeError.name());
            }
            // `error-context` reports a missing `@context` of an error.
            if mode == ValidationMode::OpenBookingError && without_context(answered) {
                outcome.broken.retain(|finding| finding.rule.as_deref() != Some(Rule::ContextInRootNode.name()));
            }
            // `order-items-confirmed` reports any other `orderItemStatus` of a new Order.
            let new_order =
                matches!(exchanged.purpose, Purpose::Order | Purpose::OrderAfterProposal | Purpose::Simultaneous);
            if answered.context.strict() && answered.succeeded() && new_order {
                let status = |finding: &Finding| {
                    finding.rule.as_deref() == Some(Rule::ValueInOptions.name())
                        && finding.path.as_ref().is_some_and(|path| path.ends_with(".orderItemStatus"))
                };
                outcome.broken.retain(|finding| !status(finding));
            }
            // `document-type` reports another `@type` of an OrderQuote, OrderProposal or Order.
            let document_type = matches!(
                exchanged.purpose,
                Purpose::Quote
                    | Purpose::Proposal
                    | Purpose::Order
                    | Purpose::OrderAfterProposal
                    | Purpose::Simultaneous
            );
            if answered.context.strict() && answered.succeeded() && document_type {
                let of_root = |finding: &Finding| finding.rule.as_deref() == Some(Rule::BookingRootTypeCorrect.name());
                outcome.broken.retain(|finding| !of_root(finding));
            }
            // The specification asks for `customerNotice` at B where `accessChannel` comes later, and the data model forbids it.
            if answered.context.strict() && exchanged.stage == Stage::B {
                let notice = |finding: &Finding| {
                    finding.rule.as_deref() == Some(Rule::ShallNotIncludeFields.name())
                        && finding.path.as_ref().is_some_and(|path| path.ends_with(".customerNotice"))
                };
                outcome.broken.retain(|finding| !notice(finding));
            }
            // `extensions-omitted` reports extensions of the request.
            if answered.context.strict() && answered.succeeded() && exchanged.purpose != Purpose::Repetition {
                let extension = |finding: &Finding| finding.path.as_ref().is_some_and(|path| path.contains(EXTENSION));
                outcome.broken.retain(|finding| !extension(finding));
            }
            outcome
        }
        None => Outcome::absent(),
    }
}

/// Where a document comes from.
#[derive(Debug, Clone, Copy)]
struct Source<'s> {
    spec: &'s str,
    exchange: Option<ExchangeId>,
    stage: Stage,
    /// Whether prices are left to Broker and Seller.
    dynamic: bool,
    /// Whether the run is a strict one: formats that the specifications allow and the public validator rejects are valid.
    strict: bool,
}

impl<'s> Source<'s> {
    fn of(answered: &Answered<'s>) -> Self {
        Self {
            spec: &answered.exchanged.spec,
            exchange: answered.exchanged.reply.exchange,
            stage: answered.exchanged.stage,
            dynamic: answered.history.dynamic,
            strict: answered.context.strict(),
        }
    }
}

/// Validates a document by its bytes.
fn bytes(mode: ValidationMode, document: &[u8], source: &Source<'_>) -> Outcome {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Remote::none()));
    let Source { spec, exchange, stage, dynamic, strict } = *source;
    let validated = VALIDATOR.bytes(document, Options::new(mode).to_the_minute(strict));
    let mut outcome = Outcome::held();
    let mut order = None;
    for found in validated.findings.iter().filter(|found| found.is_independent() && !contradicts_itself(found)) {
        if dynamic && omitted(found, Some(stage)) {
            continue;
        }
        if found.model == Some("OrderItem") && found.rule == Rule::RecommendedFields {
            let order = order.get_or_insert_with(|| serde_json::from_slice(document).unwrap_or(Value::Null));
            // Nothing was booked that one could get into.
            let refused = mode == ValidationMode::BResponseOrderItemError;
            if refused || inapplicable(found, order) {
                continue;
            }
        }
        let level = match found.severity {
            Severity::Failure => {
                outcome.broken.push(with(invalid(found).spec(spec), exchange));
                continue;
            }
            Severity::Warning => RemarkLevel::Warning,
            Severity::Suggestion => RemarkLevel::Suggestion,
            Severity::Notice => continue,
        };
        outcome.remarks.push(remark(found, level, exchange, Some(stage)));
    }
    outcome
}

/// Validates the data of an update by the mode of its feed.
pub(super) fn update(feed: FeedName, update: &Update, spec: &str, dynamic: bool, strict: bool) -> Outcome {
    let mode = match feed {
        FeedName::Orders => ValidationMode::OrdersFeed,
        FeedName::OrderProposals => ValidationMode::OrderProposalsFeed,
    };
    let (exchange, stage) = (Some(update.exchange), feed.stage());
    let text = update.text.as_deref().unwrap_or_default();
    let mut outcome = bytes(mode, text.as_bytes(), &Source { spec, exchange, stage, dynamic, strict });
    if let Some(data) = update.data.as_ref().filter(|_| strict) {
        outcome.broken.retain(|finding| !lacks_in_reference(finding, data));
    }
    if update.marked {
        let mark = Validator::byte_order_mark();
        outcome.remarks.push(remark(&mark, RemarkLevel::Warning, exchange, Some(stage)));
    }
    outcome
}

/// A warning or suggestion of validation.
fn remark(found: &ModelFinding, level: RemarkLevel, exchange: Option<ExchangeId>, place: Option<Stage>) -> Remark {
    let broken = Requirements::built_in().broken(found.rule.name(), found.model, &found.path, place);
    let message = match &found.found {
        Some(values) if found.rule == Rule::DuplicateKeys => format!("{}: {values}", found.message),
        _ => found.message.clone(),
    };
    Remark {
        level,
        message,
        path: found.general_path().trim_start_matches("$.").to_owned(),
        rule: found.rule.name().to_owned(),
        model: found.model.map(str::to_owned),
        requirements: broken.into_iter().map(cited).collect(),
        count: 1,
        first: None,
        exchange,
    }
}

/// What of an opportunity of the feeds the data model forbids at a place, around or within it.
pub(super) fn invalid_in_feed(opportunity: &Value, place: &str) -> Option<Finding> {
    let source = Source { spec: "", exchange: None, stage: Stage::OpportunityFeed, dynamic: false, strict: true };
    let encloses = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let outcome = bytes(ValidationMode::BookableRpdeFeed, opportunity.to_string().as_bytes(), &source);
    let mut broken = outcome.broken.into_iter();
    let mut finding = broken
        .find(|finding| finding.path.as_ref().is_some_and(|path| encloses(path, place) || encloses(place, path)))?;
    finding.message = format!("in the opportunity feed, {}", finding.message);
    finding.stage = Some(source.stage);
    Some(finding)
}

/// A failure of validation, as a finding of a check.
fn invalid(found: &ModelFinding) -> Finding {
    let model = found.model.map_or_else(String::new, |model| format!(" of {model}"));
    let mut finding = Finding::new(found.message.clone())
        .path(found.path.trim_start_matches("$."))
        .hint(format!("see the rule{model}: `oa-test explain rule {}`", found.rule));
    finding.expected = found.expected.as_deref().map(str::to_owned);
    finding.found.clone_from(&found.found);
    finding.rule = Some(found.rule.name().to_owned());
    finding.model = found.model.map(str::to_owned);
    finding
}

/// Whether a failure is that a reference to an opportunity has nothing but `@type` and `@id`: the specification has no more of
/// an opportunity in feeds of Orders, the data model requires as much as in responses. Either will do.
fn lacks_in_reference(finding: &Finding, order: &Value) -> bool {
    let path = finding.path.as_deref().and_then(|path| path.strip_prefix("orderedItem["));
    let Some((index, rest)) = path.and_then(|path| path.split_once("].orderedItem.")) else { return false };
    let item = index.parse().ok().and_then(|index: usize| items(order).get(index));
    let opportunity = item.and_then(|item| item.get("orderedItem")?.as_object());
    let reference = |object: &Map<String, Value>| {
        object.contains_key("@id") && object.keys().all(|key| matches!(key.as_str(), "@type" | "@id"))
    };
    finding.rule.as_deref() == Some(Rule::RequiredFields.name())
        && !rest.contains('.')
        && opportunity.is_some_and(reference)
}

/// Whether an OrderItem lacks a way in that its opportunity does not have: channels are for those who take part online, codes
/// and passes for those who come. `customerNotice` stands for a channel that comes later.
fn inapplicable(found: &ModelFinding, order: &Value) -> bool {
    let Some((index, property)) = found
        .path
        .strip_prefix("$.orderedItem[")
        .and_then(|path| path.split_once("]."))
        .and_then(|(index, property)| Some((index.parse::<usize>().ok()?, property)))
    else {
        return false;
    };
    let Some(item) = items(order).get(index) else { return false };
    let Some(opportunity) = item.get("orderedItem").filter(|opportunity| opportunity.is_object()) else { return false };
    let mode =
        [opportunity, &opportunity["superEvent"]].into_iter().find_map(|event| event["eventAttendanceMode"].as_str());
    let online = mode.is_some_and(|mode| mode.ends_with("/OnlineEventAttendanceMode"));
    let offline = mode.is_none_or(|mode| mode.ends_with("/OfflineEventAttendanceMode"));
    match property {
        "accessChannel" => offline || item.get("customerNotice").is_some(),
        "accessCode" | "accessPass" => online,
        _ => false,
    }
}

/// Whether the data model requires or recommends in one place what it forbids in another, so that no booking system can conform.
fn contradicts_itself(found: &ModelFinding) -> bool {
    // An Order has the Offer that was accepted; responses must not have the others.
    let offers = found.rule == Rule::RecommendedFields
        && found.path.starts_with("$.orderedItem[")
        && found.path.ends_with(".offers");
    // What is available at any time neither ends nor fills up.
    let timeless = found.model == Some("OnDemandEvent")
        && found.rule == Rule::RecommendedFields
        && [".endDate", ".maximumAttendeeCapacity", ".remainingAttendeeCapacity"]
            .iter()
            .any(|name| found.path.ends_with(name));
    if offers || timeless {
        return true;
    }
    let on_demand = found.model == Some("OnDemandEvent")
        && found.rule == Rule::RequiredFields
        && (found.path.ends_with(".startDate") || found.path.ends_with(".location"));
    // The specification has the error about an attendee name the property that is missing, and the model then takes the
    // URL of a property for none.
    let property = found.rule == Rule::FieldsCorrectType
        && found.path.ends_with(".instance")
        && found.found.as_deref().is_some_and(|found| found.contains("schema.org/"));
    on_demand || property
}

/// Whether a failure is about a property that the data model requires, and that Orders with a DynamicPayment omit by the
/// specification: prices, and in quotes the identifier of the payment.
fn omitted(found: &ModelFinding, place: Option<Stage>) -> bool {
    let identifier = found.model == Some("DynamicPayment") && found.path.ends_with(".identifier");
    let quote = matches!(place, Some(Stage::C1 | Stage::C2));
    let price = found.path.ends_with(".totalPaymentDue") || found.path.ends_with(".acceptedOffer");
    found.rule == Rule::RequiredFields && (price || (identifier && quote))
}
