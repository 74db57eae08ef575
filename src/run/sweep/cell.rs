//! Judging edits of the trace of one cell: only what follows an edit is judged again, up to the first failure.

use std::ops::Range;

use crate::checks::{StepDemands, is_over, remember};
use crate::results::{CheckOutcome, ExchangeId, StepReport};
use crate::trace::{Event, History};
use crate::vocabulary::Stage;

use crate::run::rejudge::Rejudge;

use super::place::{Edit, general};
use super::{Fate, Objection, names};

/// Something that a check objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Objected {
    grade: Graded,
    stage: String,
    check: String,
    subject: String,
    message: String,
    exchange: Option<ExchangeId>,
}

/// How much an objection matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Graded {
    Failed,
    Blocked,
    Warned,
}

/// The events of a trace up to the end of a step.
struct Chunk {
    range: Range<usize>,
    before: History,
    honest: Vec<Objected>,
}

/// The trace of a cell.
pub(super) struct Traced<'j> {
    judge: &'j Rejudge<'j>,
    demands: Vec<StepDemands<'j>>,
    trace: Vec<Event>,
    chunks: Vec<Chunk>,
}

impl<'j> Traced<'j> {
    pub(super) fn new(judge: &'j Rejudge<'j>, demands: Vec<StepDemands<'j>>, trace: Vec<Event>) -> Self {
        let mut traced = Self { judge, demands, trace, chunks: Vec::new() };
        let mut history = History::default();
        let mut start = 0;
        for end in 0..traced.trace.len() {
            let last = end + 1 == traced.trace.len();
            if last || matches!(traced.trace.get(end), Some(Event::End(_))) {
                let range = start..end + 1;
                let before = history.clone();
                let honest = objections(&traced.steps(&range, &mut history));
                traced.chunks.push(Chunk { range, before, honest });
                start = end + 1;
            }
        }
        traced
    }

    fn steps(&self, range: &Range<usize>, history: &mut History) -> Vec<StepReport> {
        self.judge.part(&self.trace, range.clone(), history, &self.demands)
    }

    /// What the checks make of an edit; `None` where it cannot be made.
    pub(super) fn fate(&mut self, edit: &Edit, at: usize) -> Option<Fate> {
        let original = self.trace.get(at)?;
        let event = edit.apply(original)?;
        let event = self.ended(event, at);
        let mut replaced = vec![(at, event)];
        if let (Some(Event::Look(before)), Some((_, Event::Look(after)))) = (self.trace.get(at), replaced.first()) {
            let changed: Vec<_> = before.opportunities.iter().zip(&after.opportunities).collect();
            let changed = changed.into_iter().find(|(before, after)| before.data != after.data);
            if let Some((id, data)) = changed.and_then(|(before, after)| Some((before.id.clone(), after.data.clone()?)))
            {
                self.later_items(at, &id, &data, &mut replaced);
            }
        }
        self.swap(&mut replaced);
        let fate = self.judged(edit, at);
        self.swap(&mut replaced);
        Some(fate)
    }

    /// OrderItems are for the opportunities as the feeds showed them.
    fn later_items(&self, at: usize, id: &str, data: &serde_json::Value, replaced: &mut Vec<(usize, Event)>) {
        for (index, event) in self.trace.iter().enumerate().skip(at + 1) {
            if let Event::Items(items) = event
                && items.items.iter().any(|item| item.opportunity_id == id)
            {
                let mut items = items.clone();
                for item in items.items.iter_mut().filter(|item| item.opportunity_id == id) {
                    item.opportunity = data.clone();
                }
                replaced.push((index, Event::Items(items)));
            }
        }
    }

    fn swap(&mut self, replaced: &mut [(usize, Event)]) {
        for (index, event) in replaced {
            if let Some(slot) = self.trace.get_mut(*index) {
                std::mem::swap(slot, event);
            }
        }
    }

