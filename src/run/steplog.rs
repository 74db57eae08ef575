//! The record of one step while it runs.

use std::time::Instant;

use crate::results::{CheckOutcome, CheckReport, ExchangeId, Finding, Remark, StepReport, StepVerdict};
use crate::vocabulary::Profile;

/// Collects the checks and exchanges of a step.
#[derive(Debug)]
pub(super) struct StepLog {
    report: StepReport,
    started: Instant,
    usable: bool,
}

impl StepLog {
    /// Begins a step.
    pub(super) fn new(step: &str, title: impl Into<String>) -> Self {
        Self {
            report: StepReport {
                step: step.to_owned(),
                title: title.into(),
                verdict: StepVerdict::Passed,
                note: None,
                checks: Vec::new(),
                remarks: Vec::new(),
                exchanges: Vec::new(),
                watched_from: Vec::new(),
                duration_ms: 0,
            },
            started: Instant::now(),
            usable: true,
        }
    }

    /// Its title.
    pub(super) fn title(&self) -> &str {
        &self.report.title
    }

    /// Notes an exchange.
    pub(super) fn exchange(&mut self, id: ExchangeId) {
        if !self.report.exchanges.contains(&id) {
            self.report.exchanges.push(id);
        }
    }

    /// Notes from where a feed of Orders is watched.
    pub(super) fn watched_from(&mut self, last: ExchangeId) {
        self.report.watched_from.push(last);
    }

    /// Notes a check: it held, or there is a finding.
    pub(super) fn check(&mut self, name: impl Into<String>, profile: Option<Profile>, finding: Option<Finding>) {
        let outcome = if finding.is_some() { CheckOutcome::Failed } else { CheckOutcome::Held };
        self.add(CheckReport { name: name.into(), profile, outcome, finding });
    }

    /// Notes a check that did not hold, and without which nothing that builds on this step can go on.
    pub(super) fn fail(&mut self, name: impl Into<String>, finding: Finding) {
        self.add(CheckReport {
            name: name.into(),
            profile: None,
            outcome: CheckOutcome::Failed,
            finding: Some(finding),
        });
        self.usable = false;
    }

    /// Notes that a check could not be judged; nothing that builds on this step can go on.
    pub(super) fn block(&mut self, name: impl Into<String>, finding: Finding) {
        self.add(CheckReport {
            name: name.into(),
            profile: None,
            outcome: CheckOutcome::Blocked,
            finding: Some(finding),
        });
        self.usable = false;
    }

    /// Notes checks that were made elsewhere.
    pub(super) fn extend(&mut self, checks: Vec<CheckReport>) {
        for check in checks {
            self.add(check);
        }
    }

    /// Notes what is worth knowing; the same thing twice is counted.
    pub(super) fn remark(&mut self, remark: Remark) {
        let same = |known: &&mut Remark| {
            (&known.path, &known.message, known.exchange) == (&remark.path, &remark.message, remark.exchange)
        };
        match self.report.remarks.iter_mut().find(same) {
            Some(known) => known.count += remark.count,
            None => self.report.remarks.push(remark),
        }
    }

    /// What this step should have brought did not come: nothing that builds on it can go on.
    pub(super) const fn unusable(&mut self) {
        self.usable = false;
    }

    fn add(&mut self, check: CheckReport) {
        if let Some(id) = check.finding.as_ref().and_then(|finding| finding.exchange) {
            self.exchange(id);
        }
        self.report.checks.push(check);
    }

    /// Ends the step: its report, and whether what builds on it can go on.
    pub(super) fn finish(mut self) -> (StepReport, bool) {
        let has = |outcome: CheckOutcome| self.report.checks.iter().any(|check| check.outcome == outcome);
        self.report.verdict = if has(CheckOutcome::Failed) {
            StepVerdict::Failed
        } else if has(CheckOutcome::Blocked) {
            StepVerdict::Blocked
        } else {
            StepVerdict::Passed
        };
        self.report.duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (self.report, self.usable)
    }
}
