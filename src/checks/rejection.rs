//! Requests that must be rejected: status, error, and the errors of OrderItems.

use std::cmp::Ordering;

use serde_json::Value;

use crate::results::Finding;
use crate::trace::{Batch, History, OrderItem, Purpose, Wanted, must_be_answered};
use crate::vocabulary::{ErrorName, Grade, Stage};

use super::cite::{CheckIdentity, remark};
use super::errors::{violated_by_acceptance, violated_by_error};
use super::outcome::Outcome;
use super::response::unauthorized;
use super::row::rows;
use super::seen::{errors, items, position_of};
use super::value::{brief, shown};
use super::view::{Answered, listed, quoted};

/// The section about errors.
const ERRORS: &str = "https://openactive.io/open-booking-api/EditorsDraft/#errors";
/// The section about the errors of OrderItems.
const ERROR_MODEL: &str = "https://openactive.io/open-booking-api/EditorsDraft/#error-model";
/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
/// In the compatible profile these are expected only where C1 required the details, and with any status.
const ASKED_AT_C1: &[ErrorName] =
    &[ErrorName::IncompleteIntakeForm, ErrorName::InvalidIntakeForm, ErrorName::IncompleteAttendeeDetails];
/// The error that only P and B may return.
const BOOKING_ERROR: &str = "UnableToProcessOrderItemError";
/// Errors of OrderItems that P and B may report as insufficient capacity of the whole Order.
const ABOUT_CAPACITY: &[ErrorName] = &[
    ErrorName::OpportunityIsFull,
    ErrorName::OpportunityHasInsufficientCapacity,
    ErrorName::OpportunityCapacityIsReservedByLease,
];
/// Errors that must have a `description`, each with the stages at which they must.
const DESCRIBED: &[(ErrorName, &[Stage])] = &[
    (ErrorName::InvalidIntakeForm, &[Stage::C2, Stage::P, Stage::B]),
    (ErrorName::CancellationNotPermitted, &[Stage::OrderPatch]),
];

rows! {
    ERROR_TYPE = "error-type": "the error has the type that the specification defines for the problem"
        at [C1 C2 P B Any], response(error_type) {
        C1: ["OB-orderquote-creation-c1-10", "OB-orderproposal-creation-p-7", "OB-order-creation-b-9"],
        C2: ["OB-orderquote-creation-c2-12", "OB-orderproposal-creation-p-6", "OB-order-creation-b-8"],
        P: ["OB-orderproposal-creation-p-3", "OB-step-by-step-process-description-0-28"],
        B: ["OB-order-creation-b-5", "OB-step-by-step-process-description-47"],
        Any: ["OB-errors-2"],
    }, step true
    ERROR_CONTEXT = "error-context": "the error response has `@context`"
        at [Any], response(error_context) {
        Any: ["OB-response-formats-3"],
    }, violates {
        [Any] => ["OB-response-formats-3"],
    }
    ORDER_ITEM_ERRORS = "order-item-errors": "each invalid OrderItem, and no other, has the error of its problem"
        at [C1 C2 Any], response(order_item_errors) {
        C1: [
            "OB-orderquote-creation-c1-7",
            "OB-step-by-step-process-description-13",
            "OB-order-creation-orderitem-errors-1",
        ],
        C2: [
            "OB-orderquote-creation-c2-9",
            "OB-step-by-step-process-description-31",
            "OB-order-creation-orderitem-errors-1",
        ],
    }, step true
    CONTROL_ITEMS_WITHOUT_ERRORS = "control-items-without-errors": "a valid OrderItem has no error"
        at [Any], strict_response(control_items) {
        Any: [],
    }
    NO_CREDENTIALS_IN_ERROR = "no-credentials-in-error": "an error response does not contain credentials of the request"
        at [Any], strict_response(no_credentials) {
        Any: [],
    }
    ERROR_DESCRIPTION = "error-description": "an error for the Customer has a `description`"
        at [C2 P B OrderPatch], strict_response(description) {
        C2 P B: ["OB-form-validation-and-auto-fill-5"],
        OrderPatch: [
            "OB-customer-requested-cancellation-10",
            "OB-order-cancellation-6",
            "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-2",
        ],
    }, violates {
        [OrderPatch] => [
            "OB-order-cancellation-6",
            "OB-customer-requested-cancellation-10",
            "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-2",
        ],
        [C2 P B] => ["OB-form-validation-and-auto-fill-5"],
    }
    NO_BOOKING_ERROR_IN_QUOTE = "no-booking-error-in-quote": "an OrderQuote is not rejected with UnableToProcessOrderItemError"
        at [C1 C2], strict_response(no_booking_error) {
        C1 C2: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-12"],
    }, violates {
        [C1 C2] => ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-12"],
    }
    CONSTANT_ERROR_NAME = "constant-error-name": "all errors of one type have the same `name`"
        at [C1 C2 P B OrderPatch OrderDelete OrderStatus], strict_response(constant_name) {
        C1 C2 P B OrderPatch OrderDelete OrderStatus: ["OB-oa-openbookingerror-4"],
    }, violates {
        [C1 C2 P B OrderPatch OrderDelete OrderStatus] => ["OB-oa-openbookingerror-4"],
    }
}

