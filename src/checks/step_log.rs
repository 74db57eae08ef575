//! The record of one step while it runs.

use std::time::Instant;

use crate::results::{CheckOutcome, CheckReport, Checks, Choice, ExchangeId, Finding, Remark, StepReport, StepVerdict};
use crate::vocabulary::{Grade, Profile, Stage};

use super::cite::{CheckIdentity, cite, remark};
use super::open::OpenQuestion;

/// Collects the checks and exchanges of a step.
#[derive(Debug)]
pub struct StepLog {
    report: StepReport,
    checks: Vec<CheckReport>,
    started: Instant,
    usable: bool,
    /// Whether the target has nothing that the step could be about.
    vacuous: bool,
    /// Where what is judged now shows.
    place: Option<Stage>,
    /// The requirements that the step violates in its test if it does not succeed.
    violates: Vec<String>,
    /// The only profile that the step belongs to.
    only: Option<Profile>,
    /// Whether checks that this version brought fail, and not only warn.
    fail_on_new: bool,
    /// `true` if Broker and Seller agree on prices, so that documents need not include them.
    pub dynamic: bool,
}

impl StepLog {
    /// Begins a step. What is judged belongs to this stage, if to any.
    pub fn new(step: &str, title: impl Into<String>, stage: Option<Stage>) -> Self {
        Self {
            report: StepReport {
                step: step.to_owned(),
                title: title.into(),
                verdict: StepVerdict::Passed,
                note: None,
                checks: Checks::default(),
                remarks: Vec::new(),
                choices: Vec::new(),
                exchanges: Vec::new(),
                watched_from: Vec::new(),
                duration_ms: 0,
            },
            checks: Vec::new(),
            started: Instant::now(),
            usable: true,
            vacuous: false,
            place: stage,
            violates: Vec::new(),
            only: None,
            fail_on_new: false,
            dynamic: false,
        }
    }

    /// Sets the stage of the following checks. Returns the previous stage.
    pub const fn at(&mut self, place: Option<Stage>) -> Option<Stage> {
        std::mem::replace(&mut self.place, place)
    }

    /// Where what is judged now shows.
    pub const fn place(&self) -> Option<Stage> {
        self.place
    }

    /// Notes what the step violates in its test by not coming to what it must, and the only profile that it belongs to.
    pub fn belongs(&mut self, violates: &[String], only: Option<Profile>) {
        self.violates = violates.to_vec();
        self.only = only;
    }

    /// The only profile that the step belongs to.
    pub const fn only(&self) -> Option<Profile> {
        self.only
    }

    /// Whether checks that this version of the program brought fail from now on, and not only warn.
    pub const fn fail_on_new(&mut self, fail: bool) {
        self.fail_on_new = fail;
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.report.title
    }

    /// Notes an exchange.
    pub fn exchange(&mut self, id: ExchangeId) {
        if !self.report.exchanges.contains(&id) {
            self.report.exchanges.push(id);
        }
    }

    /// Notes from where a feed of Orders is watched.
    pub fn watched_from(&mut self, last: ExchangeId) {
        self.report.watched_from.push(last);
    }

    /// Notes a check: it held, or there is a finding.
    pub fn check(&mut self, name: impl Into<CheckIdentity>, profile: Option<Profile>, finding: Option<Finding>) {
        let outcome = if finding.is_some() { CheckOutcome::Failed } else { CheckOutcome::Held };
        self.note(name.into(), profile, outcome, finding);
    }

    /// Notes a check that did not hold, and without which nothing that builds on this step can go on.
    pub fn fail(&mut self, name: impl Into<CheckIdentity>, finding: Finding) {
        self.note(name.into(), None, CheckOutcome::Failed, Some(finding));
        self.usable = false;
    }

    /// Notes that a check is blocked; nothing that builds on this step can continue.
    pub fn block(&mut self, name: impl Into<CheckIdentity>, finding: Finding) {
        self.note(name.into(), None, CheckOutcome::Blocked, Some(finding));
        self.usable = false;
    }

