//! Verification of a certificate: every claim is derived again from its evidence.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::catalogue::Catalogue;
use crate::client::feed::{PageObserver as _, RawPage};
use crate::harvest::{IssueLevel, LiveJudge};
use crate::plan::{Plan, Selection, plan};
use crate::results::{Counts, Grades, RUN_REPORT_VERSION, RunReport, Verdict};
use crate::run::{Replay, Replayed, plan_digest};
use crate::validate::{Remote, Severity, Validator};
use crate::vocabulary::Stage;

use super::award::obstacles;
use super::claims::{Facts, claims, facts};
use super::evidence::{packed, unpack};
use super::page::{data, expiry, page};
use super::sign::{PublicKey, signer};

/// Limit of reported reasons of one kind.
const LISTED: usize = 20;

/// Requirements of the verifier on a certificate.
#[derive(Debug, Clone, Default)]
pub struct ExpectedCertificate {
    /// Where the certificate was found.
    pub url: Option<String>,
    /// The required holder.
    pub holder: Option<String>,
    /// The required signing key.
    pub key: Option<PublicKey>,
}

/// One thing that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationCheck {
    /// The claim.
    pub what: &'static str,
    /// Why it does not hold; empty if it holds.
    pub wrong: Vec<String>,
    /// A note for a claim that holds.
    pub note: Option<String>,
}

/// Result of a verification.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// Everything that was looked at, in order. What could not be looked at for want of something earlier is left out.
    pub checks: Vec<VerificationCheck>,
    /// The holder of the certificate.
    pub holder: Option<String>,
}

impl Verification {
    /// Whether everything is as it must be.
    #[must_use]
    pub fn valid(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.wrong.is_empty())
    }

    fn add(&mut self, what: &'static str, wrong: impl IntoIterator<Item = String>) -> bool {
        let mut wrong: Vec<String> = wrong.into_iter().collect();
        if wrong.len() > LISTED {
            let more = wrong.len() - LISTED;
            wrong.truncate(LISTED);
            wrong.push(format!("and {more} more"));
        }
        let right = wrong.is_empty();
        self.checks.push(VerificationCheck { what, wrong, note: None });
        right
    }

    fn note(&mut self, note: String) {
        if let Some(last) = self.checks.last_mut() {
            last.note = Some(note);
        }
    }
}

/// Verifies the page of a certificate.
pub async fn verify(text: &str, wanted: &ExpectedCertificate, catalogue: &Catalogue, now: Timestamp) -> Verification {
    let mut verification = Verification::default();
    let certificate = match data(text) {
        Ok(certificate) => certificate,
        Err(problem) => {
            verification.add("the page contains a certificate", [problem]);
            return verification;
        }
    };
    verification.add("the page contains a certificate", None);
    let changed = "the page differs from the certificate that it contains";
    verification.add("the page matches the certificate", (page(&certificate) != text).then(|| changed.to_owned()));
    let claimed = |name: &str| certificate.get(name).and_then(Value::as_str).unwrap_or_default();
    verification.holder = certificate.get("awardedTo").and_then(|to| to.get("name")?.as_str()).map(str::to_owned);
    identity(&mut verification, claimed("@id"), wanted);
    validity(&mut verification, &certificate, now);
    signature(&mut verification, &certificate, wanted);
    let report = packed(&Value::Object(certificate.clone())).and_then(|packed| unpack(&packed));
    let report = match report {
        Ok(report) => report,
        Err(problem) => {
            verification.add("the evidence matches its digest", [problem]);
            return verification;
        }
    };
    verification.add("the evidence matches its digest", None);
    let tool = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let (name, version) = (report.tool.name.as_str(), report.tool.version.as_str());
    let other = (tool != (name, version) || report.version != RUN_REPORT_VERSION).then(|| {
        format!("the evidence was recorded by {name} {version}: verify with that version (this is {})", tool.1)
    });
    if !verification.add("the evidence was recorded by this version", other) {
        return verification;
    }
    let facts = match facts(&report) {
        Ok(facts) => facts,
        Err(lack) => {
            verification.add("the evidence contains the claimed run", [lack]);
            return verification;
        }
    };
    follows(&mut verification, &certificate, &report, &facts, catalogue);
    complete(&mut verification, &report, &facts, catalogue).await;
    verification
}

fn identity(verification: &mut Verification, id: &str, wanted: &ExpectedCertificate) {
    let elsewhere = wanted.url.as_deref().map(|url| url.split('#').next().unwrap_or(url)).filter(|url| *url != id);
    verification.add("the certificate is for its URL", elsewhere.map(|url| format!("found at {url}, issued for {id}")));
    if wanted.url.is_none() {
        verification.note(format!("issued for {id}; the URL is unknown (--url)"));
    }
    if let Some(holder) = &wanted.holder {
        let found = verification.holder.clone().unwrap_or_default();
        verification.add(
            "the certificate is awarded to the expected holder",
            (found != *holder).then(|| format!("awarded to {found}, not to {holder}")),
        );
    }
}