/// `true` where an error is expected only as far as the public suite expects it.
pub(super) fn lenient(answered: &Answered<'_>) -> bool {
    !answered.context.strict() && answered.error().is_some_and(|error| ASKED_AT_C1.contains(&error))
}

/// `true` where the request was not rejected, although it had to be.
fn accepted(answered: &Answered<'_>) -> bool {
    answered.exchanged.reply.status.is_some_and(|status| (200..300).contains(&status))
}

/// Adds to a finding the requirements that are broken because the response lacks the expected error.
fn without_error(answered: &Answered<'_>, finding: Finding) -> Finding {
    let Some(error) = answered.error() else { return finding };
    let stage = answered.exchanged.stage;
    // A deleted Order has a sentence of its own: its UUID is no longer that of a completed Order.
    if error == ErrorName::OrderAlreadyExists && answered.history.deleted {
        return finding.violating(["OB-order-deletion-6"]);
    }
    let finding = finding.violating(violated_by_error(error, stage));
    if accepted(answered) { finding.violating(violated_by_acceptance(error, stage)) } else { finding }
}

/// Adds to a finding the requirements that say how an OrderQuote with invalid OrderItems is rejected: with which status, and
/// with errors in which OrderItems.
fn without_item_errors(answered: &Answered<'_>, finding: Finding, status: bool) -> Finding {
    let ids: &[&str] = match (answered.exchanged.stage, status) {
        (Stage::C1, true) => &["OB-orderquote-creation-c1-6", "OB-order-creation-orderitem-errors-1"],
        (Stage::C2, true) => &["OB-orderquote-creation-c2-8", "OB-order-creation-orderitem-errors-1"],
        (Stage::C1, false) => &["OB-orderquote-creation-c1-7"],
        (Stage::C2, false) => &["OB-orderquote-creation-c2-9"],
        _ => &[],
    };
    finding.violating(ids.iter().copied())
}

/// `true` where some OrderItem of the response has an error.
pub(super) fn has_item_errors(answered: &Answered<'_>) -> bool {
    items(answered.seen.body).iter().any(|item| errors(item).next().is_some())
}

/// `true` where the response has the expected error, or an error in some OrderItem where any of them will do.
fn has_error(answered: &Answered<'_>) -> bool {
    let body = answered.seen.body;
    let in_items = |wanted: Option<ErrorName>| match wanted {
        Some(wanted) => {
            items(body).iter().any(|item| has_item_error(answered, wanted, &errors(item).collect::<Vec<_>>()))
        }
        None => has_item_errors(answered),
    };
    match (of_request(answered), answered.error()) {
        (Some(error), _) => right_error(answered, error, text(body, "@type")),
        (None, error) => in_items(error),
    }
}

