//! Findings of validation as SARIF 2.1.0, for code scanners.

use serde_json::{Value, json};

use crate::validate::{ModelFinding, Rule, Severity};

/// The log. Each finding comes with the document that it was found in.
pub(super) fn sarif<'f>(findings: impl Iterator<Item = (&'f str, &'f ModelFinding)>) -> Value {
    let rules: Vec<Value> = Rule::ALL
        .iter()
        .map(|rule| match rule.page() {
            Some(page) => json!({
                "id": rule.name(),
                "shortDescription": { "text": page.summary },
                "fullDescription": { "text": page.reason }
            }),
            None => json!({ "id": rule.name() }),
        })
        .collect();
    let results: Vec<Value> = findings
        .map(|(input, finding)| {
            let level = match finding.severity {
                Severity::Failure => "error",
                Severity::Warning => "warning",
                Severity::Suggestion | Severity::Notice => "note",
            };
            json!({
                "ruleId": finding.rule.name(),
                "level": level,
                "message": { "text": message(finding) },
                "locations": [{
                    "physicalLocation": { "artifactLocation": { "uri": input } },
                    "logicalLocations": [{ "fullyQualifiedName": finding.path }]
                }],
                "properties": {
                    "type": finding.kind,
                    "category": finding.category,
                    "expected": finding.expected,
                    "found": finding.found,
                    "cause": finding.cause
                }
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "oa-test", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results
        }]
    })
}

/// Message, expected and found value in one text: scanners show nothing else.
fn message(finding: &ModelFinding) -> String {
    let mut text = finding.message.clone();
    if let Some(expected) = &finding.expected {
        text.push_str(&format!("; expected {expected}"));
    }
    if let Some(found) = &finding.found {
        text.push_str(&format!("; found {found}"));
    }
    text
}
