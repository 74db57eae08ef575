//! Requests that must be rejected: status, error, and the errors of OrderItems.

use serde_json::Value;

use crate::results::Finding;
use crate::trace::{Batch, History, OrderItem, Purpose, Wanted, must_be_answered};
use crate::vocabulary::{ErrorName, Stage};

use super::errors::violated_by_error;
use super::outcome::Outcome;
use super::row::rows;
use super::seen::{errors, items, position_of};
use super::value::{brief, shown};
use super::view::Answered;

/// The section about errors.
const ERRORS: &str = "https://openactive.io/open-booking-api/EditorsDraft/#errors";
/// The section about the errors of OrderItems.
const ERROR_MODEL: &str = "https://openactive.io/open-booking-api/EditorsDraft/#error-model";
/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
/// In the compatible profile these are looked for only where C1 asked for what is missing, and with any status.
const ASKED_AT_C1: &[ErrorName] =
    &[ErrorName::IncompleteIntakeForm, ErrorName::InvalidIntakeForm, ErrorName::IncompleteAttendeeDetails];
/// Errors that must say more than their type, each with the stages at which they must.
const DESCRIBED: &[(ErrorName, &[Stage])] = &[
    (ErrorName::InvalidIntakeForm, &[Stage::C2, Stage::P, Stage::B]),
    (ErrorName::CancellationNotPermitted, &[Stage::OrderPatch]),
];

rows! {
    ERROR_TYPE = "error-type": "the error is the one that says what is wrong"
        at [C1 C2 P B Any], response(error_type) {
        C1: ["OB-orderquote-creation-c1-10", "OB-orderproposal-creation-p-7", "OB-order-creation-b-9"],
        C2: ["OB-orderquote-creation-c2-12", "OB-orderproposal-creation-p-6", "OB-order-creation-b-8"],
        P: ["OB-orderproposal-creation-p-3", "OB-step-by-step-process-description-0-28"],
        B: ["OB-order-creation-b-5", "OB-step-by-step-process-description-47"],
        Any: ["OB-errors-2"],
    }
    ERROR_CONTEXT = "error-context": "the error has an @context"
        at [Any], response(error_context) {
        Any: ["OB-response-formats-3"],
    }
    ORDER_ITEM_ERRORS = "order-item-errors": "every OrderItem with something wrong has the error that says so, and no other OrderItem has it"
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
    }
    CONTROL_ITEMS_WITHOUT_ERRORS = "control-items-without-errors": "an OrderItem with nothing wrong has no error"
        at [Any], strict_response(control_items) {
        Any: [],
    }
    NO_CREDENTIALS_IN_ERROR = "no-credentials-in-error": "an error does not repeat credentials"
        at [Any], strict_response(no_credentials) {
        Any: [],
    }
    ERROR_DESCRIPTION = "error-description": "an error that a customer must understand has a description"
        at [C2 P B OrderPatch], strict_response(description) {
        C2 P B: ["OB-form-validation-and-auto-fill-5"],
        OrderPatch: [
            "OB-customer-requested-cancellation-10",
            "OB-order-cancellation-6",
            "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-2",
        ],
    }
    NO_BOOKING_ERROR_IN_QUOTE = "no-booking-error-in-quote": "an OrderQuote is not refused with an error of bookings"
        at [C1 C2], strict_response(no_booking_error) {
        C1 C2: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-12"],
    }
    CONSTANT_ERROR_NAME = "constant-error-name": "errors of one type have one name"
        at [C1 C2 P B OrderPatch OrderDelete OrderStatus], strict_response(constant_name) {
        C1 C2 P B OrderPatch OrderDelete OrderStatus: ["OB-oa-openbookingerror-4"],
    }
}

/// Whether an error is looked for as the public suite does.
fn lenient(answered: &Answered<'_>) -> bool {
    !answered.context.strict() && answered.error().is_some_and(|error| ASKED_AT_C1.contains(&error))
}

/// A finding that the wanted error did not come, which breaks what demands it.
fn without_error(answered: &Answered<'_>, finding: Finding) -> Finding {
    let broken = answered.error().map(|error| violated_by_error(error, answered.exchanged.stage));
    finding.violating(broken.into_iter().flatten())
}

