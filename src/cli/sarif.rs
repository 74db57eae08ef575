//! Findings of validation as SARIF 2.1.0, for code scanners.

use serde_json::{Value, json};

use crate::validate::{ModelFinding, Rule, Severity};

/// The log. Each finding comes with the document that it was found in.
pub(super) fn sarif<'f>(findings: impl Iterator<Item = (&'f str, &'f ModelFinding)>) -> Value {
    let rules: Vec<Value> = Rule::ALL.iter().map(|rule| json!({ "id": rule.name() })).collect();
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
                "message": { "text": finding.message },
                "locations": [{
                    "physicalLocation": { "artifactLocation": { "uri": input } },
                    "logicalLocations": [{ "fullyQualifiedName": finding.path }]
                }],
                "properties": { "type": finding.kind, "category": finding.category, "found": finding.found }
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
