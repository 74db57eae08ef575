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

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError, mpsc};

use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::results::{CellReport, RunReport};
use crate::trace::Event;

use super::rejudge::Rejudge;
use cell::Traced;
use excuses::Excuses;
use place::{Edit, documents, edits};
use pool::Pool;

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

impl Mutant {
    /// Whether some check should object, and none fails or warns.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.fate, Fate::Unfound | Fate::Blocked(_)) && self.excuse.is_none() && !self.operator.conforms()
    }

    /// Whether a check objects to what conforms.
    #[must_use]
    pub const fn is_alarm(&self) -> bool {
        self.operator.conforms() && !matches!(self.fate, Fate::Unfound)
    }
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
    /// Whether it is about the stage and the property that were edited, or what encloses the property.
    pub exact: bool,
}

/// Whether a finding about one place names an edit of another: it is the same, or one encloses the other. What is within an
/// edited value was edited as well.
fn related(found: &str, edited: &str) -> bool {
    let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    // A place that is no path is the whole document.
    found.is_empty() || found.contains(' ') || found == edited || within(edited, found) || within(found, edited)
        || edited.is_empty() || edited.contains(' ')
}

/// Edits of one cell, to be judged.
struct Task<'t> {
    cell: &'t CellReport,
    trace: Vec<Event>,
    edits: Vec<(usize, Edit)>,
}

/// Which edits were made so far: of each kind of exchange, by place and operator.
type Made = HashMap<String, HashMap<String, BTreeMap<Operator, usize>>>;

/// Edits the traces and the pages of an honest run, and judges them. Of each kind of exchange, property and operator, `samples`
/// mutants are made, each of another cell.
///
/// # Errors
/// In words, what the run lacks.
pub fn sweep(report: &RunReport, catalogue: &Catalogue, samples: usize) -> Result<Vec<Mutant>, String> {
    let judge = Rejudge::of(report, catalogue)?;
    let excuses = Excuses::read()?;
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (sender, receiver) = mpsc::sync_channel::<(usize, Task<'_>)>(workers * 2);
    let receiver = Mutex::new(receiver);
    let results: Mutex<Vec<(usize, Vec<Mutant>)>> = Mutex::default();
    let next = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((number, task)) = next() {
                    let mutants = judged(&judge, task);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((number, mutants));
                }
            });
        }
        let mut pool = Pool::default();
        let mut made = Made::default();
        for (number, cell) in report.cells.iter().enumerate() {
            let Ok(trace) = judge.trace(cell) else { continue };
            let edits = chosen(&trace, samples, &mut pool, &mut made);
            if !edits.is_empty() && sender.send((number, Task { cell, trace, edits })).is_err() {
                break;
            }
        }
        drop(sender);
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    let mut mutants: Vec<Mutant> = results.into_iter().flat_map(|(_, mutants)| mutants).collect();
    mutants.extend(pages::sweep_pages(report));
    for mutant in &mut mutants {
        mutant.excuse = excuses.reason(mutant.operator, &mutant.kind, &mutant.subject);
    }
    Ok(mutants)
}

/// The edits of a trace that there are not enough of yet.
fn chosen(trace: &[Event], samples: usize, pool: &mut Pool, made: &mut Made) -> Vec<(usize, Edit)> {
    let mut all: Vec<(usize, Edit)> = Vec::new();
    let mut here = Made::default();
    let mut before: Option<Value> = None;
    for (at, event) in trace.iter().enumerate() {
        for document in documents(event) {
            pool.take(&document.body);
            if !made.contains_key(&document.kind) {
                made.insert(document.kind.clone(), HashMap::new());
            }
            if !here.contains_key(&document.kind) {
                here.insert(document.kind.clone(), HashMap::new());
            }
            let (Some(made), Some(here)) = (made.get(&document.kind), here.get_mut(&document.kind)) else { continue };
            let mut wanted = |operator: Operator, subject: &str| {
                let count = |of: &HashMap<String, BTreeMap<Operator, usize>>| {
                    of.get(subject).and_then(|counts| counts.get(&operator)).copied().unwrap_or(0)
                };
                let wanted = count(made) < samples && count(here) == 0;
                if wanted {
                    here.entry(subject.to_owned()).or_default().insert(operator, 1);
                }
                wanted
            };
            let edits = edits(event, &document, before.as_ref(), pool, &mut wanted);
            all.extend(edits.into_iter().map(|edit| (at, edit)));
            if document.body.get("orderedItem").is_some() {
                before = Some(document.body.into_owned());
            }
        }
    }
    for (_, edit) in &all {
        let kind = made.entry(edit.kind.clone()).or_default();
        *kind.entry(edit.subject.clone()).or_default().entry(edit.operator).or_default() += 1;
    }
    all
}

fn judged<'j>(judge: &'j Rejudge<'j>, task: Task<'_>) -> Vec<Mutant> {
    let Ok(test) = judge.test(task.cell) else { return Vec::new() };
    let mut traced = Traced::new(judge, judge.demands(test), task.trace);
    let mut mutants = Vec::new();
    for (at, edit) in task.edits {
        let Some(fate) = traced.fate(&edit, at) else { continue };
        let (operator, kind, subject) = (edit.operator, edit.kind, edit.subject);
        mutants.push(Mutant { operator, kind, subject, cell: task.cell.id.clone(), fate, excuse: None });
    }
    mutants
}
