//! Making a certificate.

use jiff::Timestamp;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::results::RunReport;

use super::claims::{claims, facts};
use super::evidence::{media_object, origins, without_origins};
use super::page::page;
use super::sign::SigningKey;

/// A certificate that was made.
#[derive(Debug)]
pub struct Award {
    /// The page.
    pub page: String,
    /// The holder.
    pub holder: String,
}

/// Why a run earns no certificate. Empty where it does.
#[must_use]
pub fn obstacles(report: &RunReport) -> Vec<String> {
    let mut reasons = Vec::new();
    let counts = report.counts;
    let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
    if !report.scope.complete {
        reasons.push("tests were selected on the command line: a certificate requires everything in scope".to_owned());
    }
    if report.scope.shard.is_some() {
        reasons.push("the run is one shard of several".to_owned());
    }
    if report.interrupted || report.ended_early.is_some() {
        reasons.push("the run ended early".to_owned());
    }
    if report.insecure {
        reasons.push("TLS certificates were not verified".to_owned());
    }
    for (count, what) in [
        (counts.failed, "failed"),
        (counts.known, "failed as known failures"),
        (counts.blocked, "blocked"),
        (counts.flaky, "passed only after a retry"),
    ] {
        if count > 0 {
            reasons.push(format!("{} {what}", cells(count)));
        }
    }
    if counts.passed == 0 {
        reasons.push("no cell passed".to_owned());
    }
    for finding in &report.findings {
        reasons.push(format!("the target does not conform: {}", finding.message));
    }
    reasons
}

fn unfit(lack: &str) -> Error {
    Error::internal(format!("the run report is not sufficient evidence: {lack}"))
}

/// Makes the certificate that a run has earned, to be found at `id`.
///
/// # Errors
/// The missing part of the record.
pub fn award(
    report: &RunReport,
    catalogue: &Catalogue,
    id: &str,
    created: Timestamp,
    key: Option<&SigningKey>,
) -> Result<Award, Error> {
    let before = facts(report).map_err(|lack| unfit(&lack))?;
    let evidence = without_origins(report, &origins(&before, id))?;
    // Claims are derived from the evidence.
    let after = facts(&evidence).map_err(|lack| unfit(&lack))?;
    let mut certificate = claims(&evidence, &after, catalogue, id, created);
    certificate.insert("associatedMedia".to_owned(), media_object(&evidence)?);
    if let Some(key) = key {
        key.sign(&mut certificate);
    }
    let holder = after.holder.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Award { page: page(&certificate), holder })
}