/// Expects the request to be rejected, with the status of its error. A rejection with another error is left to the checks of
/// the error.
pub(super) fn rejection_status(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let (what, found) = (&exchanged.what, exchanged.reply.status.unwrap_or_default());
    let (wanted, name) = match &exchanged.wanted {
        Wanted::Error(error) => (error.status(), error.name()),
        Wanted::ItemErrors => (409, "errors in its OrderItems"),
        Wanted::AnyError => return any_rejection(answered),
        Wanted::Success(_) | Wanted::Response => return Outcome::absent(),
    };
    if lenient(answered) {
        return Outcome::absent();
    }
    // After a hard deletion it is as if the Order UUID had never been used.
    let unused = answered.history.forgotten && answered.error() == Some(ErrorName::OrderAlreadyExists);
    if unused && answered.context.strict() && accepted(answered) {
        return Outcome::held();
    }
    if without_order_status(answered) {
        let finding = answered
            .finding("Order Status is not implemented")
            .expected(format!("HTTP {wanted}: {name}"), exchanged.reply.shown());
        let finding = finding.violating(["OB-order-status-1"]);
        let remarks = vec![remark(finding, &CheckIdentity::default(), Grade::Should)];
        return Outcome { remarks, ..Outcome::held() };
    }
    let gone = answered.error() == Some(ErrorName::Gone) && found == 404;
    let type_found = text(answered.seen.body, "@type");
    let mut others = answered.error().into_iter().flat_map(|error| alternatives(answered, error));
    let other = others.any(|other| type_found == Some(other.name()) && found == other.status());
    if found == wanted || gone || other {
        return Outcome::held();
    }
    if unauthorized(answered) && !matches!(wanted, 401 | 403) && !known_to_be_authorized(answered) {
        let finding = answered.finding(format!("{what} was rejected with {}", exchanged.reply.shown()));
        let finding = finding.expected(format!("HTTP {wanted}: {name}"), exchanged.reply.shown());
        return Outcome::blocked(finding.hint(&exchanged.credentials));
    }
    let (error, of_request) = (has_error(answered), of_request(answered).is_some());
    if !accepted(answered) && !error && of_request && answered.seen.body.is_object() {
        return Outcome::absent();
    }
    let finding = if error {
        answered.finding(format!("{what} returned {name} with HTTP {found}"))
    } else if accepted(answered) {
        answered.finding(format!("{what} succeeded instead of being rejected with {name}"))
    } else {
        answered.finding(format!("{what} was not rejected with {name}"))
    };
    let finding = finding.expected(format!("HTTP {wanted}: {name}"), exchanged.reply.shown());
    Outcome::broken(match (error, of_request) {
        (true, true) => finding.violating(["OB-errors-1"]),
        (true, false) => without_item_errors(answered, finding, true).violating(["OB-errors-1"]),
        (false, true) => without_error(answered, finding),
        (false, false) => without_item_errors(answered, without_error(answered, finding), true),
    })
}

/// Expects the request to be rejected with any error, and with the HTTP status of that error.
fn any_rejection(answered: &Answered<'_>) -> Outcome {
    let (what, shown) = (&answered.exchanged.what, answered.exchanged.reply.shown());
    if !answered.rejected_somehow() {
        let finding = answered.finding(format!("{what} succeeded instead of being rejected"));
        return Outcome::broken(finding.expected("an error: HTTP 4XX or 5XX", shown));
    }
    let found = answered.exchanged.reply.status.unwrap_or_default();
    let name = text(answered.seen.body, "@type").unwrap_or_default();
    let assigned = match name.parse::<ErrorName>() {
        Ok(error) => Some((error.status(), error.name())),
        Err(_) if name == BOOKING_ERROR => Some((409, BOOKING_ERROR)),
        Err(_) => has_item_errors(answered).then_some((409, "errors in its OrderItems")),
    };
    let strict = answered.context.strict() && !matches!(found, 401 | 403);
    if strict && !name.ends_with("Error") && assigned.is_none() {
        let finding = answered.finding(format!("{what} was rejected without an error"));
        let finding =
            finding.expected("an OpenBookingError, or errors of OrderItems", shown).violating(["OB-errors-2"]);
        let in_items = answered.seen.body.get("orderedItem").is_some();
        return Outcome::broken(if in_items { finding.path("orderedItem.error") } else { finding });
    }
    Outcome::of(assigned.filter(|(status, _)| strict && *status != found).map(|(status, name)| {
        let finding = answered.finding(format!("{what} returned {name} with HTTP {found}"));
        finding.expected(format!("HTTP {status}: {name}"), shown).violating(["OB-errors-1"])
    }))
}

/// Whether the cell has had a request of the booking accepted, so that its credentials are right.
fn known_to_be_authorized(answered: &Answered<'_>) -> bool {
    let history = answered.history;
    history.quotes > 0 || history.batches > 0 || history.proposal.is_some() || history.booked.is_some()
}

/// Expects the error response to contain no credentials of the request.
fn no_credentials(answered: &Answered<'_>) -> Outcome {
    if !answered.as_rejection() {
        return Outcome::absent();
    }
    Outcome::of(answered.exchanged.reply.repeats_credentials.then(|| {
        let finding = Finding::new("the error response contains credentials of the request");
        answered.with(finding.expected("no credentials", "the value of a request header").spec(ERRORS))
    }))
}

