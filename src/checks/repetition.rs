//! Repeated requests.

use crate::compare::{Policy, difference};
use crate::trace::Purpose;
use crate::vocabulary::Stage;

use super::outcome::Outcome;
use super::row::rows;
use super::view::Answered;

rows! {
    REPEATED_RESPONSE = "repeated-response": "the response to a repeated request equals the first response"
        at [B C1 C2 P], response(expect_first_response) {
        B: [
            "OB-step-by-step-process-description-55",
            "OB-step-by-step-process-description-67",
            "OB-booking-system-contract-with-the-broker-22",
            "OB-endpoints-4",
            "OB-order-creation-orderquote-orderproposal-and-order-error-responses-14",
        ],
        C1: ["OB-booking-system-contract-with-the-broker-19", "OB-endpoints-1"],
        C2: ["OB-booking-system-contract-with-the-broker-20", "OB-endpoints-2"],
        P: [
            "OB-booking-system-contract-with-the-broker-21",
            "OB-endpoints-3",
            "OB-step-by-step-process-description-0-36",
            "OB-step-by-step-process-description-0-46",
        ],
    }, violates {
        [B] => [
            "OB-step-by-step-process-description-55",
            "OB-step-by-step-process-description-67",
            "OB-booking-system-contract-with-the-broker-22",
        ],
        [C1] => ["OB-booking-system-contract-with-the-broker-19", "OB-endpoints-1"],
        [C2] => ["OB-booking-system-contract-with-the-broker-20", "OB-endpoints-2"],
        [P] => [
            "OB-step-by-step-process-description-0-36",
            "OB-step-by-step-process-description-0-46",
            "OB-booking-system-contract-with-the-broker-21",
        ],
    }
}

/// Expects the response to a repeated request to equal the first one, except for `leaseExpires`, which may be extended.
fn expect_first_response(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::Repetition || !answered.succeeded() {
        return Outcome::absent();
    }
    let stage = answered.exchanged.stage;
    let first = match stage {
        Stage::B => answered.history.booked.as_ref(),
        stage => answered.history.made.get(&stage).map(|made| &made.answer),
    };
    let Some(first) = first else { return Outcome::absent() };
    let policy = Policy::same().with_context().ignoring(["leaseExpires"]);
    Outcome::of(difference(first, answered.seen.body, &policy).map(|found| {
        let stage = stage.name().to_uppercase();
        let message =
            format!("`{}` in the response to the repeated {stage} differs from the first response", found.path);
        let text = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        let (expected, seen) = (text(found.expected_text()), text(found.found_text()));
        answered.finding(message).expected(expected, seen).path(found.path)
    }))
}