fn validity(verification: &mut Verification, certificate: &Map<String, Value>, now: Timestamp) {
    let created = certificate.get("dateCreated").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
    let problem = match (created, expiry(certificate)) {
        (Some(created), _) if created > now => Some(format!("created at {created}, which is in the future")),
        (Some(_), Some(until)) if until < now => Some(format!("expired at {until}")),
        (Some(_), Some(_)) => None,
        _ => Some("`dateCreated` or `validFor` is invalid".to_owned()),
    };
    if verification.add("the certificate is within its period of validity", problem)
        && let Some(until) = expiry(certificate)
    {
        verification.note(format!("until {until}"));
    }
}

fn signature(verification: &mut Verification, certificate: &Map<String, Value>, wanted: &ExpectedCertificate) {
    let outcome = signer(certificate);
    let problem = match (&outcome, &wanted.key) {
        (Err(problem), _) => Some(problem.clone()),
        (Ok(None), Some(_)) => Some("not signed".to_owned()),
        (Ok(Some(found)), Some(key)) if found != key => Some(format!("signed by another key, {found}")),
        _ => None,
    };
    if verification.add("the signature is valid", problem) {
        verification.note(match (outcome, &wanted.key) {
            (Ok(Some(_)), Some(_)) => "signed by the given key".to_owned(),
            (Ok(Some(key)), None) => format!("signed by {key}; use --public-key to require a key"),
            _ => "not signed: anyone can create such a certificate".to_owned(),
        });
    }
}

/// Every claim is the one that follows from the evidence.
fn follows(
    verification: &mut Verification,
    certificate: &Map<String, Value>,
    report: &RunReport,
    facts: &Facts,
    catalogue: &Catalogue,
) {
    let id = certificate.get("@id").and_then(Value::as_str).unwrap_or_default();
    let created = certificate.get("dateCreated").and_then(Value::as_str).and_then(|at| at.parse().ok());
    let expected = claims(report, facts, catalogue, id, created.unwrap_or(Timestamp::UNIX_EPOCH));
    let mut wrong = Vec::new();
    for (name, value) in &expected {
        if certificate.get(name) != Some(value) {
            let found = certificate.get(name).map_or_else(|| "nothing".to_owned(), ToString::to_string);
            wrong.push(format!("{name} is {found}; the evidence shows {value}"));
        }
    }
    let beside = ["associatedMedia", "proof"];
    let unknown = certificate.keys().filter(|name| !expected.contains_key(*name) && !beside.contains(&name.as_str()));
    wrong.extend(unknown.map(|name| format!("{name} is not supported by the evidence")));
    let configured = report.configuration.pointer("/integrationTests/conformanceCertificateId").and_then(Value::as_str);
    if configured != Some(id) {
        let configured = configured.unwrap_or("nothing");
        wrong.push(format!("the run was for a certificate at {configured}, not at {id}"));
    }
    let ended: Option<Timestamp> = report.started.parse().ok();
    if ended.zip(created).is_none_or(|(started, created)| started > created) {
        wrong.push("the certificate is older than its evidence".to_owned());
    }
    verification.add("the evidence supports every claim", wrong);
}

/// Checks that the run has every cell that its configuration requires, each passed, and that each passes when it is replayed.
async fn complete(verification: &mut Verification, report: &RunReport, facts: &Facts, catalogue: &Catalogue) {
    let mut wrong = obstacles(report);
    if report.counts != Counts::of(&report.cells) {
        wrong.push("the counts of cells differ from the cells".to_owned());
    }
    if report.grades != Grades::of(&report.cells, &report.findings, &report.remarks) {
        wrong.push("the counts of findings differ from the findings".to_owned());
    }
    for feed in report.feeds.iter().filter(|feed| !feed.reached_end || feed.error.is_some()) {
        wrong.push(format!("the {} was not read to its last page", feed.name));
    }
    if verification.add("the run passed and is complete", wrong) && report.counts.skipped > 0 {
        verification.note(format!("{} cells were skipped", report.counts.skipped));
    }
    // A run with what waits for long is a whole one, too.
    let with = |slow: bool| {
        let selection = Selection { slow, ..Selection::default() };
        plan(catalogue, &facts.config, report.profile, &selection)
    };
    let patient = with(true).ok().filter(|plan| plan_digest(plan) == report.scope.plan);
    let plan = match patient.map_or_else(|| with(false), Ok) {
        Ok(plan) => plan,
        Err(problem) => {
            verification.add("the run contains every cell of the configuration", [problem.to_string()]);
            return;
        }
    };
    verification.add("the run contains every cell of the configuration", cells(&plan, report));
    replayed(verification, report, facts, &plan).await;
    let judged = feeds(report).await;
    verification.add("the pages and items of the feeds conform", judged);
    let partly: Vec<&str> = report.feeds.iter().filter(|feed| !feed.recorded).map(|feed| feed.name.as_str()).collect();
    if !partly.is_empty() {
        verification
            .note(format!("too large to be included in full: {}; absence of items is not verified", partly.join(", ")));
    }
}

