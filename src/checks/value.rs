//! Values as findings show them.

use serde_json::Value;

/// Characters of a value that a finding shows.
const SHOWN: usize = 200;

/// A value short enough to be read in a finding.
#[must_use]
pub fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        text
    } else {
        format!("{}…", text.chars().take(SHOWN - 1).collect::<String>())
    }
}

/// A value as findings show it, or that there is none.
#[must_use]
pub fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), brief)
}