/// The errors of a response, each with the path of its properties: the response itself, and those of its OrderItems.
fn every_error(body: &Value) -> Vec<(String, &Value)> {
    let of_items = items(body).iter().enumerate().flat_map(|(index, item)| {
        let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        errors.iter().enumerate().map(move |(at, error)| (format!("orderedItem[{index}].error[{at}]."), error))
    });
    std::iter::once((String::new(), body)).chain(of_items).collect()
}

fn text<'v>(error: &'v Value, name: &str) -> Option<&'v str> {
    error.get(name).and_then(Value::as_str)
}

/// Expects errors of one type to have one `name` in all responses of the cell.
fn constant_name(answered: &Answered<'_>) -> Outcome {
    if !answered.as_rejection() {
        return Outcome::absent();
    }
    let mut known = answered.history.error_names.clone();
    let different = every_error(answered.seen.body).into_iter().find_map(|(path, error)| {
        let (kind, name) = (text(error, "@type")?, text(error, "name")?);
        let before = known.entry(kind.to_owned()).or_insert_with(|| name.to_owned());
        (before != name).then(|| {
            let finding = answered.finding(format!("`name` of {kind} differs from that of an earlier {kind}"));
            finding.expected(quoted(before), quoted(name)).path(format!("{path}name"))
        })
    });
    Outcome::of(different)
}

/// Expects an OrderQuote not to be rejected with the error that only P and B may return.
fn no_booking_error(answered: &Answered<'_>) -> Outcome {
    if !answered.as_rejection() {
        return Outcome::absent();
    }
    let errors = every_error(answered.seen.body);
    let found = errors.iter().find(|(_, error)| text(error, "@type") == Some(BOOKING_ERROR));
    Outcome::of(found.map(|(path, _)| {
        let finding = answered.finding(format!("`@type` is {BOOKING_ERROR}, which only P and B may return"));
        finding.expected("an error that C1 and C2 may return", quoted(BOOKING_ERROR)).path(format!("{path}@type"))
    }))
}

/// Expects an error that the Customer must resolve to have a `description`.
fn description(answered: &Answered<'_>) -> Outcome {
    let (Some(wanted), stage) = (answered.error(), answered.exchanged.stage) else { return Outcome::absent() };
    let Some((name, _)) = DESCRIBED.iter().find(|(name, stages)| *name == wanted && stages.contains(&stage)) else {
        return Outcome::absent();
    };
    let errors = every_error(answered.seen.body);
    let bare = errors
        .iter()
        .filter(|(_, error)| text(error, "@type") == Some(name.name()))
        .find(|(_, error)| text(error, "description").is_none_or(|text| text.trim().is_empty()));
    Outcome::of(bare.map(|(path, error)| {
        let found = error.get("description");
        let defect = if found.is_none() { "missing" } else { "empty" };
        let finding = answered.finding(format!("`description` of {name} is {defect}"));
        finding.expected("a description for the Customer", shown(found)).path(format!("{path}description"))
    }))
}

/// The expected error, where it belongs to the whole request and not to an OrderItem.
fn of_request(answered: &Answered<'_>) -> Option<ErrorName> {
    answered.error().filter(|error| !error.of_order_items())
}

/// Expects the error of the whole request to have the defined type. An accepted request is left to `rejection-status`.
fn error_type(answered: &Answered<'_>) -> Outcome {
    let judged = !accepted(answered) && !without_order_status(answered);
    let Some(error) = of_request(answered).filter(|_| judged) else { return Outcome::absent() };
    let (what, stage, found) = (&answered.exchanged.what, answered.exchanged.stage, answered.seen.body.get("@type"));
    if right_error(answered, error, found.and_then(Value::as_str)) {
        return Outcome::held();
    }
    let reply = answered.exchanged.reply.shown();
    let finding = answered
        .finding(format!("{what} was rejected with another error than {error}: {reply}"))
        .expected(quoted(error.name()), found.map_or_else(|| "nothing".to_owned(), brief))
        .path("@type");
    let general: &[&str] = match stage {
        Stage::C1 => &["OB-orderquote-creation-c1-10"],
        Stage::C2 => &["OB-orderquote-creation-c2-12"],
        Stage::P => &["OB-orderproposal-creation-p-3"],
        Stage::B => &["OB-order-creation-b-5"],
        _ => &[],
    };
    Outcome::broken(without_error(answered, finding).violating(general.iter().copied()))
}

