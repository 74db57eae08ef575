//! The requirements that findings cite: `fixtures/citations.txt` has them for every fault, reviewed against the specifications.
//!
//! A line is the fault, the check or rule of validation that finds it, and a requirement that the finding proves broken with our
//! words for it; a dash where the specifications have no sentence for it. A line with a tilde before it is of some runs only: what
//! follows from a fault can depend on when feeds are read. `scripts/citations.sh` writes the file.

use std::collections::{BTreeMap, BTreeSet};

use oa_test::requirement::Requirements;
use oa_test::sandbox::Fault;
use serde_json::Value;

const CITATIONS: &str = include_str!("../../fixtures/citations.txt");

/// With this variable, runs add their citations to that file, instead of comparing them.
const NEW: &str = "OA_TEST_NEW_CITATIONS";

/// A check and a requirement that it cites; none where it cites nothing.
pub(crate) type Citation = (String, Option<String>);

/// What the failures of a run cite.
pub(crate) fn of_failures(report: &Value) -> BTreeSet<Citation> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut all = BTreeSet::new();
    let steps = list(report, "cells").iter().flat_map(|cell| list(cell, "steps")).collect::<Vec<_>>();
    let checks = steps.iter().flat_map(|step| list(step, "checks"));
    for check in checks.filter(|check| check["outcome"] == "failed") {
        let finding = &check["finding"];
        let by = [&finding["rule"], &check["check"], &check["name"]].into_iter().find_map(Value::as_str);
        add(&mut all, by.unwrap_or_default(), finding);
    }
    for finding in list(report, "findings") {
        let of = finding["defect"].as_str().filter(|defect| !defect.is_empty());
        add(&mut all, of.unwrap_or("target"), &finding);
    }
    all
}

fn add(all: &mut BTreeSet<Citation>, check: &str, finding: &Value) {
    let cited = finding["violates"].as_array().into_iter().flatten().filter_map(|cited| cited["id"].as_str());
    let ids: Vec<String> = cited.map(str::to_owned).collect();
    if ids.is_empty() {
        all.insert((check.to_owned(), None));
    }
    all.extend(ids.into_iter().map(|id| (check.to_owned(), Some(id))));
}

/// A citation as a line of the file.
fn line(fault: &str, (check, requirement): &Citation) -> String {
    let Some(id) = requirement else { return format!("{fault} {check} -") };
    let says = Requirements::built_in().get(id).map(|known| known.says.as_str()).unwrap_or_default();
    format!("{fault} {check} {id} {says}")
}

/// What begins a line that is of some runs only.
const OF_SOME_RUNS: &str = "~ ";

/// Every line of a fault or rule, and whether all runs cite it.
fn lines() -> impl Iterator<Item = (&'static str, bool)> {
    CITATIONS.lines().map(|line| line.strip_prefix(OF_SOME_RUNS).map_or((line, true), |line| (line, false)))
}

/// The lines of a fault, and whether all runs cite them.
fn of_fault(fault: &str) -> BTreeMap<&'static str, bool> {
    lines().filter(|(line, _)| line.split(' ').next() == Some(fault)).collect()
}

/// Check and requirement of a line.
fn cited(line: &str) -> Option<(&str, &str)> {
    // Checks that a feature file words itself have blanks; identifiers of requirements have none.
    let rest = line.split_once(' ')?.1;
    let at = ["OB-", "TI-"].iter().filter_map(|of| rest.find(&format!(" {of}"))).min();
    let (check, rest) = at.map_or_else(|| rest.rsplit_once(' '), |at| Some(rest.split_at(at)))?;
    Some((check, rest.trim_start().split(' ').next()?))
}

/// The findings of a fault under the test that finds it cite what the file has: every line that is of all runs, and none that the
/// file does not have, but for what the same check cites under another fault.
///
/// # Errors
/// In words, what differs.
pub(crate) fn compared(fault: &str, found: &BTreeSet<Citation>) -> Result<(), String> {
    let Some((known, lines)) = reviewed(fault, found)? else { return Ok(()) };
    let less: Vec<_> = known.iter().filter(|(line, always)| **always && !lines.contains(**line)).collect();
    if less.is_empty() { Ok(()) } else { Err(format!("{fault}: in the file and not cited: {less:#?}, but {lines:#?}")) }
}

/// What [`compared`] compares, asserted.
pub(crate) fn assert_cited(fault: &str, found: &BTreeSet<Citation>) {
    compared(fault, found).unwrap_or_else(|difference| panic!("{difference}"));
}

