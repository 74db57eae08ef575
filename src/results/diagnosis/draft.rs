//! A group of findings while it is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::results::cell::{CheckOutcome, Finding, Verdict};
use crate::results::exchange::ExchangeId;
use crate::vocabulary::Stage;

use super::cause::{LocatedFinding, Root};

/// A group while it is made.
pub(super) struct Draft<'r> {
    pub(super) root: Root,
    /// The stage and subject of its first finding.
    pub(super) stage: Stage,
    pub(super) subject: &'r str,
    pub(super) findings: Vec<LocatedFinding<'r>>,
    pub(super) beyond: Vec<&'r Finding>,
    pub(super) reason: Option<&'r str>,
    pub(super) hint: Option<&'r str>,
    pub(super) exchange: Option<ExchangeId>,
    /// The place of its first finding in each cell; none in cells that never started.
    pub(super) places: BTreeMap<usize, Option<(usize, usize)>>,
    pub(super) stages: BTreeSet<Stage>,
    pub(super) fails: bool,
}

impl<'r> Draft<'r> {
    pub(super) const fn new(root: Root, stage: Stage, subject: &'r str) -> Self {
        Self {
            root,
            stage,
            subject,
            findings: Vec::new(),
            beyond: Vec::new(),
            reason: None,
            hint: None,
            exchange: None,
            places: BTreeMap::new(),
            stages: BTreeSet::new(),
            fails: false,
        }
    }

    pub(super) fn message(&self) -> &'r str {
        let best = self.best().map(|located| located.finding.message.as_str());
        let beyond = self.beyond.first().map(|finding| finding.message.as_str());
        self.reason.or(beyond).or(best).unwrap_or("unknown reason")
    }

    /// The finding that shows most: with its exchange, in a cell that failed, of one opportunity.
    pub(super) fn best(&self) -> Option<LocatedFinding<'r>> {
        let several = |located: &LocatedFinding<'r>| located.cell.opportunity_type.as_deref() == Some("Multiple");
        let order = |located: &&LocatedFinding<'r>| {
            (
                located.check.outcome != CheckOutcome::Failed,
                located.cell.verdict != Verdict::Failed,
                located.finding.exchange.is_none(),
                several(located),
            )
        };
        self.findings.iter().min_by_key(order).copied()
    }

    /// Whether it is about a whole response or feed.
    pub(super) fn about_all(&self) -> bool {
        self.subject.is_empty() || self.subject == self.stage.subject()
    }
}
