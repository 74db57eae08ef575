//! The systematic search for holes: edits of what an honest run saw, each of which some check must object to.
//!
//! An edit is made for every kind of exchange, every property that occurs in it, and every [`Operator`]. Traces are judged without a
//! server; so the effects of an edit on what the tester does next are not seen, but for the end of a wait.

mod cell;
mod excuses;
mod mutate;
mod pages;
mod place;
mod pool;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::results::RunReport;
use crate::vocabulary::Stage;

use super::rejudge::Rejudge;
use cell::Traced;
use place::{Edit, documents, edits};
use pool::Pool;

pub use excuses::Excuses;
pub use mutate::Operator;

/// An edit of an honest trace, and what the checks made of it.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was done.
    pub operator: Operator,
    /// The kind of exchange, such as `b Order Success` or `orders-feed Update`.
    pub kind: String,
    /// The place in the document, without indexes, such as `orderedItem.acceptedOffer.price`; the status, media type or
    /// state that it has instead.
    pub subject: String,
    /// The cell whose trace was edited, or the feed.
    pub cell: String,
    /// What the checks made of it.
    pub fate: Fate,
    /// The reason why no check need object.
    pub excuse: Option<&'static str>,
}

/// What the checks made of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A check failed.
    Failed(Objection),
    /// A check warns.
    Warned(Objection),
    /// Nothing fails, but a step is blocked.
    Blocked(Objection),
    /// No check objects.
    Unfound,
}

/// The first objection to a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The identifier of the check, or of the rule of validation.
    pub check: String,
    /// The subject of the finding.
    pub subject: String,
    /// Whether it has the stage that was edited, and the place, or one that encloses the place.
    pub exact: bool,
}

