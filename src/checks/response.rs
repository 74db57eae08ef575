//! What every response must be: status, media type, JSON, data model.

use crate::results::{FailureKind, Finding};
use crate::trace::{Body, Wanted};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::outcome::Outcome;
use super::rejection;
use super::row::rows;
use super::validity;
use super::value::brief;
use super::view::Answered;

/// The section about media types.
const MEDIA_TYPES: &str = "https://openactive.io/open-booking-api/EditorsDraft/#media-types";

rows! {
    SPECIFIC_SERVER_ERROR = "specific-server-error": "an error of the booking system itself says which kind it is"
        at [Any], response(specific_server_error) {
        Any: ["OB-oa-internalopenbookingerror-subclasses-1"],
    }
    STATUS = "status": "a request that must succeed is answered with its status"
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
    }
    REJECTION_STATUS = "rejection-status": "a request that must be refused has the status of its error"
        at [C1 C2 Any], response(rejection::rejection_status) {
        C1: ["OB-orderquote-creation-c1-6", "OB-step-by-step-process-description-12", "OB-errors-1"],
        C2: ["OB-orderquote-creation-c2-8", "OB-step-by-step-process-description-31", "OB-errors-1"],
        Any: ["OB-errors-1"],
    }
    JSON_OBJECT = "json-object": "the answer is a JSON object"
        at [Any], needed_response(json_object) {
        Any: ["OB-response-formats-1"],
    }
    MEDIA_TYPE = "media-type": "the answer has the media type of the Open Booking API"
        at [Any], strict_response(media_type) {
        Any: ["OB-media-types-2", "OB-media-types-3"],
    }
    ERROR_MEDIA_TYPE = "error-media-type": "the error has the media type of the Open Booking API"
        at [Any], strict_response(error_media_type) {
        Any: ["OB-errors-3", "OB-media-types-3"],
    }
    VALID = "valid": "the document is what the data model demands of it"
        at [Any], response(validity::response) {
        Any: ["OB-response-formats-4"],
    }
}

/// An error of the booking system itself has a type of its own.
fn specific_server_error(answered: &Answered<'_>) -> Outcome {
    let reply = &answered.exchanged.reply;
    let vague = "InternalOpenBookingError";
    if reply.failure.is_some() || reply.status.is_none_or(|status| status < 500) {
        return Outcome::absent();
    }
    let Ok(body) = reply.json() else { return Outcome::absent() };
    let found = body.get("@type").and_then(serde_json::Value::as_str);
    Outcome::of((found == Some(vague)).then(|| {
        let finding = answered.finding("the error says that something is wrong with the booking system, and not what");
        finding.expected("an error of a type that says what is wrong", vague).path("@type")
    }))
}

/// A response came, with a status that is right where the request must succeed.
fn status(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let (what, reply) = (exchanged.what.as_str(), &exchanged.reply);
    if let Some(failure) = &reply.failure {
        let message = match failure.kind {
            FailureKind::Timeout => format!("{what} timed out: {}", failure.message),
            FailureKind::Unreachable => format!("{what} could not be sent: {}", failure.message),
            FailureKind::Unsent => format!("{what} could not be made: {}", failure.message),
            FailureKind::TooLarge => format!("the answer to {what} is too large: {}", failure.message),
            FailureKind::Broken | FailureKind::Redirects => {
                format!("{what} got no complete answer: {}", failure.message)
            }
        };
        let mut finding = answered.finding(message);
        if failure.kind == FailureKind::Timeout {
            finding = finding.hint("the limit is `integrationTests.openBookingApiRequestTimeout`");
        }
        return Outcome::blocked(finding);
    }
    let Wanted::Success(statuses) = &exchanged.wanted else { return Outcome::absent() };
    let found = reply.status.unwrap_or_default();
    if statuses.contains(&found) {
        return Outcome::held();
    }
    let shown = match reply.problem() {
        Some(problem) => format!("HTTP {found}: {problem}"),
        None => format!("HTTP {found}"),
    };
    let words = statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let mut finding =
        answered.finding(format!("{what} answered with {shown}")).expected(format!("HTTP {words}"), shown);
    if matches!(found, 401 | 403) {
        finding = finding.hint(&exchanged.credentials);
    } else if let Some(hint) = &exchanged.hint {
        finding = finding.hint(hint);
    }
    Outcome::broken(finding)
}

/// The body is a JSON object, where there must be one.
fn json_object(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let wanted = match exchanged.wanted {
        Wanted::Success(_) => exchanged.body != Body::None,
        Wanted::Error(_) | Wanted::ItemErrors => true,
        Wanted::AnyError => false,
        Wanted::Response => exchanged.body == Body::Document,
    };
    if !wanted {
        return Outcome::absent();
    }
    let what = &exchanged.what;
    let content_type = exchanged.reply.content_type.as_deref().unwrap_or("no content type");
    Outcome::of(match exchanged.reply.json() {
        Ok(value) if value.is_object() => None,
        Ok(value) => Some(
            answered
                .finding(format!("the answer to {what} is not a JSON object"))
                .expected("a JSON object", brief(value)),
        ),
        Err(problem) => Some(
            answered
                .finding(format!("the answer to {what} cannot be read: {problem}"))
                .expected("a JSON object", format!("{problem} ({content_type})")),
        ),
    })
}

fn media_type(answered: &Answered<'_>) -> Outcome {
    let refused = answered.exchanged.reply.status.is_some_and(|status| status >= 400);
    if refused { Outcome::absent() } else { booking_media_type(answered) }
}

fn error_media_type(answered: &Answered<'_>) -> Outcome {
    let refused = answered.exchanged.reply.status.is_some_and(|status| status >= 400);
    if refused { booking_media_type(answered) } else { Outcome::absent() }
}

/// The response has the media type of the Open Booking API, version 1.
fn booking_media_type(answered: &Answered<'_>) -> Outcome {
    let exchanged = answered.exchanged;
    let of_api = answered.rejection() || (answered.succeeded() && exchanged.body == Body::Document);
    if !of_api {
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
        let shown = if found.is_empty() { "no content type" } else { found };
        let finding = Finding::new("the answer does not have the media type of the Open Booking API");
        answered.with(finding.expected(BOOKING_MEDIA_TYPE, shown).path("header Content-Type").spec(MEDIA_TYPES))
    }))
}
