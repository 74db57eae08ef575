//! Marks findings that follow from another finding, so that one cause is reported once.
//!
//! Nothing is removed: machine-readable output keeps each verdict of the public validator.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::rule::Rule;

/// An object whose `@type` is missing or wrong for its place.
#[derive(Debug)]
pub(super) struct Mistyped {
    pub(super) path: String,
    /// The type that it is judged by.
    pub(super) kind: &'static str,
    /// The rule that reports the type.
    pub(super) cause: Rule,
}

/// Sets [`ModelFinding::cause`] of each finding that follows from another one. The cause is at least as severe.
///
/// `meant`: paths of properties that a misspelt one stands for.
pub(super) fn mark(findings: &mut [ModelFinding], mistyped: &[Mistyped], meant: &FxHashSet<String>) {
    if findings.len() < 2 {
        findings.iter_mut().for_each(|finding| finding.cause = None);
        return;
    }
    at_one_path(findings);
    if !mistyped.is_empty() {
        below_wrong_type(findings, mistyped);
    }
    below_forbidden(findings);
    misspelt(findings, meant);
    keep_failures(findings);
}

/// Clears causes that are in no finding, so that no failure is lost.
fn keep_failures(findings: &mut [ModelFinding]) {
    let reported = findings.iter().fold(0_u64, |rules, finding| rules | 1 << finding.rule as u32);
    for finding in findings.iter_mut() {
        finding.cause = finding.cause.filter(|cause| reported & (1 << *cause as u32) != 0);
    }
    let failure = |finding: &&mut ModelFinding| finding.severity == Severity::Failure && !finding.undetermined;
    if !findings.iter_mut().filter(failure).any(|finding| finding.cause.is_none()) {
        findings.iter_mut().filter(failure).for_each(|finding| finding.cause = None);
    }
}

/// `true` if a finding can be a cause or consequence: its verdict is known and about the document.
fn certain(finding: &ModelFinding) -> bool {
    !finding.undetermined && finding.category != Category::Internal
}

fn precedence(finding: &ModelFinding) -> Option<u8> {
    let text = finding.found.as_deref().is_some_and(|found| found.starts_with('"'));
    // A property that is only noted stands for itself.
    let noted = finding.rule == Rule::FieldsNotInModel
        && !matches!(
            finding.kind,
            FindingKind::FieldNotInSpec | FindingKind::FieldNotAllowedInSpec | FindingKind::FieldCouldBeTypo
        );
    // A deprecated property that is only warned of does not excuse its value.
    let warned = finding.rule == Rule::DeprecatedFields && finding.severity != Severity::Failure;
    finding.rule.precedence(text).filter(|_| certain(finding) && !noted && !warned)
}

/// Of the findings at one path, the most severe and most specific one is the cause.
fn at_one_path(findings: &mut [ModelFinding]) {
    let mut first: FxHashMap<&str, (Severity, u8, Rule)> = FxHashMap::default();
    for finding in findings.iter().filter(|finding| finding.cause.is_none()) {
        if let Some(precedence) = precedence(finding) {
            let rank = (finding.severity, precedence, finding.rule);
            let known = first.entry(finding.path.as_str()).or_insert(rank);
            if (rank.0, rank.1) < (known.0, known.1) {
                *known = rank;
            }
        }
    }
    let causes: Vec<Option<Rule>> = findings
        .iter()
        .map(|finding| {
            precedence(finding)?;
            first.get(finding.path.as_str()).map(|(_, _, rule)| *rule).filter(|rule| *rule != finding.rule)
        })
        .collect();
    for (finding, cause) in findings.iter_mut().zip(causes) {
        finding.cause = finding.cause.or(cause);
    }
}

/// Path of the object that a path is a property of; `None` for an object in a list, and for the root.
fn holder(path: &str) -> Option<&str> {
    let end =
        if path.ends_with("\"]") { path.rfind("[\"")? } else { path.rfind('.').filter(|_| !path.ends_with(']'))? };
    path.get(..end)
}

fn below_wrong_type(findings: &mut [ModelFinding], mistyped: &[Mistyped]) {
    let mistyped: FxHashMap<&str, &Mistyped> = mistyped.iter().map(|object| (object.path.as_str(), object)).collect();
    for finding in findings.iter_mut().filter(|finding| finding.cause.is_none() && certain(finding)) {
        if !finding.rule.depends_on_type() {
            continue;
        }
        let objects = [Some(finding.path.as_str()), holder(&finding.path)];
        let of_wrong_type = objects.into_iter().flatten().filter_map(|path| mistyped.get(path));
        let follows = |object: &&&Mistyped| {
            // The finding about the wrong type itself is one about the holder, which may have that very type.
            finding.model == Some(object.kind) && !(finding.path == object.path && finding.rule == object.cause)
        };
        finding.cause = of_wrong_type.filter(follows).map(|object| object.cause).next();
    }
}

/// Findings within a property that must not be present at all, or must be a reference.
fn below_forbidden(findings: &mut [ModelFinding]) {
    let forbids = |finding: &&ModelFinding| match finding.rule {
        Rule::ShallNotIncludeFields | Rule::IdReferencesRequired => true,
        Rule::FieldsNotInModel => finding.kind == FindingKind::FieldNotAllowedInSpec,
        _ => false,
    };
    let failures = findings.iter().filter(|finding| finding.severity == Severity::Failure);
    let forbidden: FxHashMap<String, Rule> =
        failures.filter(forbids).map(|finding| (finding.path.clone(), finding.rule)).collect();
    if forbidden.is_empty() {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| finding.cause.is_none() && certain(finding)) {
        let steps = finding.path.match_indices(['.', '[']).filter_map(|(end, _)| finding.path.get(..end));
        finding.cause = steps.filter_map(|above| forbidden.get(above)).next().copied();
    }
}

/// Missing properties that are there under a misspelt name.
fn misspelt(findings: &mut [ModelFinding], meant: &FxHashSet<String>) {
    for finding in findings.iter_mut().filter(|finding| finding.cause.is_none()) {
        if matches!(finding.rule, Rule::RequiredFields | Rule::RecommendedFields) && meant.contains(&finding.path) {
            finding.cause = Some(Rule::FieldsNotInModel);
        }
    }
}