/// Findings of a fault in another run cite none that the file does not have, and some of what it has.
pub(crate) fn assert_reviewed(fault: &str, found: &BTreeSet<Citation>) {
    let compared = reviewed(fault, found).unwrap_or_else(|difference| panic!("{difference}"));
    let Some((known, lines)) = compared else { return };
    assert!(known.keys().any(|line| lines.contains(*line)), "{fault}: nothing of this is cited: {known:#?}");
}

/// The lines of a fault in the file, each with whether it is of all runs, and those of a run.
type Reviewed = (BTreeMap<&'static str, bool>, BTreeSet<String>);

/// The lines of a fault in the file, and those of a run, all of which have been reviewed; none where they are only written down.
fn reviewed(fault: &str, found: &BTreeSet<Citation>) -> Result<Option<Reviewed>, String> {
    let lines: BTreeSet<String> = found.iter().map(|citation| line(fault, citation)).collect();
    if let Ok(new) = std::env::var(NEW) {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(new).expect("a file");
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        file.write_all(text.as_bytes()).expect("it is written");
        return Ok(None);
    }
    let known = of_fault(fault);
    let elsewhere: BTreeSet<_> = self::lines().filter_map(|(line, _)| cited(line)).collect();
    let expected = |line: &str| known.contains_key(line) || cited(line).is_some_and(|pair| elsewhere.contains(&pair));
    let more: Vec<_> = lines.iter().filter(|line| !expected(line)).collect();
    if !more.is_empty() || known.is_empty() {
        return Err(format!("{fault}: cited and not in the file: {more:#?}"));
    }
    Ok(Some((known, lines)))
}

#[test]
fn every_line_of_the_citations_is_about_a_fault_and_a_requirement_in_its_words() {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for text in self::lines().map(|(line, _)| line).filter(|line| !line.starts_with(VALIDATION)) {
        let fault = text.split(' ').next().unwrap_or_default();
        let (check, id) = cited(text).unwrap_or_else(|| panic!("{text}: a part is missing"));
        assert!(Fault::ALL.iter().any(|known| known.name() == fault), "there is no fault {fault}");
        *lines.entry(fault).or_default() += 1;
        let says = text.split_once(&format!(" {id} ")).map_or("", |(_, says)| says);
        match Requirements::built_in().get(id) {
            Some(known) => assert_eq!(says, known.says, "{fault} {check} {id}"),
            None => assert_eq!((id, says), ("-", ""), "{fault} {check}: there is no requirement {id}"),
        }
    }
    let without: Vec<&str> =
        Fault::ALL.iter().map(|fault| fault.name()).filter(|name| !lines.contains_key(name)).collect();
    assert_eq!(without, UNCITED, "faults whose findings no test compares");
}

/// How the lines of rules of validation begin.
const VALIDATION: &str = "validation ";

/// What the rules of validation cite stands in the file as well: rule, and model and property that it is about.
#[test]
fn what_rules_of_validation_cite_is_in_the_file() {
    let all = Requirements::built_in().all().iter();
    let derived: BTreeSet<String> = all
        .flat_map(|known| known.model.iter().map(move |rule| (rule, known)))
        .map(|(rule, known)| format!("{VALIDATION}{} {} {}", rule.to_string().replace(' ', ":"), known.id, known.says))
        .collect();
    if let Ok(new) = std::env::var(NEW) {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(new).expect("a file");
        let text: String = derived.iter().map(|line| format!("{line}\n")).collect();
        file.write_all(text.as_bytes()).expect("it is written");
        return;
    }
    let known: BTreeSet<&str> = CITATIONS.lines().filter(|line| line.starts_with(VALIDATION)).collect();
    let derived: BTreeSet<&str> = derived.iter().map(String::as_str).collect();
    let more: Vec<_> = derived.difference(&known).collect();
    let less: Vec<_> = known.difference(&derived).collect();
    assert!(more.is_empty() && less.is_empty(), "cited and not in the file: {more:#?}; not cited: {less:#?}");
}

/// Faults whose findings no run of the tests shows: `detection.rs` has the reasons.
const UNCITED: &[&str] = &[
    "c1-status-401",
    "c1-hangs",
    "orders-feed-status-401",
    "lease-never-expires",
    "overrides-of-free-accepted",
    "broker-barcode-dropped",
    "payment-method-included",
    "flow-requirement-repeated",
    "deleted-items-not-retained",
    "order-status-missing",
    "deletion-keeps-capacity",
    "feeds-lose-items",
    "feeds-cached",
    "order-feeds-cached",
];