/// Whether a finding about one place names an edit of another: it is the same, or encloses it.
fn names(found: &str, edited: &str) -> bool {
    // Of places that are no paths, such as `status 204`, the first word is what differs.
    let edited = edited.split(' ').next().unwrap_or_default();
    is_whole(found) || found == edited || edited.strip_prefix(found).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a subject is a response, a page or an item as a whole.
fn is_whole(subject: &str) -> bool {
    subject.is_empty() || subject.contains(' ') || Stage::ALL.iter().any(|stage| stage.subject() == subject)
}

/// A mutant is made in so many cells at most, each of another test, until a check objects: a booking system that deviates does so
/// in every test.
const TRIES: usize = 200;

/// A mutant, with the places at which it can be made.
struct Candidate {
    operator: Operator,
    kind: String,
    subject: String,
    tries: Vec<Try>,
}

/// A place at which a mutant can be made: the cell and the event.
struct Try {
    cell: usize,
    at: usize,
    edit: Edit,
}

/// Every mutant that can be made, by kind of exchange, place and operator.
#[derive(Default)]
struct Candidates {
    all: Vec<Candidate>,
    known: HashMap<String, HashMap<String, BTreeMap<Operator, usize>>>,
}

/// Edits the traces and the pages of an honest run, and judges them: one mutant of each kind of exchange, place and operator.
///
/// # Errors
/// In words, what the run lacks.
pub fn sweep(report: &RunReport, catalogue: &Catalogue) -> Result<Vec<Mutant>, String> {
    let judge = Rejudge::of(report, catalogue)?;
    let excuses = Excuses::read()?;
    let candidates = candidates(report, &judge).all;
    let mut fates: Vec<Option<(usize, Fate)>> = vec![None; candidates.len()];
    for turn in 0..TRIES {
        let mut by_cell: BTreeMap<usize, Vec<(usize, &Try)>> = BTreeMap::new();
        for (number, (candidate, fate)) in candidates.iter().zip(&fates).enumerate() {
            let found = matches!(fate, Some((_, Fate::Failed(_) | Fate::Warned(_))));
            let excused = || excuses.may_excuse(candidate.operator.name(), &candidate.kind, &candidate.subject);
            if found || (turn > 0 && (candidate.operator.conforms() || excused())) {
                continue;
            }
            if let Some(one) = candidate.tries.get(turn) {
                by_cell.entry(one.cell).or_default().push((number, one));
            }
        }
        for (number, cell, fate) in judged(report, &judge, by_cell) {
            if let Some(slot) = fates.get_mut(number)
                && slot.as_ref().is_none_or(|(_, known)| rank(&fate) < rank(known))
            {
                *slot = Some((cell, fate));
            }
        }
    }
    let mut mutants = Vec::new();
    for (candidate, fate) in candidates.into_iter().zip(fates) {
        let Some((cell, fate)) = fate else { continue };
        let cell = report.cells.get(cell).map(|cell| cell.id.clone()).unwrap_or_default();
        let Candidate { operator, kind, subject, .. } = candidate;
        mutants.push(Mutant { operator, kind, subject, cell, fate, excuse: None });
    }
    mutants.extend(pages::sweep_pages(report));
    excuse(&mut mutants, &excuses);
    Ok(mutants)
}

/// Gives mutants their excuses.
fn excuse(mutants: &mut [Mutant], excuses: &Excuses) {
    let judged: HashSet<(Operator, String, String)> = mutants
        .iter()
        .filter(|mutant| {
            matches!(mutant.fate, Fate::Failed(_) | Fate::Warned(_))
                || excuses.reason(mutant.operator.name(), &mutant.kind, &mutant.subject).is_some()
        })
        .map(|mutant| (mutant.operator, mutant.kind.clone(), mutant.subject.clone()))
        .collect();
    for mutant in mutants {
        let found = |kind: &str, place: &str| judged.contains(&(mutant.operator, kind.to_owned(), place.to_owned()));
        mutant.excuse = excuses.upheld(mutant.operator.name(), &mutant.kind, &mutant.subject, found);
    }
}

/// How much a fate says; the least says the most.
const fn rank(fate: &Fate) -> u8 {
    match fate {
        Fate::Failed(_) => 0,
        Fate::Warned(_) => 1,
        Fate::Blocked(_) => 2,
        Fate::Unfound => 3,
    }
}

/// Every mutant that can be made of the traces of a run.
fn candidates(report: &RunReport, judge: &Rejudge<'_>) -> Candidates {
    let mut pool = Pool::default();
    let mut candidates = Candidates::default();
    for (number, cell) in report.cells.iter().enumerate() {
        let Ok(trace) = judge.trace(cell) else { continue };
        let mut before: Option<Value> = None;
        for (at, event) in trace.iter().enumerate() {
            for document in documents(event) {
                pool.take(&document.body);
                let Candidates { all, known } = &mut candidates;
                let same_test = |other: usize| {
                    report
                        .cells
                        .get(other)
                        .is_some_and(|other| (&other.feature, &other.test) == (&cell.feature, &cell.test))
                };
                let kind = known.entry(document.kind.clone()).or_default();
                let mut wanted = |operator: Operator, subject: &str| {
                    let tries = kind.get(subject).and_then(|of| of.get(&operator)).and_then(|index| all.get(*index));
                    let Some(Candidate { tries, .. }) = tries else { return true };
                    tries.len() < TRIES && !tries.last().is_some_and(|last| same_test(last.cell))
                };
                for edit in edits(event, &document, before.as_ref(), &pool, &mut wanted) {
                    let operators = kind.entry(edit.subject.clone()).or_default();
                    let index = *operators.entry(edit.operator).or_insert_with(|| {
                        let (kind, subject) = (edit.kind.clone(), edit.subject.clone());
                        all.push(Candidate { operator: edit.operator, kind, subject, tries: Vec::new() });
                        all.len() - 1
                    });
                    // One of each in a document: lists have many of a kind.
                    if let Some(Candidate { tries, .. }) = all.get_mut(index)
                        && !tries.last().is_some_and(|last| same_test(last.cell))
                    {
                        tries.push(Try { cell: number, at, edit });
                    }
                }
                if document.body.get("orderedItem").is_some() {
                    before = Some(document.body.into_owned());
                }
            }
        }
    }
    candidates
}

/// The fates of the mutants that are made in cells, on all processors: the number of the mutant, the cell, and the fate.
fn judged(
    report: &RunReport,
    judge: &Rejudge<'_>,
    by_cell: BTreeMap<usize, Vec<(usize, &Try)>>,
) -> Vec<(usize, usize, Fate)> {
    let tasks = Mutex::new(by_cell.into_iter());
    let fates: Mutex<Vec<(usize, usize, Fate)>> = Mutex::default();
    let next = || tasks.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                while let Some((number, tries)) = next() {
                    let Some(cell) = report.cells.get(number) else { continue };
                    let (Ok(test), Ok(trace)) = (judge.test(cell), judge.trace(cell)) else { continue };
                    let mut traced = Traced::new(judge, judge.demands(test), trace);
                    let found: Vec<_> = tries
                        .into_iter()
                        .filter_map(|(mutant, one)| Some((mutant, number, traced.fate(&one.edit, one.at)?)))
                        .collect();
                    fates.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    fates.sort_by_key(|(mutant, ..)| *mutant);
    fates
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::mutate::{Change, Key, edit};
    use super::names;

    #[test]
    fn a_finding_names_an_edit_by_its_place_or_what_encloses_it() {
        for (found, edited, named) in [
            ("orderedItem.position", "orderedItem.position", true),
            ("orderedItem", "orderedItem.position", true),
            ("orderedItem.acceptedOffer.price", "orderedItem.acceptedOffer", false),
            ("C1 response", "orderedItem.position", true),
            ("authentication", "status 204", true),
            ("remainingUses", "remainingUses more", true),
            ("remainingUses", "status 204", false),
            ("orderedItem.acceptedOffer", "orderedItem.position", false),
            ("orderedItem.pos", "orderedItem.position", false),
        ] {
            assert_eq!(names(found, edited), named, "{found}, {edited}");
        }
    }

    #[test]
    fn an_edit_changes_one_value() {
        let member = |name: &str| Key::Member(name.to_owned());
        let document = json!({ "@context": "https://openactive.io/", "list": [{ "@type": "A", "b": 1 }, { "b": 2 }] });
        let edited = |path: &[Key], change: &Change| {
            let mut copy = document.clone();
            edit(&mut copy, path, change).map(|()| copy)
        };
        let first = [member("list"), Key::Entry(0)];
        let of_first = [member("list"), Key::Entry(0), member("b")];
        assert_eq!(edited(&of_first, &Change::Omit).unwrap()["list"][0], json!({ "@type": "A" }));
        assert_eq!(edited(&of_first, &Change::Set(json!("x"))).unwrap()["list"][0]["b"], "x");
        assert_eq!(edited(&[member("list")], &Change::Swap).unwrap()["list"][0]["b"], 2);
        assert_eq!(edited(&[member("list")], &Change::Repeat).unwrap()["list"].as_array().unwrap().len(), 3);
        assert_eq!(edited(&[member("none")], &Change::Omit), None);
        let extended = edited(&first, &Change::Extend).unwrap();
        assert_eq!(extended["@context"].as_array().unwrap().len(), 2);
        assert!(extended["list"][0]["ext:note"].is_string());
    }
}