    fn judged(&self, edit: &Edit, at: usize) -> Fate {
        let mut history: Option<History> = None;
        let mut first: Option<Objected> = None;
        for chunk in self.chunks.iter().filter(|chunk| chunk.range.end > at) {
            let history = history.get_or_insert_with(|| chunk.before.clone());
            let found = objections(&self.steps(&chunk.range, history));
            let mut new = found.into_iter().filter(|objected| !chunk.honest.contains(objected));
            let Some(objected) = new.next() else { continue };
            // What is blocked ends the cell, and so does a failure here: the first finding is what is printed.
            let ends = objected.grade != Graded::Warned;
            let graver = first.as_ref().is_none_or(|first| objected.grade < first.grade);
            if graver {
                first = Some(objected);
            }
            if ends {
                break;
            }
        }
        let Some(first) = first else { return Fate::Unfound };
        let subject = general(&first.subject);
        // A remark has no stage of its own.
        let shown = self.trace.get(at).and_then(Event::exchange);
        let stage = self.stages(edit, at).any(|stage| first.stage == stage.name())
            || (first.stage.is_empty() && first.exchange == shown);
        let exact = stage && names(&subject, &edit.subject);
        let objection = Objection { check: first.check, subject: first.subject, exact };
        match first.grade {
            Graded::Failed => Fate::Failed(objection),
            Graded::Warned => Fate::Warned(objection),
            Graded::Blocked => Fate::Blocked(objection),
        }
    }

    /// The stages that an edit belongs to. Opportunities are looked for in their feeds, and their capacity belongs to the step.
    fn stages(&self, edit: &Edit, at: usize) -> impl Iterator<Item = Stage> {
        let other = match self.trace.get(at) {
            Some(Event::Look(_)) => Some(Stage::OpportunityFeed),
            Some(Event::Capacity(_)) => {
                self.trace.get(..at).unwrap_or_default().iter().rev().find_map(|event| match event {
                    Event::Step(step) => Some(step.stage.unwrap_or(Stage::Any)),
                    _ => None,
                })
            }
            _ => None,
        };
        std::iter::once(edit.stage).chain(other)
    }

    /// A wait whose last update was edited: it ran out if the update is no longer the one that it was for.
    fn ended(&self, event: Event, at: usize) -> Event {
        let Event::Watch(mut watched) = event else { return event };
        let Some(chunk) = self.chunks.iter().find(|chunk| chunk.range.contains(&at)) else {
            return Event::Watch(watched);
        };
        let mut context = self.judge.context(&self.trace);
        let mut history = chunk.before.clone();
        for before in self.trace.get(chunk.range.start..at).unwrap_or_default() {
            if let Event::Step(step) = before {
                context.demands =
                    step.number.and_then(|number| self.demands.get(number)).map(|of| of.checks).unwrap_or_default();
            }
            remember(before, &mut history, &context);
        }
        watched.met = watched.met
            && watched
                .seen
                .last()
                .is_some_and(|update| is_over(&watched.awaited, update, watched.feed, &history, &context));
        Event::Watch(watched)
    }
}

/// What checks object to, in the order in which it is printed.
fn objections(steps: &[StepReport]) -> Vec<Objected> {
    let mut all = Vec::new();
    for step in steps {
        for check in &step.checks {
            let grade = match check.outcome {
                CheckOutcome::Held => continue,
                CheckOutcome::Failed => Graded::Failed,
                CheckOutcome::Blocked => Graded::Blocked,
            };
            let Some(finding) = &check.finding else { continue };
            all.push(Objected {
                grade,
                stage: check.stage.name().to_owned(),
                check: finding.rule.as_ref().or(check.check.as_ref()).unwrap_or(&check.name).clone(),
                subject: finding.subject.clone(),
                message: finding.message.clone(),
                exchange: finding.exchange,
            });
        }
        all.extend(step.remarks.iter().map(|remark| Objected {
            grade: Graded::Warned,
            stage: String::new(),
            check: remark.rule.clone(),
            subject: remark.path.clone(),
            message: remark.message.clone(),
            exchange: remark.exchange,
        }));
    }
    all.sort_by_key(|objected| objected.grade);
    all
}