/// Whether a strict run asked for Order Status of a booking system that does not have it: it is only recommended. The response
/// then says nothing about the Order.
fn without_order_status(answered: &Answered<'_>) -> bool {
    let found = text(answered.seen.body, "@type");
    let absent = match answered.exchanged.reply.status {
        Some(404) => found == Some(ErrorName::UnknownOrIncorrectEndpoint.name()),
        Some(405 | 501) => true,
        _ => false,
    };
    let asked = answered.exchanged.stage == Stage::OrderStatus && answered.context.strict();
    asked && absent && answered.error().is_some_and(|error| error != ErrorName::MethodNotAllowed)
}

/// Errors whose definitions hold of the request as well as that of the wanted error. Where credentials belong to a Seller, those
/// of one are wrong for an unknown Seller; and a cancellation in an unknown Order may be rejected for the Order, or for
/// the OrderItem that is not in it. The public suite accepts neither.
fn alternatives(answered: &Answered<'_>, wanted: ErrorName) -> impl Iterator<Item = ErrorName> {
    let also: &[ErrorName] = match wanted {
        ErrorName::SellerNotFound => &[ErrorName::InvalidAuthorizationDetails],
        ErrorName::OrderItemNotWithinOrder => &[ErrorName::UnknownOrder],
        _ => &[],
    };
    let strict = answered.context.strict();
    also.iter().copied().filter(move |_| strict)
}

/// Whether an error is the expected one, or an alternative to it. A deleted Order is gone, or unknown as if it had never been
/// there; Order Status may return the general `NotFoundError`. So may Order Deletion, which the public suite does not accept.
fn right_error(answered: &Answered<'_>, wanted: ErrorName, found: Option<&str>) -> bool {
    let unknown = [Some(ErrorName::UnknownOrder.name()), Some("NotFoundError")];
    let may_be_general = match answered.exchanged.stage {
        Stage::OrderStatus => true,
        Stage::OrderDelete => answered.context.strict(),
        _ => false,
    };
    found == Some(wanted.name())
        || alternatives(answered, wanted).any(|other| found == Some(other.name()))
        || (wanted == ErrorName::Gone && unknown.contains(&found))
        // With API keys there are errors for those.
        || (wanted == ErrorName::Unauthenticated && found == Some("NoAPITokenError"))
        || (wanted == ErrorName::InvalidApiToken && found == Some(ErrorName::InvalidAuthorizationDetails.name()))
        || (wanted == ErrorName::UnknownOrder && may_be_general && unknown.contains(&found))
}

/// `true` where the response is an error of the whole request, and lacks `@context`.
pub(super) fn without_context(answered: &Answered<'_>) -> bool {
    of_request(answered).is_some() && answered.seen.body.get("@context").is_none()
}

/// Expects an error response to have an `@context`. An accepted request is left to `rejection-status`.
fn error_context(answered: &Answered<'_>) -> Outcome {
    if of_request(answered).is_none() || accepted(answered) {
        return Outcome::absent();
    }
    Outcome::of(without_context(answered).then(|| {
        let finding = answered.finding("`@context` of the error response is missing");
        finding.expected(quoted("https://openactive.io/"), "nothing").path("@context")
    }))
}

/// `true` where the errors of OrderItems are judged, so that the response must have as many OrderItems as the request.
pub(super) fn counts_items(answered: &Answered<'_>) -> bool {
    // A rejection of the whole request with another status has no OrderItems: that is left to `rejection-status`.
    let whole =
        !matches!(answered.exchanged.reply.status, Some(200..300 | 409)) && items(answered.seen.body).is_empty();
    answered.error().is_some_and(ErrorName::of_order_items)
        && !lenient(answered)
        && !whole
        && !rejected_as_whole(answered)
}

/// `true` if P or B was rejected with one error for the whole Order: the specification allows it instead of errors of its
/// OrderItems, the public suite does not.
fn rejected_as_whole(answered: &Answered<'_>) -> bool {
    let Some(error) = answered.error().filter(|_| answered.context.strict()) else { return false };
    let found = text(answered.seen.body, "@type");
    let insufficient = Some(ErrorName::OpportunityHasInsufficientCapacity.name());
    let right = found == Some(BOOKING_ERROR)
        || found == Some(error.name())
        || (found == insufficient && ABOUT_CAPACITY.contains(&error));
    let at_booking = matches!(answered.exchanged.stage, Stage::P | Stage::B);
    at_booking && right && !accepted(answered) && items(answered.seen.body).is_empty()
}