    /// Notes checks that were made elsewhere.
    pub fn extend(&mut self, checks: Vec<(CheckIdentity, CheckReport)>) {
        for (identity, check) in checks {
            self.note(identity, check.profile, check.outcome, check.finding.map(|finding| *finding));
        }
    }

    /// Notes what is worth knowing; the same thing twice is counted.
    pub fn remark(&mut self, remark: Remark) {
        let same = |known: &&mut Remark| {
            (&known.path, &known.message, known.exchange) == (&remark.path, &remark.message, remark.exchange)
        };
        match self.report.remarks.iter_mut().find(same) {
            Some(known) => known.count += remark.count,
            None => self.report.remarks.push(remark),
        }
    }

    /// Notes the choice that the target has made in a question that the specifications leave open.
    pub fn choose(&mut self, question: &OpenQuestion, choice: &str, exchange: Option<ExchangeId>) {
        let known = &mut self.report.choices;
        if !known.iter().any(|made| made.question == question.id && made.choice == choice) {
            let (question, title) = (question.id.into(), question.title.into());
            known.push(Choice { question, title, choice: choice.to_owned(), exchange });
        }
    }

    /// The target has nothing that this step could be about, and need not have it: there is nothing to judge.
    pub fn nothing(&mut self, reason: String) {
        self.report.note = Some(reason);
        self.vacuous = true;
        self.usable = false;
    }

    /// What of this step is not judged, and why: the target conforms either way.
    pub fn unjudged(&mut self, why: &str) {
        self.report.note = Some(format!("not judged: {why}"));
    }

    /// Whether what builds on this step can go on, so far.
    pub const fn usable(&self) -> bool {
        self.usable
    }

    /// Steps that build on this one can continue after all.
    pub const fn restore(&mut self) {
        self.usable = true;
    }

    /// The result of this step is missing: nothing that builds on it can continue.
    pub const fn unusable(&mut self) {
        self.usable = false;
    }

    /// Notes a check with the requirements that it finds broken. What breaks no MUST becomes a remark.
    fn note(
        &mut self,
        identity: CheckIdentity,
        profile: Option<Profile>,
        outcome: CheckOutcome,
        finding: Option<Finding>,
    ) {
        let mut finding = finding;
        let place = finding.as_ref().and_then(|found| found.stage).or(self.place);
        let stage = place.unwrap_or(Stage::Any);
        if let Some(found) = &mut finding {
            found.classify(stage);
            if let Some(id) = found.exchange {
                self.exchange(id);
            }
            if outcome == CheckOutcome::Failed {
                let grade = cite(found, &identity, place, &self.violates);
                let new = !self.fail_on_new && identity.row.is_some_and(|row| row.is_new(env!("CARGO_PKG_VERSION")));
                let grade = if new { grade.max(Grade::Should) } else { grade };
                if grade != Grade::Must {
                    let said = remark(std::mem::take(found), &identity, grade);
                    self.remark(said);
                    return;
                }
            }
        }
        let check = identity.row.map(|row| row.id.to_owned());
        let profile = profile.or(self.only);
        let finding = finding.map(Finding::boxed);
        self.checks.push(CheckReport { check, name: identity.text, stage, profile, outcome, finding });
    }

    /// Ends the step: its report, and whether what builds on it can go on.
    pub fn finish(mut self) -> (StepReport, bool) {
        let has = |outcome: CheckOutcome| self.checks.iter().any(|check| check.outcome == outcome);
        self.report.verdict = if has(CheckOutcome::Failed) {
            StepVerdict::Failed
        } else if has(CheckOutcome::Blocked) {
            StepVerdict::Blocked
        } else if self.vacuous {
            StepVerdict::NotRun
        } else {
            StepVerdict::Passed
        };
        self.report.checks = self.checks.into();
        self.report.exchanges.shrink_to_fit();
        self.report.duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (self.report, self.usable)
    }
}
