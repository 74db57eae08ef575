//! Orders, OrderQuotes and OrderProposals.

use serde_json::Value;

use super::modes::Mode;

/// Something that a document must not be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Where, as a JSON path.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What was there.
    pub found: String,
}

/// What is wrong with a document in a mode; nothing for a good one.
#[must_use]
pub fn validate_order(mode: Mode, document: &Value) -> Vec<Issue> {
    let rules = mode.rules();
    let mut issues = Vec::new();
    if !document.is_object() {
        issues.push(issue("$", "the document is not an object".into(), "an object".into(), brief(document)));
        return issues;
    }
    if document.get("@type").and_then(Value::as_str) != Some(rules.root) {
        let found = document.get("@type").map_or_else(|| "nothing".to_owned(), brief);
        issues.push(issue("@type", format!("the document is not an {}", rules.root), quoted(rules.root), found));
        return issues;
    }
    node(document, "", rules.order_required, rules.order_forbidden, rules.order_in_full, mode, &mut issues);
    match document.get("orderedItem") {
        Some(Value::Array(items)) => {
            if items.is_empty() {
                issues.push(issue("orderedItem", "`orderedItem` is empty".into(), "OrderItems".into(), "[]".into()));
            }
            for (index, item) in items.iter().enumerate() {
                let path = format!("orderedItem[{index}]");
                if item.get("@type").and_then(Value::as_str) != Some("OrderItem") {
                    let found = item.get("@type").map_or_else(|| brief(item), brief);
                    let path = format!("{path}.@type");
                    issues.push(issue(&path, "this is not an OrderItem".into(), quoted("OrderItem"), found));
                    continue;
                }
                let path = format!("{path}.");
                node(item, &path, rules.item_required, rules.item_forbidden, rules.item_in_full, mode, &mut issues);
            }
        }
        Some(other) => {
            issues.push(issue("orderedItem", "`orderedItem` is not a list".into(), "a list".into(), brief(other)));
        }
        None => {}
    }
    issues
}

fn node(
    value: &Value,
    prefix: &str,
    required: &[&str],
    forbidden: &[&str],
    in_full: &[&str],
    mode: Mode,
    issues: &mut Vec<Issue>,
) {
    for name in required {
        if value.get(name).is_none_or(Value::is_null) {
            let message = format!("`{name}` is missing, which {mode} demands");
            issues.push(issue(&format!("{prefix}{name}"), message, format!("`{name}`"), "nothing".into()));
        }
    }
    for name in forbidden {
        if let Some(found) = value.get(name) {
            let message = format!("`{name}` must not stand in {mode}");
            issues.push(issue(&format!("{prefix}{name}"), message, "nothing".into(), brief(found)));
        }
    }
    for name in in_full {
        if let Some(found) = value.get(name).filter(|found| !found.is_object() && !found.is_null()) {
            let message = format!("`{name}` is not given in full");
            issues.push(issue(&format!("{prefix}{name}"), message, "an object".into(), brief(found)));
        }
    }
}

fn issue(path: &str, message: String, expected: String, found: String) -> Issue {
    Issue { path: path.to_owned(), message, expected, found }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A value short enough to be read in a line.
fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 120 { text } else { format!("{}…", text.chars().take(119).collect::<String>()) }
}
