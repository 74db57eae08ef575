//! Response invariants of HTTP and JSON: status, media type, JSON object, data model.

use crate::results::{FailureKind, Finding};
use crate::trace::{Body, Exchanged, Purpose, Wanted};
use crate::vocabulary::{BOOKING_MEDIA_TYPE, Stage};

use super::outcome::Outcome;
use super::rejection;
use super::row::rows;
use super::validity;
use super::value::brief;
use super::view::{Answered, quoted};

/// The section about media types.
const MEDIA_TYPES: &str = "https://openactive.io/open-booking-api/EditorsDraft/#media-types";

rows! {
    SPECIFIC_SERVER_ERROR = "specific-server-error": "a 5XX error is a subclass of InternalOpenBookingError, not InternalOpenBookingError itself"
        at [Any], response(specific_server_error) {
        Any: ["OB-oa-internalopenbookingerror-subclasses-1"],
    }, violates {
        [Any] => ["OB-oa-internalopenbookingerror-subclasses-1"],
    }
    STATUS = "status": "a valid request succeeds with the specified HTTP status"
        at [C1 C2 P B OrderPatch ProposalPatch OrderDelete QuoteDelete OrderStatus TestInterface Any], needed_response(status) {
        C1: [
            "OB-step-by-step-process-description-4",
            "OB-booking-system-contract-with-the-broker-1",
            "OB-paths-and-verbs-7",
            "OB-orderquote-creation-c1-1",
            "OB-orderquote-creation-c1-2",
            "OB-paths-and-verbs-1",
            "OB-paths-and-verbs-5",
        ],
        C2: [
            "OB-step-by-step-process-description-25",
            "OB-booking-system-contract-with-the-broker-3",
            "OB-paths-and-verbs-8",
            "OB-orderquote-creation-c2-1",
            "OB-orderquote-creation-c2-2",
        ],
        P: [
            "OB-booking-system-contract-with-the-broker-0-1",
            "OB-step-by-step-process-description-0-19",
        ],
        B: [
            "OB-booking-system-contract-with-the-broker-5",
            "OB-paths-and-verbs-12",
            "OB-order-creation-b-1",
            "OB-order-creation-b-2",
            "OB-step-by-step-process-description-57",
            "OB-leasing-6",
        ],
        OrderPatch: [
            "OB-customer-requested-cancellation-7",
            "OB-customer-requested-cancellation-8",
            "OB-paths-and-verbs-14",
            "OB-order-cancellation-1",
        ],
        ProposalPatch: ["OB-orderproposal-update-2"],
        OrderDelete: ["OB-paths-and-verbs-13", "OB-order-deletion-1", "OB-order-deletion-8"],
        QuoteDelete: [
            "OB-paths-and-verbs-9",
            "OB-orderquote-deletion-1",
            "OB-orderquote-deletion-4",
            "OB-amending-the-orderquote-before-b-7",
        ],
        OrderStatus: ["OB-paths-and-verbs-16", "OB-order-status-1", "OB-order-status-2"],
        TestInterface: [
            "TI-overview-1",
            "TI-test-interface-endpoints-1",
            "TI-datasets-endpoints-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-3",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-5",
            "TI-post-test-interfaceactions-1",
            "TI-post-test-interfaceactions-4",
            "TI-post-test-interfaceactions-5",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-11",
        ],
    }, step true
    REJECTION_STATUS = "rejection-status": "an invalid request is rejected with the HTTP status of its error"
        at [C1 C2 Any], response(rejection::rejection_status) {
        C1: ["OB-orderquote-creation-c1-6", "OB-step-by-step-process-description-12", "OB-errors-1"],
        C2: ["OB-orderquote-creation-c2-8", "OB-step-by-step-process-description-31", "OB-errors-1"],
        Any: ["OB-errors-1"],
    }, step true
    JSON_OBJECT = "json-object": "the response body is a JSON object"
        at [Any], needed_response(json_object) {
        Any: ["OB-response-formats-1"],
    }, violates {
        [TestInterface] => ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12"],
        [C1 C2 P B OrderPatch ProposalPatch OrderDelete QuoteDelete OrderStatus OrdersFeed] => ["OB-response-formats-1"],
    }
    MEDIA_TYPE = "media-type": "Content-Type of a successful response is the media type of the Open Booking API"
        at [Any], strict_response(media_type) {
        Any: ["OB-media-types-2", "OB-media-types-3"],
    }, violates {
        [Any] => ["OB-media-types-3"],
    }
    ERROR_MEDIA_TYPE = "error-media-type": "Content-Type of an error response is the media type of the Open Booking API"
        at [Any], strict_response(error_media_type) {
        Any: ["OB-errors-3", "OB-media-types-3"],
    }, violates {
        [Any] => ["OB-errors-3", "OB-media-types-3"],
    }
    VALID = "valid": "the response or feed item is valid (data model)"
        at [Any], response(validity::response) {
        Any: ["OB-response-formats-4", "OB-model-3"],
    }
}

