//! Versions of OrderProposals.

use serde_json::Value;

use crate::results::Finding;

use crate::checks::row::rows;
use crate::checks::seen::Seen;
use crate::checks::value::shown;

rows! {
    PROPOSAL_VERSION = "proposal-version": "orderProposalVersion has the UUID of the Order, /versions/ and a version"
        at [], asked(|seen| version(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-0-15", "OB-step-by-step-process-description-0-16", "OB-schema-order-38", "OB-schema-order-39", "OB-orderproposal-statuses-10"],
    }
    SAME_PROPOSAL_VERSION = "same-proposal-version": "orderProposalVersion is the one that P returned"
        at [], asked(|seen| same_version(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-0-54", "OB-message-exchange-4"],
    }
    OTHER_PROPOSAL_VERSION = "other-proposal-version": "orderProposalVersion is another one than P returned"
        at [], asked(|seen| other_version(seen.body, *seen)) {
        Any: ["OB-orderproposal-statuses-11"],
    }
    LATEST_PROPOSAL_VERSION = "latest-proposal-version": "orderProposalVersion is the one that the feed showed before"
        at [], asked(|seen| latest_version(seen.body, *seen)) {
        Any: ["OB-schema-order-39", "OB-broker-processing-the-orders-feed-7"],
    }
}

fn of(document: &Value) -> Option<&str> {
    document.get("orderProposalVersion").and_then(Value::as_str)
}

fn finding(message: &str, expected: String, document: &Value) -> Finding {
    Finding::new(message).expected(expected, shown(document.get("orderProposalVersion"))).path("orderProposalVersion")
}

/// The version is made of the `@id` of the OrderProposal, or at least of its UUID, and of a version.
pub(super) fn version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let uuid = context.uuid.to_lowercase();
    let own = document.get("@id").and_then(Value::as_str).filter(|_| context.strict());
    let prefix = own.map_or_else(|| format!("{uuid}/versions/"), |id| format!("{id}/versions/"));
    let rest = of(document).and_then(|version| {
        if own.is_some() {
            return version.strip_prefix(&prefix).map(str::to_owned);
        }
        let lower = version.to_lowercase();
        lower.split_once(&prefix).map(|(_, rest)| rest.to_owned())
    });
    let right = rest.is_some_and(|rest| if own.is_some() { is_uuid(&rest) } else { !rest.is_empty() });
    (!right).then(|| {
        let expected =
            if own.is_some() { format!("{prefix}, then a UUID") } else { format!("{prefix}, then a version") };
        finding("orderProposalVersion is not made as the specification says", expected, document)
    })
}

fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
}

/// The version is the one that P returned.
pub(super) fn same_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let proposed = context.proposal.and_then(of);
    (of(document) != proposed || proposed.is_none()).then(|| {
        finding(
            "the OrderProposal has another version than P returned",
            proposed.unwrap_or("a version").to_owned(),
            document,
        )
    })
}

/// The version is another one than P returned. In strict runs it must be there.
pub(super) fn other_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let proposed = context.proposal.and_then(of);
    let found = of(document);
    let wrong = found == proposed || (found.is_none() && context.strict());
    wrong.then(|| {
        let expected = format!("a version other than {}", proposed.unwrap_or("none"));
        finding("the amended OrderProposal has no version of its own", expected, document)
    })
}

/// The version is the one that the feed showed before.
pub(super) fn latest_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let latest = context.latest_version;
    (of(document) != latest || latest.is_none()).then(|| {
        finding(
            "the OrderProposal has another version than its feed showed before",
            latest.unwrap_or("a version").to_owned(),
            document,
        )
    })
}