fn cells(plan: &Plan, report: &RunReport) -> Vec<String> {
    let mut wrong = Vec::new();
    for cell in plan.cells.iter().filter(|cell| !report.cells.iter().any(|known| known.id == cell.id)) {
        wrong.push(format!("{} is missing", cell.id));
    }
    for cell in report.cells.iter().filter(|cell| !plan.cells.iter().any(|known| known.id == cell.id)) {
        wrong.push(format!("{} does not belong to this configuration", cell.id));
    }
    for (number, cell) in report.cells.iter().enumerate() {
        if report.cells.iter().take(number).any(|before| before.id == cell.id) {
            wrong.push(format!("{} occurs twice", cell.id));
        }
        // Skipped cells are replayed, too.
        if !matches!(cell.verdict, Verdict::Passed | Verdict::Skipped) {
            wrong.push(format!("{} is {}", cell.id, cell.verdict.word()));
        }
    }
    if wrong.is_empty() && (report.scope.plan != plan_digest(plan) || report.scope.planned != plan.cells.len()) {
        wrong.push("the plan of the run differs".to_owned());
    }
    wrong
}

async fn replayed(verification: &mut Verification, report: &RunReport, facts: &Facts, plan: &Plan) {
    let what = "the recorded exchanges confirm every check";
    let replay = Replay::of(report, Arc::new(facts.config.clone()), &facts.site, &facts.dataset_site);
    let replay = match replay {
        Ok(replay) => replay,
        Err(lack) => {
            verification.add(what, [lack]);
            return;
        }
    };
    let outcomes = replay.all(plan).await;
    let attested = outcomes.values().filter(|outcome| **outcome == Replayed::Attested).count();
    let confirmed = outcomes.values().filter(|outcome| **outcome == Replayed::Confirmed).count();
    let wrong = outcomes.into_iter().filter_map(|(cell, outcome)| match outcome {
        Replayed::Differs(why) => Some(format!("{cell}: {why}")),
        _ => None,
    });
    if verification.add(what, wrong) {
        let rest = match attested {
            0 => String::new(),
            n => format!("; {n} depend on tokens and passwords, which the evidence omits, and are not verified"),
        };
        verification.note(format!("{confirmed} cells replayed{rest}"));
    }
}

/// Failures in the recorded pages of the feeds, by the rules of RPDE and, for opportunities, the data model.
async fn feeds(report: &RunReport) -> Vec<String> {
    let validator = Arc::new(Validator::new(Remote::none()));
    let mut judges: Vec<(String, LiveJudge)> = Vec::new();
    for exchange in report.exchanges.iter() {
        let (Some(feed), Some(answer)) = (exchange.feed.as_deref(), &exchange.answer) else { continue };
        if answer.status != 200 || answer.truncated {
            continue;
        }
        let Some(raw) = RawPage::recorded(&exchange) else { continue };
        let at = judges.iter().position(|(name, _)| name == feed).unwrap_or_else(|| {
            let judge = match feed {
                feed if feed.starts_with("Orders feed (") => LiveJudge::of_pages(feed, Stage::OrdersFeed),
                feed if feed.starts_with("OrderProposals feed (") => LiveJudge::of_pages(feed, Stage::ProposalsFeed),
                feed => LiveJudge::new(feed, Arc::clone(&validator)),
            };
            judges.push((feed.to_owned(), judge));
            judges.len() - 1
        });
        if let Some((_, judge)) = judges.get(at) {
            judge.page(raw);
        }
    }
    let mut wrong = Vec::new();
    for (feed, judge) in judges {
        let (issues, items) = judge.finish().await;
        let issues = issues.into_iter().filter(|issue| issue.severity == IssueLevel::Failure);
        wrong.extend(issues.map(|issue| format!("{feed}: {}", issue.message)));
        let items = items.into_iter().filter(|item| item.severity == Severity::Failure);
        wrong.extend(items.map(|item| format!("{feed}: {} (item {})", item.message, item.first)));
    }
    wrong
}