/// The request is rejected, with the status of the error.
pub(super) fn rejection_status(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let (what, found) = (&exchanged.what, exchanged.reply.status.unwrap_or_default());
    let (wanted, name) = match &exchanged.wanted {
        Wanted::Error(error) => (error.status(), error.name()),
        Wanted::ItemErrors => (409, "errors of its OrderItems"),
        Wanted::AnyError => {
            return Outcome::of((found < 400).then(|| {
                let finding = answered.finding(format!("{what} succeeded, and must be refused"));
                finding.expected("an error", exchanged.reply.shown())
            }));
        }
        Wanted::Success(_) | Wanted::Response => return Outcome::absent(),
    };
    if lenient(answered) {
        return Outcome::absent();
    }
    let gone = answered.error() == Some(ErrorName::Gone) && found == 404;
    let finding = (found != wanted && !gone).then(|| {
        let message = if (200..300).contains(&found) {
            format!("{what} succeeded, and must be refused with {name}")
        } else {
            format!("{what} was refused with another status than that of {name}")
        };
        let finding = answered.finding(message).expected(format!("HTTP {wanted}"), exchanged.reply.shown());
        without_error(answered, finding)
    });
    Outcome::of(finding)
}

/// An error does not repeat the credentials of the request.
fn no_credentials(answered: &Answered<'_>) -> Outcome {
    if !answered.rejection() {
        return Outcome::absent();
    }
    Outcome::of(answered.exchanged.reply.repeats_credentials.then(|| {
        let finding = Finding::new("the error repeats the credentials of the request");
        answered.with(finding.expected("no credentials", "the value of a header").spec(ERRORS))
    }))
}

/// The errors of a response: that of the whole, and those of its OrderItems, each with its path.
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

/// Errors of one type have one name, in whatever response of the cell.
fn constant_name(answered: &Answered<'_>) -> Outcome {
    if !answered.rejection() {
        return Outcome::absent();
    }
    let mut known = answered.history.error_names.clone();
    let different = every_error(answered.seen.body).into_iter().find_map(|(path, error)| {
        let (kind, name) = (text(error, "@type")?, text(error, "name")?);
        let before = known.entry(kind.to_owned()).or_insert_with(|| name.to_owned());
        (before != name).then(|| {
            let finding = answered.finding(format!("one {kind} has another name than another one"));
            finding.expected(before.clone(), name).path(format!("{path}name"))
        })
    });
    Outcome::of(different)
}

/// An OrderQuote is not rejected with an error that belongs to bookings alone.
fn no_booking_error(answered: &Answered<'_>) -> Outcome {
    if !answered.rejection() {
        return Outcome::absent();
    }
    let of_booking = "UnableToProcessOrderItemError";
    let errors = every_error(answered.seen.body);
    let found = errors.iter().find(|(_, error)| text(error, "@type") == Some(of_booking));
    Outcome::of(found.map(|(path, _)| {
        let finding = answered.finding("an OrderQuote is refused with an error that belongs to bookings alone");
        finding.expected("an error of OrderQuotes", of_booking).path(format!("{path}@type"))
    }))
}

/// An error that a customer must understand has a description.
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
        let finding = answered.finding(format!("{name} does not say in words what is wrong"));
        finding.expected("a description", shown(error.get("description"))).path(format!("{path}description"))
    }))
}

/// Whether the error is one of the whole request, and not of OrderItems.
fn of_request(answered: &Answered<'_>) -> Option<ErrorName> {
    answered.error().filter(|error| !error.of_order_items())
}

/// The error is the one that says what is wrong.
fn error_type(answered: &Answered<'_>) -> Outcome {
    let Some(error) = of_request(answered) else { return Outcome::absent() };
    let found = answered.seen.body.get("@type");
    let right = right_error(answered.exchanged.stage, error, found.and_then(Value::as_str));
    let finding = (!right).then(|| {
        let finding = answered.finding(format!("{} was refused with another error", answered.exchanged.what));
        finding.expected(error.name(), found.map_or_else(|| "nothing".to_owned(), brief)).path("@type")
    });
    Outcome::of(finding.map(|finding| without_error(answered, finding)))
}