/// Expects a 5XX error to be a subclass of `InternalOpenBookingError`.
fn specific_server_error(answered: &Answered<'_>) -> Outcome {
    let reply = &answered.exchanged.reply;
    let vague = "InternalOpenBookingError";
    if reply.failure.is_some() || reply.status.is_none_or(|status| status < 500) {
        return Outcome::absent();
    }
    let Ok(body) = reply.json() else { return Outcome::absent() };
    let found = body.get("@type").and_then(serde_json::Value::as_str);
    Outcome::of((found == Some(vague)).then(|| {
        let finding = answered.finding("`@type` is InternalOpenBookingError, which is not to be used directly");
        let subclass = "a subclass of InternalOpenBookingError, e.g. \"InternalApplicationError\"";
        finding.expected(subclass, quoted(vague)).path("@type")
    }))
}

/// The requirements that are broken where a request that must succeed has another status than it must, the most specific
/// first. `accepted`: the response has a 2XX status all the same.
fn broken_by_status(exchanged: &Exchanged, accepted: bool) -> &'static [&'static str] {
    let repeated = exchanged.purpose == Purpose::Repetition;
    match (exchanged.stage, accepted) {
        (Stage::C1, false) if repeated => &["OB-endpoints-1", "OB-step-by-step-process-description-4"],
        (Stage::C2, false) if repeated => &["OB-endpoints-2", "OB-step-by-step-process-description-25"],
        (Stage::P, _) if repeated => &["OB-step-by-step-process-description-0-46", "OB-endpoints-3"],
        (Stage::B, _) if repeated => &[
            "OB-step-by-step-process-description-67",
            "OB-order-creation-orderquote-orderproposal-and-order-error-responses-14",
            "OB-endpoints-4",
        ],
        (Stage::C1, _) => &["OB-step-by-step-process-description-4"],
        (Stage::C2, _) => &["OB-step-by-step-process-description-25"],
        (Stage::P, false) => &["OB-orderproposal-creation-p-2", "OB-booking-system-contract-with-the-broker-0-1"],
        (Stage::B, false) if exchanged.purpose == Purpose::OrderAfterProposal => {
            &["OB-order-creation-b-10", "OB-step-by-step-process-description-0-63"]
        }
        (Stage::B, false) => &["OB-order-creation-b-2", "OB-booking-system-contract-with-the-broker-5"],
        (Stage::OrderPatch, true) => &["OB-customer-requested-cancellation-7"],
        (Stage::OrderPatch, false) => &["OB-paths-and-verbs-14"],
        (Stage::ProposalPatch, false) => &["OB-orderproposal-update-2"],
        (Stage::OrderDelete, _) => &["OB-order-deletion-8"],
        (Stage::QuoteDelete, _) => &["OB-orderquote-deletion-4"],
        (Stage::OrderStatus, _) => &["OB-order-status-2", "OB-paths-and-verbs-16"],
        (Stage::OrdersFeed, _) => &["OB-paths-and-verbs-15"],
        (Stage::TestInterface, accepted) => broken_in_test_interface(exchanged, accepted),
        _ => &[],
    }
}

