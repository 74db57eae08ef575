//! A group of findings while it is made.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::results::cell::Verdict;
use crate::results::exchange::ExchangeId;
use crate::results::finding::{CheckOutcome, Finding};
use crate::vocabulary::Stage;

use super::cause::{LocatedFinding, Root};
use super::key::general;

/// A group while it is made.
pub(super) struct Draft<'r> {
    pub(super) root: Root,
    /// The stage and subject of its first finding.
    pub(super) stage: Stage,
    pub(super) subject: &'r str,
    /// What its findings have in common with those in other documents.
    pub(super) base: String,
    /// Subjects of groups that it has taken in: properties of the same object.
    pub(super) siblings: Vec<&'r str>,
    pub(super) findings: Vec<LocatedFinding<'r>>,
    pub(super) beyond: Vec<&'r Finding>,
    pub(super) reason: Option<&'r str>,
    pub(super) hint: Option<&'r str>,
    pub(super) exchange: Option<ExchangeId>,
    /// The place of its first finding in each cell; none in cells that never started.
    pub(super) places: BTreeMap<usize, Option<(usize, usize)>>,
    pub(super) stages: BTreeSet<Stage>,
    pub(super) fails: bool,
    /// The finding that shows most, among `findings`.
    pub(super) example: usize,
}

impl<'r> Draft<'r> {
    pub(super) const fn new(root: Root, stage: Stage, subject: &'r str) -> Self {
        Self {
            root,
            stage,
            subject,
            base: String::new(),
            siblings: Vec::new(),
            findings: Vec::new(),
            beyond: Vec::new(),
            reason: None,
            hint: None,
            exchange: None,
            places: BTreeMap::new(),
            stages: BTreeSet::new(),
            fails: false,
            example: 0,
        }
    }

    pub(super) fn message(&self) -> &'r str {
        let best = self.best().map(|located| located.finding.message.as_str());
        let beyond = self.beyond.first().map(|finding| finding.message.as_str());
        self.reason.or(beyond).or(best).unwrap_or("unknown reason")
    }

    /// The finding that shows most.
    pub(super) fn best(&self) -> Option<LocatedFinding<'r>> {
        self.findings.get(self.example).copied()
    }

    /// Takes the findings of another group.
    pub(super) fn take(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.stages.extend(other.stages);
        self.fails |= other.fails;
        for (cell, place) in other.places {
            let first = self.places.entry(cell).or_insert(place);
            *first = (*first).min(place);
        }
    }

    /// Picks the finding that shows most: with its exchange, in a cell that failed, in the words that most of them have, of one
    /// opportunity.
    pub(super) fn pick_example(&mut self) {
        let wordings: Vec<String> = self.findings.iter().map(|located| general(&located.finding.message)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for wording in &wordings {
            *counts.entry(wording).or_default() += 1;
        }
        let several = |located: &LocatedFinding<'r>| located.cell.opportunity_type.as_deref() == Some("Multiple");
        let order = |(_, (located, wording)): &(usize, (&LocatedFinding<'r>, &String))| {
            (
                located.check.outcome != CheckOutcome::Failed,
                located.cell.verdict != Verdict::Failed,
                located.finding.exchange.is_none(),
                Reverse(counts.get(wording.as_str()).copied().unwrap_or_default()),
                several(located),
            )
        };
        let best = self.findings.iter().zip(&wordings).enumerate().min_by_key(order);
        self.example = best.map_or(0, |(index, _)| index);
    }

    /// Whether it is about a whole response or feed.
    pub(super) fn about_all(&self) -> bool {
        self.subject.is_empty() || self.subject == self.stage.subject()
    }
}