/// Whether an error is the one that is wanted. What was deleted is gone, or as if it had never been there; and Order Status
/// may say in general that there is no such thing.
fn right_error(stage: Stage, wanted: ErrorName, found: Option<&str>) -> bool {
    let unknown = [Some(ErrorName::UnknownOrder.name()), Some("NotFoundError")];
    found == Some(wanted.name())
        || (wanted == ErrorName::Gone && unknown.contains(&found))
        // With API keys there are errors for those.
        || (wanted == ErrorName::Unauthenticated && found == Some("NoAPITokenError"))
        || (wanted == ErrorName::InvalidApiToken && found == Some(ErrorName::InvalidAuthorizationDetails.name()))
        || (wanted == ErrorName::UnknownOrder && stage == Stage::OrderStatus && unknown.contains(&found))
}

/// The error has an `@context`.
fn error_context(answered: &Answered<'_>) -> Outcome {
    if of_request(answered).is_none() {
        return Outcome::absent();
    }
    Outcome::of(answered.seen.body.get("@context").is_none().then(|| {
        let finding = answered.finding("the error has no @context");
        finding.expected("https://openactive.io/", "nothing").path("@context")
    }))
}

/// Whether the response has as many OrderItems as the request, where their errors are judged.
pub(super) fn counts_items(answered: &Answered<'_>) -> bool {
    answered.error().is_some_and(ErrorName::of_order_items) && !lenient(answered)
}

/// Every OrderItem under test has the error, and no control item.
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
    let wrong = history.items.iter().enumerate().find_map(|(position, item)| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        if lenient && !asked_at_c1(history, position, error) {
            return None;
        }
        let Some((index, entry)) = found else {
            return Some(no_position(answered, position));
        };
        let types: Vec<&str> = errors(entry).collect();
        let has = types.contains(&error.name());
        let shown = || if types.is_empty() { "no error".to_owned() } else { types.join(", ") };
        let path = format!("orderedItem[{index}].error");
        match (item.control, has) {
            (false, false) => {
                let finding = answered
                    .finding(format!("the OrderItem at position {position} lacks the error that belongs to it"))
                    .expected(error.name(), shown())
                    .path(path);
                Some(without_error(answered, finding))
            }
            (true, true) if !lenient => Some(
                answered
                    .finding(format!(
                        "the OrderItem at position {position} has an error, though nothing is wrong with it"
                    ))
                    .expected(format!("no {error}"), shown())
                    .path(path),
            ),
            _ => None,
        }
    });
    Outcome::of(wrong)
}

/// That no OrderItem of the response has a position.
pub(super) fn no_position(answered: &Answered<'_>, position: usize) -> Finding {
    answered
        .finding(format!("no OrderItem of the answer has position {position}"))
        .expected(format!("an OrderItem with position {position}"), "none")
        .path("orderedItem[*].position")
}

/// Of each opportunity, as many OrderItems have each error as capacity and leases demand.
fn batch_errors(answered: &Answered<'_>, (none, reserved, insufficient): (usize, usize, usize)) -> Outcome {
    let expected = (none, reserved, insufficient, 0);
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
        let finding = Finding::new(format!("the OrderItems of {id} have other errors than they should"));
        let finding = finding.expected(words(expected), words(found)).path("orderedItem[*].error");
        answered.with(finding.spec(LEASING))
    }))
}

/// OrderItems without an error, reserved by lease, with insufficient capacity, and with another error.
type Counted = (usize, usize, usize, usize);

/// The OrderItems of each opportunity by their errors. The first error of each counts.
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

/// An error of a control item, of whatever kind, would have kept the Order from being placed.
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
            let what = &answered.exchanged.what;
            let finding = Finding::new(format!("{what}: the control OrderItem at position {position} has an error"))
                .expected("no error", types.join(", "))
                .path(format!("orderedItem[{index}].error"));
            answered.with(finding.spec(ERROR_MODEL))
        })
    });
    Outcome::of({ wrong }.next())
}

/// Whether C1 asked the OrderItem for what an error says is missing.
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
