//! Versions of OrderProposals.

use serde_json::Value;

use crate::results::Finding;

use crate::checks::row::rows;
use crate::checks::seen::Seen;
use crate::checks::value::{quoted, shown};

rows! {
    PROPOSAL_VERSION = "proposal-version": "orderProposalVersion is the @id of the OrderProposal, /versions/ and a UUID"
        at [], asked(|seen| version(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-0-15", "OB-step-by-step-process-description-0-16", "OB-schema-order-38", "OB-schema-order-39", "OB-orderproposal-statuses-10"],
    }, violates {
        [P] if "missing" => ["OB-step-by-step-process-description-0-15", "OB-schema-order-39"],
        [Any] if "missing" => ["OB-schema-order-39"],
        [P] => ["OB-schema-order-38", "OB-step-by-step-process-description-0-16"],
        [Any] => ["OB-schema-order-38"],
    }
    SAME_PROPOSAL_VERSION = "same-proposal-version": "orderProposalVersion is that of the P response"
        at [], asked(|seen| same_version(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-0-54", "OB-message-exchange-4"],
    }, violates {
        [Any] if "missing" => ["OB-broker-processing-the-orders-feed-7", "OB-schema-order-39"],
        [Any] => ["OB-step-by-step-process-description-0-54"],
    }
    OTHER_PROPOSAL_VERSION = "other-proposal-version": "orderProposalVersion of an amended OrderProposal is not that of the P response"
        at [], asked(|seen| other_version(seen.body, *seen)) {
        Any: ["OB-orderproposal-statuses-11"],
    }, violates {
        [Any] if "missing" => ["OB-broker-processing-the-orders-feed-7", "OB-schema-order-39"],
        [Any] => ["OB-orderproposal-statuses-11", "TI-SellerAmendOrderProposalSimulateAction-1"],
    }
    LATEST_PROPOSAL_VERSION = "latest-proposal-version": "orderProposalVersion is the latest one of the OrderProposals feed"
        at [], asked(|seen| latest_version(seen.body, *seen)) {
        Any: ["OB-schema-order-39", "OB-broker-processing-the-orders-feed-7"],
    }, violates {
        [Any] if "missing" => ["OB-broker-processing-the-orders-feed-7", "OB-schema-order-39"],
        [Any] => ["OB-step-by-step-process-description-0-54"],
    }
}

fn version_of(document: &Value) -> Option<&str> {
    document.get("orderProposalVersion").and_then(Value::as_str)
}

/// A finding about `orderProposalVersion`. `words` say what is wrong where it is there.
fn finding(words: &str, expected: String, document: &Value) -> Finding {
    let found = document.get("orderProposalVersion");
    let words = if found.is_some() { words } else { "is missing" };
    Finding::new(format!("`orderProposalVersion` {words}"))
        .expected(expected, shown(found))
        .path("orderProposalVersion")
}

/// Finds a version that does not consist of the `@id` of the OrderProposal (at least its UUID), `/versions/` and a UUID (at
/// least a text).
fn version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let uuid = context.uuid.to_lowercase();
    let own = document.get("@id").and_then(Value::as_str).filter(|_| context.strict());
    let prefix = own.map_or_else(|| format!("{uuid}/versions/"), |id| format!("{id}/versions/"));
    let version = version_of(document).and_then(|version| {
        if own.is_some() {
            return version.strip_prefix(&prefix).map(str::to_owned);
        }
        let lower = version.to_lowercase();
        lower.split_once(&prefix).map(|(_, version)| version.to_owned())
    });
    let expected = if own.is_some() { format!("{prefix}{{UUID}}") } else { format!("…{prefix}{{version}}") };
    match version {
        Some(version) if own.is_none() && !version.is_empty() => None,
        Some(version) if own.is_some() && is_uuid(&version) => None,
        Some(_) if own.is_some() => {
            let finding = finding("does not end with a version UUID", expected, document);
            Some(finding.violating(["OB-orderproposal-statuses-10", "OB-schema-order-38"]))
        }
        _ => Some(finding("is not built from the @id of the OrderProposal and a version", expected, document)),
    }
}

fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
}

/// A version, or that there must be one.
fn wanted_version(version: Option<&str>) -> String {
    version.map_or_else(|| "a version".to_owned(), quoted)
}

/// Finds a version other than that of the P response.
fn same_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let proposed = context.proposal.and_then(version_of);
    (version_of(document) != proposed || proposed.is_none())
        .then(|| finding("differs from the P response", wanted_version(proposed), document))
}

/// Finds the version of the P response where the OrderProposal was amended; in strict runs also a missing version.
fn other_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let proposed = context.proposal.and_then(version_of);
    let found = version_of(document);
    let wrong = found == proposed || (found.is_none() && context.strict());
    wrong.then(|| {
        let expected = format!("a version other than {}", proposed.map_or_else(|| "none".to_owned(), quoted));
        finding("of an amended OrderProposal is that of the P response", expected, document)
    })
}

/// Finds a version other than the latest one of the OrderProposals feed.
fn latest_version(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let latest = context.latest_version;
    (version_of(document) != latest || latest.is_none())
        .then(|| finding("differs from the latest one of the OrderProposals feed", wanted_version(latest), document))
}
