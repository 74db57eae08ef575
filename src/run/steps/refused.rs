//! Requests that must be refused: with which error, and that nothing came of them.

use serde_json::Value;

use crate::checks::brief;
use crate::checks::covered_by_error;
use crate::checks::{order_items, rejection, response};
use crate::client::Response;
use crate::requirement::Requirements;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::{ErrorName, Profile, Stage};

use super::SPEC;
use super::answer::{answered, shown_status};
use super::order::{media_type, ordered_items, position_of, valid, with};

/// A request that must be refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal<'r> {
    /// What was requested, such as `C2`.
    pub(super) what: &'r str,
    /// The error that must come; none where OrderItems have various ones, which somebody else counts.
    pub(super) error: Option<ErrorName>,
    /// The mode of its answer, had it succeeded; none where it has no body then.
    pub(super) mode: Option<Mode>,
    /// The section of the specification.
    pub(super) spec: &'r str,
}

/// In the compatible profile these are looked for only where C1 asked for what is missing, and with any status.
const ASKED_AT_C1: &[ErrorName] =
    &[ErrorName::IncompleteIntakeForm, ErrorName::InvalidIntakeForm, ErrorName::IncompleteAttendeeDetails];

/// Judges an answer that must be an error. Its body, where there is one.
pub(super) fn refused(run: &mut CellRun, response: &Response, refusal: Refusal<'_>) -> Option<Value> {
    let Refusal { what, error, mode, spec } = refusal;
    if !answered(run.log(), response, what, spec) {
        return None;
    }
    let exchange = response.exchange();
    let strict = run.strict();
    let lenient = !strict && error.is_some_and(|error| ASKED_AT_C1.contains(&error));
    let wanted = error.map_or(409, ErrorName::status);
    let name = error.map_or("errors of its OrderItems", ErrorName::name);
    let found = response.status.unwrap_or_default();
    if !lenient {
        let gone = error == Some(ErrorName::Gone) && found == 404;
        let finding = (found != wanted && !gone).then(|| {
            let message = if (200..300).contains(&found) {
                format!("{what} succeeded, and must be refused with {name}")
            } else {
                format!("{what} was refused with another status than that of {name}")
            };
            with(Finding::new(message).expected(format!("HTTP {wanted}"), shown_status(response)).spec(spec), exchange)
        });
        let mut called = rejection::REJECTION_STATUS.says(format!("{what} answers with HTTP {wanted}"));
        if let Some(error) = error {
            called = called.judging(here(run.log().place(), covered_by_error(error)));
        }
        run.log().check(called, None, finding);
    }
    let body = match response.json() {
        Ok(body) if body.is_object() => body,
        Ok(other) => {
            let finding = Finding::new(format!("the answer to {what} is not a JSON object"))
                .expected("a JSON object", brief(&other));
            run.log().check(
                response::JSON_OBJECT.says(format!("{what} answers with a JSON object")),
                None,
                Some(with(finding.spec(spec), exchange)),
            );
            return None;
        }
        Err(problem) => {
            let finding = Finding::new(format!("the answer to {what} cannot be read: {problem}"))
                .expected("a JSON object", problem);
            run.log().check(
                response::JSON_OBJECT.says(format!("{what} answers with a JSON object")),
                None,
                Some(with(finding.spec(spec), exchange)),
            );
            return None;
        }
    };
    if strict {
        let finding = repeats_credentials(run, response).then(|| {
            with(
                Finding::new("the error repeats the credentials of the request")
                    .expected("no credentials", "the value of a header")
                    .spec(format!("{SPEC}#errors")),
                exchange,
            )
        });
        run.log().check(rejection::NO_CREDENTIALS_IN_ERROR.called(), Some(Profile::Strict), finding);
    }
    let profile = run.session.profile;
    media_type(run.log(), response, profile);
    let mode = match (found, mode) {
        (200..300, Some(mode)) => Some(mode),
        (200..300, None) => None,
        (409, Some(mode)) => Some(mode.with_item_errors()),
        _ => Some(Mode::OpenBookingError),
    };
    // An answer that tells an incomplete OrderItem again cannot be valid. The public suite does not validate the answers to
    // PATCH and DELETE either.
    let judged = error != Some(ErrorName::IncompleteOrderItem) && (strict || refusal.mode.is_some());
    if let Some(mode) = mode.filter(|_| judged) {
        valid(run.log(), mode, &response.body, spec, exchange);
    }
    if strict {
        fit_for_place(run, &body, error, spec, exchange);
    }
    let Some(error) = error else { return Some(body) };
    if error.of_order_items() {
        of_items(run, &body, refusal, error, lenient, exchange);
    } else {
        let kind = body.get("@type");
        let finding = (!right_error(what, error, kind.and_then(Value::as_str))).then(|| {
            let shown = kind.map_or_else(|| "nothing".to_owned(), brief);
            with(
                Finding::new(format!("{what} was refused with another error"))
                    .expected(error.name(), shown)
                    .path("@type")
                    .spec(spec),
                exchange,
            )
        });
        let judged = here(run.log().place(), covered_by_error(error));
        run.log().check(rejection::ERROR_TYPE.says(format!("the error is {error}")).judging(judged), None, finding);
        let finding = body.get("@context").is_none().then(|| {
            with(
                Finding::new("the error has no @context")
                    .expected("https://openactive.io/", "nothing")
                    .path("@context")
                    .spec(spec),
                exchange,
            )
        });
        run.log().check(rejection::ERROR_CONTEXT.called(), None, finding);
    }
    Some(body)
}