/// Whether an OrderItem has the error of its problem, or one whose definition holds of it as well: an `@id` of another system
/// is no Opportunity or Offer of this one, an Offer that does not exist is not applicable, and a pair without capacity is not
/// bookable by the definition of a bookable pair.
fn has_item_error(answered: &Answered<'_>, error: ErrorName, found: &[&str]) -> bool {
    let also: &[ErrorName] = match error {
        ErrorName::UnknownOffer => &[ErrorName::UnacceptableOffer],
        ErrorName::OpportunityIsFull => &[ErrorName::OpportunityOfferPairNotBookable],
        ErrorName::InvalidOpportunityOrOfferId => {
            &[ErrorName::UnknownOpportunity, ErrorName::UnknownOffer, ErrorName::UnacceptableOffer]
        }
        _ => &[],
    };
    let also = also.iter().filter(|_| answered.context.strict());
    std::iter::once(&error).chain(also).any(|error| found.contains(&error.name()))
}

/// Expects the error on each OrderItem under test, and on no control item.
fn order_item_errors(answered: &Answered<'_>) -> Outcome {
    if let Purpose::Batch(Batch { errors: Some(wanted), .. }) = &answered.exchanged.purpose {
        return batch_errors(answered, *wanted);
    }
    let Some(error) = answered.error().filter(|error| error.of_order_items()) else { return Outcome::absent() };
    let (history, lenient) = (answered.history, lenient(answered));
    let entries = items(answered.seen.body);
    if !lenient && entries.len() != history.items.len() {
        return Outcome::absent();
    }
    if !lenient && accepted(answered) && !has_error(answered) {
        return Outcome::absent();
    }
    let wrong = history.items.iter().enumerate().find_map(|(position, item)| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        if lenient && !asked_at_c1(history, position, error) {
            return None;
        }
        let Some((index, entry)) = found else {
            return Some(no_position(answered, position));
        };
        let types: Vec<&str> = errors(entry).collect();
        let has = has_item_error(answered, error, &types);
        // `no-booking-error-in-quote` reports this error.
        let quote = matches!(answered.exchanged.stage, Stage::C1 | Stage::C2);
        if answered.context.strict() && quote && types.contains(&BOOKING_ERROR) {
            return None;
        }
        let shown = || listed(&types);
        let path = format!("orderedItem[{index}].error");
        match (item.control, has) {
            (false, false) => {
                let finding = answered
                    .finding(format!("`{path}` lacks {error} (OrderItem at position {position})"))
                    .expected(quoted(error.name()), shown())
                    .path(path);
                Some(without_item_errors(answered, without_error(answered, finding), false))
            }
            // In strict runs, `control-items-without-errors` reports any error of a control item.
            (true, true) if !lenient && !answered.context.strict() => {
                let finding = answered
                    .finding(format!("`{path}` has {error}, but the OrderItem at position {position} is valid"))
                    .expected(format!("no {error}"), shown())
                    .path(path);
                Some(unfounded_error(answered, finding))
            }
            _ => None,
        }
    });
    Outcome::of(wrong)
}

/// Adds to a finding about an error of a valid OrderItem the requirements that say where errors belong: the definition of the
/// error, and the rule of the stage.
fn unfounded_error(answered: &Answered<'_>, finding: Finding) -> Finding {
    let definition = answered.error().and_then(|error| violated_by_error(error, answered.exchanged.stage).last());
    without_item_errors(answered, finding.violating(definition), false)
}

/// The finding about an OrderItem of the request whose `position` no OrderItem of the response has.
pub(super) fn no_position(answered: &Answered<'_>, position: usize) -> Finding {
    answered
        .finding(format!("`orderedItem` has no OrderItem with position {position}"))
        .expected(format!("an OrderItem with position {position}"), "none")
        .path("orderedItem[*].position")
        .violating(["OB-schema-orderitem-11"])
}

