//! One cause as the files of a folder that can be sent to somebody.

use serde_json::json;

use crate::error::Error;
use crate::results::{CauseGroup, ExchangeId, RunReport};

use super::exchange::to_exchange;
use super::findings::{cause_line, full_block};
use super::paint::Paint;
use super::summary::TextOptions;

/// The files about a cause: their names and contents. Secrets are redacted in a saved run already.
///
/// # Errors
/// That a document cannot be written as JSON, which data in memory rules out.
pub fn to_bundle(report: &RunReport, cause: &CauseGroup<'_>) -> Result<Vec<(String, String)>, Error> {
    let mut files =
        vec![("finding.txt".to_owned(), full_block(report, cause, Paint::new(false), TextOptions::default()))];
    let mut exchanges: Vec<ExchangeId> = cause.exchange.into_iter().collect();
    if let Some(example) = cause.example {
        exchanges.extend(example.cell.steps.iter().flat_map(|step| &step.exchanges));
    }
    exchanges.sort_unstable();
    exchanges.dedup();
    for exchange in exchanges.into_iter().filter_map(|id| report.exchange(id)) {
        files.push((format!("exchange-{}.txt", exchange.id), to_exchange(&exchange)));
    }
    let about = json!({
        "cause": cause_line(cause),
        "requirements": cause.violates(),
        "cell": cause.example.map(|example| &example.cell.id),
        "rerun": cause.example.map(|example| &example.cell.rerun),
        "tool": report.tool,
        "target": report.target,
        "started": report.started,
        "mode": report.mode,
        "profile": report.profile,
        "seed": report.seed,
    });
    for (name, document) in [("about.json", &about), ("configuration.json", &report.configuration)] {
        files.push((name.to_owned(), format!("{}\n", serde_json::to_string_pretty(document)?)));
    }
    Ok(files)
}