/// Whether the body of an answer has a token in it, or the value of a header, by which the request was authenticated. The
/// `@id` of the Seller is no secret.
fn repeats_credentials(run: &CellRun, response: &Response) -> bool {
    let body = String::from_utf8_lossy(&response.body);
    let seller = &run.credentials().id;
    let access = &run.session.access;
    let known = access.known_headers(run.cell.credentials, run.partner.name());
    let mut secrets = known.iter().map(|(_, secret)| secret.reveal());
    secrets.any(|value| value.len() >= 6 && value != seller && body.contains(value))
}

/// Whether an error is the one that is wanted. What was deleted is gone, or as if it had never been there; and Order Status
/// may say in general that there is no such thing.
fn right_error(what: &str, wanted: ErrorName, found: Option<&str>) -> bool {
    let unknown = [Some(ErrorName::UnknownOrder.name()), Some("NotFoundError")];
    found == Some(wanted.name())
        || (wanted == ErrorName::Gone && unknown.contains(&found))
        // With API keys there are errors for those.
        || (wanted == ErrorName::Unauthenticated && found == Some("NoAPITokenError"))
        || (wanted == ErrorName::InvalidApiToken && found == Some(ErrorName::InvalidAuthorizationDetails.name()))
        || (wanted == ErrorName::UnknownOrder && what == "Order Status" && unknown.contains(&found))
}

/// The types of the errors of an OrderItem.
pub(super) fn errors_of(item: &Value) -> Vec<&str> {
    let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| error.get("@type").and_then(Value::as_str)).collect()
}

/// Every OrderItem under test has the error, and no control item.
fn of_items(
    run: &mut CellRun,
    body: &Value,
    refusal: Refusal<'_>,
    error: ErrorName,
    lenient: bool,
    exchange: Option<u32>,
) {
    let Refusal { what, spec, .. } = refusal;
    let entries = ordered_items(body);
    let count = run.history.items.len();
    if !lenient {
        let finding = (entries.len() != count).then(|| {
            with(
                Finding::new("the answer has another number of OrderItems than the request")
                    .expected(count.to_string(), entries.len().to_string())
                    .path("orderedItem")
                    .spec(spec),
                exchange,
            )
        });
        let complete = finding.is_none();
        run.log().check(order_items::ORDER_ITEM_COUNT.called(), None, finding);
        if !complete {
            return;
        }
    }
    let asked = |position: usize| asked_at_c1(run, position, error);
    let wrong = run.history.items.iter().enumerate().find_map(|(position, item)| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        if lenient && !asked(position) {
            return None;
        }
        let Some((index, entry)) = found else {
            return Some(
                Finding::new(format!("no OrderItem of the answer has position {position}"))
                    .expected(format!("an OrderItem with position {position}"), "none")
                    .path("orderedItem[*].position"),
            );
        };
        let errors = errors_of(entry);
        let has = errors.contains(&error.name());
        let shown = || if errors.is_empty() { "no error".to_owned() } else { errors.join(", ") };
        let path = format!("orderedItem[{index}].error");
        match (item.control, has) {
            (false, false) => Some(
                Finding::new(format!("the OrderItem at position {position} lacks the error that belongs to it"))
                    .expected(error.name(), shown())
                    .path(path),
            ),
            (true, true) if !lenient => Some(
                Finding::new(format!(
                    "the OrderItem at position {position} has an error, though nothing is wrong with it"
                ))
                .expected(format!("no {error}"), shown())
                .path(path),
            ),
            _ => None,
        }
    });
    let finding = wrong.map(|finding| with(finding.spec(spec), exchange));
    let name = format!("every OrderItem under test has {error}, and no other");
    let judged = here(run.log().place(), covered_by_error(error));
    run.log().check(rejection::ORDER_ITEM_ERRORS.says(name).judging(judged), None, finding);
    if !run.strict() {
        return;
    }
    // An error of a control item, of whatever kind, would have kept the Order from being placed.
    let clean = run.history.items.iter().enumerate().filter(|(_, item)| item.control).find_map(|(position, _)| {
        let (index, entry) = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position))?;
        let errors = errors_of(entry);
        (!errors.is_empty()).then(|| {
            Finding::new(format!("{what}: the control OrderItem at position {position} has an error"))
                .expected("no error", errors.join(", "))
                .path(format!("orderedItem[{index}].error"))
                .spec(format!("{SPEC}#error-model"))
        })
    });
    if run.history.items.iter().any(|item| item.control) {
        let finding = clean.map(|finding| with(finding, exchange));
        run.log().check(rejection::CONTROL_ITEMS_WITHOUT_ERRORS.called(), Some(Profile::Strict), finding);
    }
}

