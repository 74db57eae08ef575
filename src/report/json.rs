//! The RunReport itself.

use crate::error::Error;
use crate::results::RunReport;

/// The report as JSON text, with a line end.
///
/// # Errors
/// Never for a report that a run made; a number that JSON cannot hold would be one.
pub fn to_json(report: &RunReport) -> Result<String, Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
