//! The systematic search for holes: edits of what an honest run saw, each of which some check must object to.
//!
//! An edit is made for every kind of exchange, every property that occurs in it, and every [`Operator`]. Traces are judged without a
//! server; so the effects of an edit on what the tester does next are not seen, but for the end of a wait.

mod mutate;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::checks::{StepDemands, is_over};
use crate::results::{CheckOutcome, RunReport, StepReport};
use crate::trace::{Event, History};

use super::rejudge::Rejudge;

pub use mutate::Operator;

/// An edit of an honest trace, and what the checks made of it.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was done.
    pub operator: Operator,
    /// The kind of exchange, such as `B Order` or `OrdersFeed Update`.
    pub kind: String,
    /// The place in the document, without indexes, such as `orderedItem.acceptedOffer.price`; `status` and `Content-Type` for
    /// those of a response.
    pub subject: String,
    /// The cell whose trace was edited.
    pub cell: String,
    /// What the checks made of it.
    pub fate: Fate,
}

/// What the checks made of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A check failed.
    Failed(Objection),
    /// A check warns.
    Warned(Objection),
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

/// Edits the traces of an honest run, and judges them. Of each kind of exchange, property and operator, `samples` mutants are
/// made, each of another cell.
///
/// # Errors
/// In words, what the run lacks.
pub fn sweep(report: &RunReport, catalogue: &Catalogue, samples: usize) -> Result<Vec<Mutant>, String> {
    let judge = Rejudge::of(report, catalogue)?;
    let mut made: BTreeMap<(String, String, Operator), usize> = BTreeMap::new();
    let mut mutants = Vec::new();
    for cell in &report.cells {
        let (Ok(test), Ok(mut trace)) = (judge.test(cell), judge.trace(cell)) else { continue };
        let demands = judge.demands(test);
        let honest = objections(&judge.steps(&trace, &demands));
        for at in 0..trace.len() {
            let Some(original) = trace.get(at).cloned() else { continue };
            let mut seen = BTreeSet::new();
            for edit in place::edits(&original) {
                let key = (edit.kind.clone(), edit.subject.clone(), edit.operator);
                // One of each in an exchange: lists have many of a kind.
                if made.get(&key).is_some_and(|count| *count >= samples) || !seen.insert(key.clone()) {
                    continue;
                }
                let Some(event) = edit.apply(&original) else { continue };
                let event = ended(event, at, &trace, &judge, &demands);
                if let Some(slot) = trace.get_mut(at) {
                    *slot = event;
                }
                *made.entry(key).or_default() += 1;
                let fate = fate(&honest, &objections(&judge.steps(&trace, &demands)), &edit);
                mutants.push(Mutant {
                    operator: edit.operator,
                    kind: edit.kind,
                    subject: edit.subject,
                    cell: cell.id.clone(),
                    fate,
                });
            }
            if let Some(slot) = trace.get_mut(at) {
                *slot = original;
            }
        }
    }
    Ok(mutants)
}

/// A wait whose last update was edited: it ran out if the update is no longer the one that it was for.
fn ended(event: Event, at: usize, trace: &[Event], judge: &Rejudge<'_>, demands: &[StepDemands<'_>]) -> Event {
    let Event::Watch(mut watched) = event else { return event };
    let mut context = judge.context(trace);
    let mut history = History::default();
    for before in trace.iter().take(at) {
        if let Event::Step(step) = before {
            context.demands =
                step.number.and_then(|number| demands.get(number)).map(|demands| demands.checks).unwrap_or_default();
        }
        crate::checks::remember(before, &mut history, &context);
    }
    watched.met = watched.met
        && watched
            .seen
            .last()
            .is_some_and(|update| is_over(&watched.awaited, update, watched.feed, &history, &context));
    Event::Watch(watched)
}

/// Stage, check, subject and message of everything that checks object to, failures first.
type Objections = Vec<(bool, String, String, String, String)>;

fn objections(steps: &[StepReport]) -> Objections {
    let mut all = Vec::new();
    for step in steps {
        for check in step.checks.iter().filter(|check| check.outcome == CheckOutcome::Failed) {
            let Some(finding) = &check.finding else { continue };
            let id = finding.rule.as_ref().or(check.check.as_ref()).unwrap_or(&check.name);
            let stage = check.stage.name().to_owned();
            all.push((true, stage, id.clone(), finding.subject.clone(), finding.message.clone()));
        }
    }
    for remark in steps.iter().flat_map(|step| &step.remarks) {
        all.push((false, String::new(), remark.rule.clone(), remark.path.clone(), remark.message.clone()));
    }
    all
}

/// What is objected to that was not before.
fn fate(honest: &Objections, found: &Objections, edit: &place::Edit) -> Fate {
    let new: Vec<_> = found.iter().filter(|objection| !honest.contains(objection)).collect();
    let Some(first) = new.first() else { return Fate::Unfound };
    let (failed, stage, check, subject, _) = first;
    let bare: String = place::general(subject);
    let encloses = bare == edit.subject
        || edit.subject.strip_prefix(&bare).is_some_and(|rest| rest.starts_with('.'))
        || bare.is_empty();
    let exact = encloses && (stage.is_empty() || *stage == edit.stage || stage == "any");
    let objection = Objection { check: check.clone(), subject: subject.clone(), exact };
    if *failed { Fate::Failed(objection) } else { Fate::Warned(objection) }
}