/// Expects each error on as many OrderItems of each opportunity as capacity and leases require. `expected`: OrderItems without
/// an error, reserved by lease, and with insufficient capacity.
fn batch_errors(answered: &Answered<'_>, (none, reserved, insufficient): (usize, usize, usize)) -> Outcome {
    let expected = (none, reserved, insufficient, 0);
    if accepted(answered) && !has_error(answered) {
        return Outcome::absent();
    }
    let counted = counts(answered.seen.body, &answered.history.items);
    let wrong = answered.history.items.iter().find_map(|item| {
        let found = counted
            .iter()
            .find(|(id, _)| *id == item.opportunity_id)
            .map_or_else(Default::default, |(_, found)| *found);
        (found != expected).then_some((&item.opportunity_id, found))
    });
    let words = |(none, reserved, insufficient, other): (usize, usize, usize, usize)| {
        format!(
            "{none} without error, {reserved} {}, {insufficient} {}{}",
            ErrorName::OpportunityCapacityIsReservedByLease,
            ErrorName::OpportunityHasInsufficientCapacity,
            if other > 0 { format!(", {other} with another error") } else { String::new() }
        )
    };
    Outcome::of(wrong.map(|(id, found)| {
        let finding = Finding::new(format!("the errors of the OrderItems of {id} do not match capacity and leases"));
        let finding = finding.expected(words(expected), words(found)).path("orderedItem[*].error");
        let finding = answered.with(finding.spec(LEASING));
        let by_lease = match found.1.cmp(&reserved) {
            Ordering::Less => Some("OB-order-creation-orderitem-errors-16"),
            Ordering::Equal => None,
            Ordering::Greater => Some("OB-order-creation-orderitem-errors-17"),
        };
        let insufficiently = match found.2.cmp(&insufficient) {
            Ordering::Less => Some("OB-order-creation-orderitem-errors-14"),
            Ordering::Equal => None,
            Ordering::Greater => Some("OB-order-creation-orderitem-errors-15"),
        };
        finding.violating(by_lease.into_iter().chain(insufficiently))
    }))
}

/// OrderItems without an error, reserved by lease, with insufficient capacity, and with another error.
type Counted = (usize, usize, usize, usize);

/// Counts the OrderItems of each opportunity by their first errors.
fn counts<'i>(body: &Value, requested: &'i [OrderItem]) -> Vec<(&'i str, Counted)> {
    let mut counts: Vec<(&str, Counted)> = Vec::new();
    for entry in items(body) {
        let Some(item) = position_of(entry).and_then(|position| requested.get(position)) else { continue };
        let id = item.opportunity_id.as_str();
        let at = counts.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
            counts.push((id, Default::default()));
            counts.len() - 1
        });
        let Some((_, count)) = counts.get_mut(at) else { continue };
        match errors(entry).next() {
            None => count.0 += 1,
            Some(name) if name == ErrorName::OpportunityCapacityIsReservedByLease.name() => count.1 += 1,
            Some(name) if name == ErrorName::OpportunityHasInsufficientCapacity.name() => count.2 += 1,
            Some(_) => count.3 += 1,
        }
    }
    counts
}

/// Expects no error on a control item: it would keep the Customer from booking.
fn control_items(answered: &Answered<'_>) -> Outcome {
    let history = answered.history;
    if !counts_items(answered)
        || !history.items.iter().any(|item| item.control)
        || items(answered.seen.body).len() != history.items.len()
    {
        return Outcome::absent();
    }
    let entries = items(answered.seen.body);
    let control = history.items.iter().enumerate().filter(|(_, item)| item.control);
    let wrong = control.filter_map(|(position, _)| {
        let (index, entry) = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position))?;
        let types: Vec<&str> = errors(entry).collect();
        (!types.is_empty()).then(|| {
            let path = format!("orderedItem[{index}].error");
            let message = format!("`{path}` is present, but the OrderItem at position {position} is valid");
            let finding = Finding::new(message).expected("no error", listed(&types)).path(path).spec(ERROR_MODEL);
            let tested = answered.error().is_some_and(|error| types.contains(&error.name()));
            answered.with(if tested { unfounded_error(answered, finding) } else { finding })
        })
    });
    Outcome::of({ wrong }.next())
}

/// Whether C1 required of the OrderItem at a position the details whose absence an error reports.
fn asked_at_c1(history: &History, position: usize, error: ErrorName) -> bool {
    let Some(c1) = &history.c1 else { return false };
    let Some(item) = items(c1).iter().find(|item| position_of(item) == Some(position)) else { return false };
    match error {
        ErrorName::IncompleteAttendeeDetails => {
            item.get("attendeeDetailsRequired").is_some_and(|required| !required.is_null())
        }
        _ => item.get("orderItemIntakeForm").is_some_and(must_be_answered),
    }
}