/// The requirements that are broken where a request to the Test Interface has another status than it must.
fn broken_in_test_interface(exchanged: &Exchanged, accepted: bool) -> &'static [&'static str] {
    match (&exchanged.purpose, accepted) {
        (Purpose::Action(_), true) => &["TI-post-test-interfaceactions-4"],
        (Purpose::Action(_), false) => &["TI-post-test-interfaceactions-1"],
        // The requirement of 201 is relaxed, and the step still asks for it.
        (Purpose::Creation(_), true) => &[],
        (Purpose::Creation(_), false) => &["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
        _ => &["TI-delete-test-interfacedatasetstestdatasetidentifier-5"],
    }
}

/// The finding about a request that got no complete response, which blocks.
fn no_response(answered: &Answered<'_>, kind: FailureKind, reason: &str) -> Finding {
    let what = &answered.exchanged.what;
    let (message, hint) = match kind {
        FailureKind::Timeout => (
            format!("{what} timed out: {reason}"),
            "raise `integrationTests.openBookingApiRequestTimeout`, or find out why the booking system is slow",
        ),
        FailureKind::Unreachable => (
            format!("{what} could not connect: {reason}"),
            "check that the booking system is running and reachable from this machine",
        ),
        FailureKind::Unsent => (
            format!("{what} was not sent: {reason}"),
            "check the credentials of the Booking Partner in the configuration",
        ),
        FailureKind::TooLarge => {
            (format!("the response to {what} is too large: {reason}"), "see the log of the booking system")
        }
        FailureKind::Broken | FailureKind::Redirects => {
            (format!("the response to {what} is incomplete: {reason}"), "see the log of the booking system")
        }
    };
    answered.finding(message).hint(hint)
}

/// Whether an Order that was deleted before is not recognised at its second deletion, in a strict run: hard deletion is as if it
/// had never been there, and 404 is the status for that. The public suite wants 204 again.
fn already_deleted(answered: &Answered<'_>) -> bool {
    let exchanged = answered.exchanged;
    let again = exchanged.stage == Stage::OrderDelete && answered.history.deleted && answered.context.strict();
    again && exchanged.reply.status == Some(404) && exchanged.reply.object().is_some()
}

/// Expects a complete response, and the specified status where the request must succeed.
fn status(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let (what, reply) = (exchanged.what.as_str(), &exchanged.reply);
    if let Some(failure) = &reply.failure {
        return Outcome::blocked(no_response(answered, failure.kind, &failure.message));
    }
    let Wanted::Success(statuses) = &exchanged.wanted else { return Outcome::absent() };
    let found = reply.status.unwrap_or_default();
    if statuses.contains(&found) || already_deleted(answered) {
        return Outcome::held();
    }
    let shown = match reply.problem() {
        Some(problem) => format!("HTTP {found}: {problem}"),
        None => format!("HTTP {found}"),
    };
    let accepted = (200..300).contains(&found);
    let words = statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let message = if accepted { format!("{what} returned {shown}") } else { format!("{what} failed with {shown}") };
    let mut finding = answered.finding(message).expected(format!("HTTP {words}"), shown);
    finding = finding.violating(broken_by_status(exchanged, accepted).iter().copied());
    finding.step_succeeded = accepted;
    if matches!(found, 401 | 403) {
        finding = finding.hint(&exchanged.credentials);
    } else if let Some(hint) = &exchanged.hint {
        finding = finding.hint(hint);
    }
    if unauthorized(answered) { Outcome::blocked(finding) } else { Outcome::broken(finding) }
}

/// Whether the target rejects the configured credentials: they may be wrong, so that nothing is known of the target. A request that
/// was accepted with them before must be accepted again, and so must a token that the provider issued for the feed just now.
pub(super) fn unauthorized(answered: &Answered<'_>) -> bool {
    let exchanged = answered.exchanged;
    let configured = !matches!(exchanged.purpose, Purpose::DatasetSite | Purpose::Repetition | Purpose::FeedPage);
    matches!(exchanged.reply.status, Some(401 | 403)) && configured
}

/// Expects a JSON object as body, where the response must have one.
fn json_object(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let wanted = match exchanged.wanted {
        Wanted::Success(_) => exchanged.body != Body::None,
        // `rejection-status` reports an accepted request.
        Wanted::Error(_) => !(exchanged.reply.succeeded() && exchanged.reply.body.is_empty()),
        Wanted::ItemErrors => true,
        Wanted::AnyError => answered.rejected_somehow(),
        Wanted::Response => exchanged.body == Body::Document,
    };
    if !wanted {
        return Outcome::absent();
    }
    let what = &exchanged.what;
    let content_type = exchanged.reply.content_type.as_deref().unwrap_or("no Content-Type");
    let finding = match exchanged.reply.json() {
        Ok(value) if value.is_object() => None,
        Ok(value) => Some(
            answered
                .finding(format!("the response to {what} is not a JSON object"))
                .expected("a JSON object", brief(value)),
        ),
        Err(problem) => Some(
            answered
                .finding(format!("the response to {what} is not JSON: {problem}"))
                .expected("a JSON object", format!("{problem} ({content_type})")),
        ),
    };
    let error = exchanged.reply.status.is_some_and(|status| status >= 400);
    Outcome::of(finding.map(|finding| if error { finding.violating(["OB-errors-2"]) } else { finding }))
}

/// Expects the media type of the Open Booking API on a successful response.
fn media_type(answered: &Answered<'_>) -> Outcome {
    let error = answered.exchanged.reply.status.is_some_and(|status| status >= 400);
    if error { Outcome::absent() } else { booking_media_type(answered) }
}

/// Expects the media type of the Open Booking API on an error response.
fn error_media_type(answered: &Answered<'_>) -> Outcome {
    let error = answered.exchanged.reply.status.is_some_and(|status| status >= 400);
    if error { booking_media_type(answered) } else { Outcome::absent() }
}

/// Expects the media type of the Open Booking API, version 1.
fn booking_media_type(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let of_document = match &exchanged.purpose {
        Purpose::Repetition => exchanged.reply.object().is_some(),
        Purpose::EarlyStatus(_) | Purpose::ForbiddenFeed => false,
        _ => exchanged.body == Body::Document,
    };
    // Any response may do here, but what is returned has the media type all the same.
    let of_stage = matches!(exchanged.purpose, Purpose::EarlyStatus(_)) && exchanged.reply.object().is_some();
    let of_api = answered.as_rejection() || (answered.succeeded() && of_document) || of_stage;
    // A response without a body has no media type (RFC 9110, section 8.3).
    if !of_api || exchanged.reply.body.is_empty() {
        return Outcome::absent();
    }
    let found = exchanged.reply.content_type.as_deref().unwrap_or_default();
    let essence: String = found.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let mut parts = essence.split(';');
    let right = parts.next() == Some("application/vnd.openactive.booking+json")
        && parts
            .filter_map(|part| part.split_once('='))
            .any(|(name, value)| name == "version" && value.trim_matches('"') == "1");
    Outcome::of((!right).then(|| {
        let shown = if found.is_empty() { "nothing".to_owned() } else { quoted(found) };
        let defect = if found.is_empty() { "missing" } else { "not the media type of the Open Booking API" };
        let finding = Finding::new(format!("Content-Type is {defect}"));
        let finding = finding.expected(quoted(BOOKING_MEDIA_TYPE), shown);
        answered.with(finding.path("header Content-Type").spec(MEDIA_TYPES))
    }))
}