/// Whether C1 asked the OrderItem for what an error says is missing.
fn asked_at_c1(run: &CellRun, position: usize, error: ErrorName) -> bool {
    let Some(c1) = &run.history.c1 else { return false };
    let Some(item) = ordered_items(c1).iter().find(|item| position_of(item) == Some(position)) else { return false };
    match error {
        ErrorName::IncompleteAttendeeDetails => {
            item.get("attendeeDetailsRequired").is_some_and(|required| !required.is_null())
        }
        _ => item.get("orderItemIntakeForm").is_some_and(crate::trace::must_be_answered),
    }
}

/// Those of some requirements that show in a place.
fn here(place: Option<Stage>, ids: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    let all = Requirements::built_in();
    ids.iter().copied().filter(move |id| {
        let shows = all.get(id).map(|requirement| requirement.shows.as_slice()).unwrap_or_default();
        place.is_none_or(|place| shows.contains(&place) || shows.contains(&Stage::Any))
    })
}

/// Errors that must say more than their type, each with the place where they must.
const DESCRIBED: &[(ErrorName, &[Stage])] = &[
    (ErrorName::InvalidIntakeForm, &[Stage::C2, Stage::P, Stage::B]),
    (ErrorName::CancellationNotPermitted, &[Stage::OrderPatch]),
];

/// Errors of one type are called by one name, in whatever answer of the cell.
fn constant_names(run: &mut CellRun, errors: &[(String, &Value)], spec: &str, exchange: Option<u32>) {
    let mut found = None;
    for (path, error) in errors {
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(kind), Some(name)) = (text("@type"), text("name")) else { continue };
        let known = run.error_names.entry(kind.clone()).or_insert_with(|| name.clone());
        if *known != name && found.is_none() {
            let finding = Finding::new(format!("one {kind} has another name than another one"));
            found = Some(with(finding.expected(known.clone(), name).path(format!("{path}name")).spec(spec), exchange));
        }
    }
    run.log().check(rejection::CONSTANT_ERROR_NAME.called(), Some(Profile::Strict), found);
}

/// An OrderQuote has no error that belongs to bookings alone, and what a customer must understand is described.
fn fit_for_place(run: &mut CellRun, body: &Value, error: Option<ErrorName>, spec: &str, exchange: Option<u32>) {
    let Some(place) = run.log().place() else { return };
    let of_items = ordered_items(body).iter().enumerate().flat_map(|(index, item)| {
        let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        errors.iter().enumerate().map(move |(at, error)| (format!("orderedItem[{index}].error[{at}]."), error))
    });
    let errors: Vec<(String, &Value)> = std::iter::once((String::new(), body)).chain(of_items).collect();
    constant_names(run, &errors, spec, exchange);
    let is = |error: &Value, name: &str| error.get("@type").and_then(Value::as_str) == Some(name);
    if matches!(place, Stage::C1 | Stage::C2) {
        let of_booking = "UnableToProcessOrderItemError";
        let found = errors.iter().find(|(_, error)| is(error, of_booking)).map(|(path, _)| {
            let finding = Finding::new("an OrderQuote is refused with an error that belongs to bookings alone");
            with(
                finding.expected("an error of OrderQuotes", of_booking).path(format!("{path}@type")).spec(spec),
                exchange,
            )
        });
        run.log().check(rejection::NO_BOOKING_ERROR_IN_QUOTE.called(), Some(Profile::Strict), found);
    }
    let Some((name, _)) = DESCRIBED.iter().find(|(name, places)| error == Some(*name) && places.contains(&place))
    else {
        return;
    };
    let description =
        |error: &Value| error.get("description").and_then(Value::as_str).map(str::trim).map(str::to_owned);
    let bare = errors
        .iter()
        .filter(|(_, error)| is(error, name.name()))
        .find(|(_, error)| description(error).is_none_or(|text| text.is_empty()));
    let finding = bare.map(|(path, error)| {
        let found = error.get("description").map_or_else(|| "nothing".to_owned(), brief);
        let finding = Finding::new(format!("{name} does not say in words what is wrong"));
        with(finding.expected("a description", found).path(format!("{path}description")).spec(spec), exchange)
    });
    run.log().check(rejection::ERROR_DESCRIPTION.called(), Some(Profile::Strict), finding);
}
