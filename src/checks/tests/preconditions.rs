//! Preconditions of a test.

use serde_json::json;

use crate::trace::{Configured, End, Event, Lack, Leased, StepProblem};
use crate::vocabulary::{ConfigurationRule, ErrorName, Flow, Stage};

use super::honest::{dataset_site, rejection};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// A step about a rule of the configuration.
pub(super) fn configuration(rule: ConfigurationRule, feature: &str) -> Trace {
    let configured = Configured { rule, feature: feature.to_owned(), spec: String::new() };
    Trace::new().then("rule", Event::Configuration(configured), json!(null), json!(null))
}

fn lack(problem: Option<StepProblem>) -> Trace {
    Trace::new().then("lack", Event::Lack(Lack { what: "Order".to_owned(), problem }), json!(null), json!(null))
}

fn end(cut: Option<&str>) -> Trace {
    let end = End { duration_ms: 1, cut: cut.map(str::to_owned) };
    Trace::new().then("end", Event::End(end), json!(null), json!(null))
}

/// An opportunity that was picked as full.
fn full(leased: &[&str], free: &[&str]) -> Trace {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let leased = Leased { leased: ids(leased), free: ids(free) };
    rejection(Stage::C1, ErrorName::OpportunityIsFull).exchange("rejected", |exchanged| exchanged.leased = Some(leased))
}

pub(super) fn lines() -> Vec<Lines> {
    vec![
        row("dataset-site")
            .right(dataset_site())
            .right(dataset_site().set("site/distribution/0/contentUrl", "https://data.example.com/feeds/a?b=c"))
            .wrong(dataset_site().status("site", 404), "dataset site wrong")
            .wrong(dataset_site().bytes("site", "<html><body>Nothing is here.</body></html>"), "dataset site wrong")
            .wrong(dataset_site().set("site/@type", "DataCatalog"), "@type wrong")
            .wrong(dataset_site().without("site/distribution"), "distribution missing"),
        row("configuration")
            .right(configuration(ConfigurationRule::FeatureImplemented, "test-interface"))
            .right(
                configuration(ConfigurationRule::NoApprovalFlow, "")
                    .configured(|config| config.flows.retain(|flow| *flow != Flow::Approval)),
            )
            .wrong(configuration(ConfigurationRule::FeatureImplemented, "single-seller"), "response wrong")
            .wrong(configuration(ConfigurationRule::FeatureImplemented, "no-such-feature"), "response missing")
            .wrong(configuration(ConfigurationRule::NoApprovalFlow, ""), "response wrong"),
        row("full-opportunity")
            .right(full(&[], &[]))
            .blocked(full(&["https://id.example.com/1"], &[]), "C1 response wrong")
            .blocked(full(&[], &["https://id.example.com/1"]), "C1 response wrong"),
        row("step-ends").right(end(None)).blocked(end(Some("the time limit has ended")), "response wrong"),
        row("preparation").right(dataset_site()).blocked(lack(None), "response wrong").blocked(
            lack(Some(StepProblem { path: Some("distribution".to_owned()), ..StepProblem::default() })),
            "distribution wrong",
        ),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
