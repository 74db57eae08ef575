//! The findings of a run by their causes: a pure function of the [`RunReport`], which every rendering shares.
//!
//! Findings with one cause have the same subject and the same defect, whatever the stage, test, flow or type. A finding that
//! follows from another one of the same cells hangs on its cause.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::vocabulary::{Flow, OpportunityType, Stage};

use super::cell::{CellReport, CheckOutcome, CheckReport, Cited, Finding, StepReport, Verdict};
use super::exchange::ExchangeId;
use super::run::RunReport;

/// Characters of a reason that tell it from others.
const KEY: usize = 240;

/// The check that credentials can be obtained.
const CREDENTIALS: &str = "credentials";

/// The check that a step ends in time.
const STEP_ENDS: &str = "step-ends";

/// The check that a response can be read.
const READABLE: &str = "json-object";

/// Groups that differ by what was expected alone, from which on they are one.
const ALIKE: usize = 4;

/// Wordings of one cause that are looked for in others.
const WORDINGS: usize = 5;

/// Characters of a text that is found within another one by no chance.
const TELLING: usize = 16;

/// The check that a feed of Orders publishes updates.
const UPDATE_PUBLISHED: &str = "update-published";

/// Properties of one calculation: where one is wrong, the others follow.
const MONEY: &[&str] = &["price", "taxMode", "totalPaymentDue", "totalPaymentTax", "unitTaxSpecification"];

/// Where a cause lies, in the order of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// The target as a whole: it cannot be reached, or rejects everything.
    Target,
    /// The dataset site.
    DatasetSite,
    /// A feed.
    Feeds,
    /// Credentials.
    Credentials,
    /// A response, an update or an opportunity.
    Cells,
}

/// A finding of a cell, and where it was made.
#[derive(Debug, Clone, Copy)]
pub struct LocatedFinding<'r> {
    /// The number of the cell in the report.
    pub number: usize,
    /// The cell.
    pub cell: &'r CellReport,
    /// The step.
    pub step: &'r StepReport,
    /// The check.
    pub check: &'r CheckReport,
    /// The finding.
    pub finding: &'r Finding,
}

/// What follows from a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// What is wrong, in one line.
    pub message: String,
    /// Cells in which it is.
    pub cells: usize,
}

/// One cause, with everything that follows from it.
#[derive(Debug, Clone)]
pub struct CauseGroup<'r> {
    /// Where it lies.
    pub root: Root,
    /// `Failed` where it fails a cell or the target, `Blocked` where it only keeps cells from being judged.
    pub verdict: Verdict,
    /// What is wrong, in one line.
    pub message: &'r str,
    /// The best example in a cell. `None` where it was found beyond any cell, or kept cells from starting.
    pub example: Option<LocatedFinding<'r>>,
    /// The finding beyond any cell, where it is one.
    pub finding: Option<&'r Finding>,
    /// The exchange that shows it.
    pub exchange: Option<ExchangeId>,
    /// What to do about it, where no finding says so.
    pub hint: Option<&'r str>,
    /// Every finding with this cause, in the order of the report.
    pub findings: Vec<LocatedFinding<'r>>,
    /// Findings with this cause beyond any cell.
    pub beyond: Vec<&'r Finding>,
    /// What came before the same defect in different cells, such as `cancellation`, or the errors that were expected. Empty
    /// where there is one.
    pub variants: Vec<&'r str>,
    /// Stages at which it was found, in their order.
    pub stages: Vec<Stage>,
    /// Numbers of the cells in which it was found, or that could not be judged because of it.
    pub cells: Vec<usize>,
    /// Those of them that failed.
    pub failed: usize,
    /// What follows from it.
    pub consequences: Vec<Consequence>,
}

impl CauseGroup<'_> {
    /// Requirements that it violates, by all of its findings; those of the example first.
    #[must_use]
    pub fn violates(&self) -> Vec<&Cited> {
        let first = self.example.map(|example| example.finding).or(self.finding);
        let others = self.findings.iter().map(|located| located.finding).chain(self.beyond.iter().copied());
        let mut all: Vec<&Cited> = Vec::new();
        for cited in first.into_iter().chain(others).flat_map(|finding| &finding.violates) {
            if !all.iter().any(|known| known.id == cited.id) {
                all.push(cited);
            }
        }
        all
    }

    /// The finding that stands for all.
    #[must_use]
    pub fn shown(&self) -> Option<&Finding> {
        self.example.map(|example| example.finding).or(self.finding)
    }

    /// Cells that could not be judged because of it.
    #[must_use]
    pub fn blocked(&self) -> usize {
        self.cells.len().saturating_sub(self.failed)
    }

    /// In how many cells it is: `604 cells`, `1 failed cell, 20 blocked`. Empty where it is in none.
    #[must_use]
    pub fn extent(&self) -> String {
        let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        match (self.failed, self.blocked()) {
            (0, 0) => String::new(),
            (failed, 0) => cells(failed),
            (0, blocked) => cells(blocked),
            (failed, blocked) => format!("{}, {blocked} blocked", cells(failed)),
        }
    }
}

/// What makes two findings ones of the same cause: subject and defect. Where the subject is a whole response or feed, the
/// message without identifiers is part of the defect.
#[must_use]
pub fn cause_key(stage: Stage, check: Option<&str>, finding: &Finding) -> String {
    if check == Some(STEP_ENDS) {
        return reason_key(&finding.message);
    }
    if let Some((_, reason)) = finding.message.split_once(" was not sent: ") {
        return format!("unsent\n{}", general(reason));
    }
    let (subject, defect) = (subject(finding), defect(finding));
    let about_all = subject.is_empty() || subject == stage.subject();
    // The error with which a request is not rejected, whatever the stage and whatever came instead.
    if let Some(error) = finding.expected.as_deref().and_then(error_name)
        && (about_all || subject == "@type")
    {
        return format!("rejection\n{error}");
    }
    let what = if about_all { general(&finding.message) } else { constant(subject, finding.expected.as_deref()) };
    let subject = if about_all { stage.subject() } else { subject };
    format!("{subject}\n{defect}\n{what}")
}

/// What makes two reasons of cells that never started the same.
#[must_use]
pub fn reason_key(reason: &str) -> String {
    format!("\nreason\n{}", general(reason))
}

/// The name of a stage, as blocks show it: `C1`, `Orders feed`.
#[must_use]
pub fn stage_label(stage: Stage) -> &'static str {
    let subject = stage.subject();
    subject.strip_suffix(" response").unwrap_or(subject)
}

/// The subject of a finding. The remaining capacity is one property with two names.
fn subject(finding: &Finding) -> &str {
    match finding.subject.as_str() {
        "remainingUses" => "remainingAttendeeCapacity",
        other => other,
    }
}

/// The defect of a finding; a rule of the data model that says the same as a check is that defect.
fn defect(finding: &Finding) -> &str {
    match finding.defect.as_str() {
        "RequiredFieldsRule" | "RequiredOptionalFieldsRule" => "missing",
        other => other,
    }
}

/// The name of an error in an expected value, such as `HTTP 409: OpportunityIsFullError`.
fn error_name(expected: &str) -> Option<&str> {
    let text = match expected.strip_prefix("HTTP ") {
        Some(rest) => rest.split_once(": ")?.1,
        None => expected.trim_matches('"'),
    };
    (text.ends_with("Error") && text.chars().all(|c| c.is_ascii_alphanumeric())).then_some(text)
}

/// An expected value as far as it tells one fault from another: the name of an error, of a status or type, an HTTP status.
/// Values that depend on the example are not.
fn constant(subject: &str, expected: Option<&str>) -> String {
    let Some(expected) = expected else { return String::new() };
    let text = expected.trim_matches('"');
    let name = last_name(subject);
    let status = text.contains("openactive.io/") && (name.ends_with("Status") || name == "@type");
    let kept = status || error_name(expected).is_some() || text.starts_with("HTTP ");
    if kept { text.to_owned() } else { String::new() }
}

/// A text without what depends on the example: URLs, identifiers, numbers, types, flows and criteria.
fn general(text: &str) -> String {
    let mut general = String::with_capacity(text.len().min(KEY));
    let mut before = "";
    for (number, word) in text.split_whitespace().enumerate() {
        if !general.is_empty() {
            general.push(' ');
        }
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        let identifier = inner.len() >= 16 && inner.contains('-') && inner.contains(|c: char| c.is_ascii_digit());
        let kind = inner.parse::<OpportunityType>().is_ok() || inner.parse::<Flow>().is_ok();
        let named = inner.starts_with("TestOpportunity") || (number == 0 && inner.ends_with("SimulateAction"));
        if word.contains("://") || identifier || kind || named {
            general.push('…');
        } else if before == "HTTP" {
            general.push_str(word);
        } else {
            let mut digit = false;
            for c in word.chars() {
                if !(c.is_ascii_digit() && digit) {
                    general.push(if c.is_ascii_digit() { '#' } else { c });
                }
                digit = c.is_ascii_digit();
            }
        }
        before = word;
        if general.len() >= KEY {
            break;
        }
    }
    general
}

/// A group while it is made.
struct Draft<'r> {
    root: Root,
    /// The stage and subject of its first finding.
    stage: Stage,
    subject: &'r str,
    findings: Vec<LocatedFinding<'r>>,
    beyond: Vec<&'r Finding>,
    reason: Option<&'r str>,
    hint: Option<&'r str>,
    exchange: Option<ExchangeId>,
    /// The place of its first finding in each cell; none in cells that never started.
    places: BTreeMap<usize, Option<(usize, usize)>>,
    stages: BTreeSet<Stage>,
    fails: bool,
}

impl<'r> Draft<'r> {
    const fn new(root: Root, stage: Stage, subject: &'r str) -> Self {
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

    fn message(&self) -> &'r str {
        let best = self.best().map(|located| located.finding.message.as_str());
        let beyond = self.beyond.first().map(|finding| finding.message.as_str());
        self.reason.or(beyond).or(best).unwrap_or("unknown reason")
    }

    /// The finding that shows most: with its exchange, in a cell that failed, of one opportunity.
    fn best(&self) -> Option<LocatedFinding<'r>> {
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
    fn about_all(&self) -> bool {
        self.subject.is_empty() || self.subject == self.stage.subject()
    }
}

/// The causes of everything that is wrong in a run: root causes first, then by the number of cells.
#[must_use]
pub fn diagnose(report: &RunReport) -> Vec<CauseGroup<'_>> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    beyond_cells(report, &mut drafts, &mut known);
    let silent_feeds = silent_feeds(report);
    for (number, cell) in report.cells.iter().enumerate() {
        if cell.known.is_some() || !matches!(cell.verdict, Verdict::Failed | Verdict::Blocked) {
            continue;
        }
        let stopped = report.stopped.as_ref().filter(|_| cell.stopped).map(|stopped| stopped.message.as_str());
        if let Some(reason) = stopped {
            place(&mut drafts, &mut known, (reason, number, cell), report);
            continue;
        }
        let mut any = false;
        for (at, step) in cell.steps.iter().enumerate() {
            for (order, check) in step.checks.iter().enumerate() {
                let Some(finding) = &check.finding else { continue };
                any = true;
                // What blocks a cell that failed decides nothing about it.
                if cell.verdict == Verdict::Failed && check.outcome == CheckOutcome::Blocked && !is_cut(finding) {
                    continue;
                }
                let located = LocatedFinding { number, cell, step, check, finding };
                let silent = silent_feeds.contains(&check.stage) && is_late(check, finding);
                let key = if silent {
                    format!("{}\nlate\n", check.stage.subject())
                } else {
                    cause_key(check.stage, check.check.as_deref(), finding)
                };
                let draft = *known.entry(key).or_insert_with(|| {
                    drafts.push(Draft::new(root_of(check, finding), check.stage, subject(finding)));
                    drafts.len() - 1
                });
                if let Some(draft) = drafts.get_mut(draft) {
                    draft.fails |= check.outcome == CheckOutcome::Failed && cell.verdict == Verdict::Failed;
                    draft.findings.push(located);
                    draft.stages.insert(check.stage);
                    draft.places.entry(number).or_insert(Some((at, order)));
                }
            }
        }
        if !any {
            let reason = cell.reason.as_deref().unwrap_or("unknown reason");
            place(&mut drafts, &mut known, (reason, number, cell), report);
        }
    }
    for draft in &mut drafts {
        let blocked = draft.findings.iter().filter(|located| located.cell.verdict == Verdict::Blocked).count();
        if draft.stage == Stage::Auth && draft.root == Root::Cells && 2 * blocked > draft.findings.len() {
            draft.root = Root::Credentials;
        }
    }
    finished(report, alike(drafts))
}

/// Puts groups together that have subject, defect and what was found in common, where there are many of them: what was
/// expected is then beside the point.
fn alike(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let key = |draft: &Draft<'_>| -> Option<(String, String)> {
        let first = draft.findings.first()?.finding;
        let found = first.found.as_deref().filter(|_| draft.reason.is_none() && !draft.about_all())?;
        let same = draft.findings.iter().all(|located| located.finding.found.as_deref() == Some(found));
        same.then(|| (format!("{}\n{}", draft.subject, defect(first)), found.to_owned()))
    };
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    for key in drafts.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    let mut merged: Vec<Draft<'_>> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for draft in drafts {
        let Some(key) = key(&draft).filter(|key| counts.get(key).is_some_and(|count| *count >= ALIKE)) else {
            merged.push(draft);
            continue;
        };
        match places.get(&key).and_then(|at| merged.get_mut(*at)) {
            Some(known) => {
                known.findings.extend(draft.findings);
                known.stages.extend(draft.stages);
                known.fails |= draft.fails;
                for (cell, place) in draft.places {
                    let first = known.places.entry(cell).or_insert(place);
                    *first = (*first).min(place);
                }
            }
            None => {
                places.insert(key, merged.len());
                merged.push(draft);
            }
        }
    }
    merged
}

/// Puts a cell that has no finding of its own to the cause that its reason names.
fn place<'r>(
    drafts: &mut Vec<Draft<'r>>,
    known: &mut HashMap<String, usize>,
    (reason, number, cell): (&'r str, usize, &'r CellReport),
    report: &'r RunReport,
) {
    let same = drafts.iter().position(|draft| draft.places.is_empty() && draft.message() == reason);
    let draft = same.unwrap_or_else(|| {
        *known.entry(reason_key(reason)).or_insert_with(|| {
            let about_run = report.notices.iter().any(|notice| notice == reason);
            let root = if about_run { Root::Target } else { Root::Cells };
            drafts.push(Draft { reason: Some(reason), ..Draft::new(root, Stage::Any, "") });
            drafts.len() - 1
        })
    });
    // From now on it is found by its reason, also where it has cells.
    known.insert(reason_key(reason), draft);
    if let Some(draft) = drafts.get_mut(draft) {
        draft.fails |= cell.verdict == Verdict::Failed;
        draft.places.entry(number).or_insert(None);
    }
}

/// What stopped the run, and what is wrong with the target beyond any cell.
fn beyond_cells<'r>(report: &'r RunReport, drafts: &mut Vec<Draft<'r>>, known: &mut HashMap<String, usize>) {
    if let Some(stopped) = &report.stopped {
        let mut draft = Draft { reason: Some(&stopped.message), ..Draft::new(Root::Target, Stage::Any, "") };
        (draft.hint, draft.exchange) = (Some(stopped.hint.as_str()), stopped.exchange);
        known.insert(reason_key(&stopped.message), drafts.len());
        drafts.push(draft);
    }
    for finding in &report.findings {
        let about_feed = report.is_about_feed(&finding.message);
        let root = if about_feed { Root::Feeds } else { Root::DatasetSite };
        // What feeds of several types have in common is one cause.
        let what = match finding.message.split_once(": ") {
            Some((_, what)) if about_feed => what,
            _ => &finding.message,
        };
        let subject = if finding.path.is_some() { finding.path.as_deref().unwrap_or_default() } else { "" };
        let key = format!("\n{root:?}\n{subject}\n{}\n{}", finding.defect, general(what));
        let draft = *known.entry(key).or_insert_with(|| {
            let stage = if about_feed { Stage::OpportunityFeed } else { Stage::DatasetSite };
            drafts.push(Draft { fails: true, ..Draft::new(root, stage, &finding.subject) });
            drafts.len() - 1
        });
        if let Some(draft) = drafts.get_mut(draft) {
            draft.beyond.push(finding);
        }
    }
}

/// Whether a finding says that nothing came while it was waited for.
fn is_late(check: &CheckReport, finding: &Finding) -> bool {
    matches!(check.stage, Stage::OrdersFeed | Stage::ProposalsFeed) && finding.defect == "late"
}

/// Whether a finding says that a wait was cut short, as others before had ended in vain.
fn is_cut(finding: &Finding) -> bool {
    finding.cut
}

/// Feeds of Orders of which no wait for an update brought one: whatever should have caused it is beside the point.
fn silent_feeds(report: &RunReport) -> BTreeSet<Stage> {
    let mut late = BTreeSet::new();
    let mut met = BTreeSet::new();
    for cell in &report.cells {
        for check in cell.steps.iter().flat_map(|step| &step.checks) {
            if !matches!(check.stage, Stage::OrdersFeed | Stage::ProposalsFeed) {
                continue;
            }
            match &check.finding {
                Some(finding) if is_late(check, finding) => {
                    late.insert(check.stage);
                }
                _ if check.check.as_deref() == Some(UPDATE_PUBLISHED) && check.outcome == CheckOutcome::Held => {
                    met.insert(check.stage);
                }
                _ => {}
            }
        }
    }
    late.difference(&met).copied().collect()
}

/// Where the cause of a finding of a cell lies.
fn root_of(check: &CheckReport, finding: &Finding) -> Root {
    let id = check.check.as_deref();
    match check.stage {
        Stage::DatasetSite => Root::DatasetSite,
        Stage::Auth if id == Some(CREDENTIALS) => Root::Credentials,
        Stage::OrdersFeed | Stage::ProposalsFeed if id == Some(UPDATE_PUBLISHED) && finding.defect != "late" => {
            Root::Feeds
        }
        _ => Root::Cells,
    }
}

/// The last name of a path.
fn last_name(subject: &str) -> &str {
    subject.rsplit('.').next().unwrap_or(subject)
}

/// Whether the defects of two subjects may have one cause, where both are in the same cells.
fn related(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let (one, two) = (cause.subject, other.subject);
    if !cause.about_all() && !other.about_all() {
        let within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        let money = |subject: &str| subject.split('.').any(|name| MONEY.contains(&name));
        return one == two || within(one, two) || last_name(one) == last_name(two) || (money(one) && money(two));
    }
    false
}

/// Whether everything that a group found follows from what another one found.
fn follows(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if names_feed(cause, other) || tells_of(cause, other) || unreadable(cause, other) {
        return true;
    }
    let earlier = !other.places.is_empty()
        && other.places.iter().all(
            |(cell, place)| matches!((cause.places.get(cell), place), (Some(Some(first)), Some(then)) if first < then),
        );
    if !earlier {
        return false;
    }
    if !other.fails || related(cause, other) {
        return true;
    }
    // Where a response is wrong as a whole, so is what is in it.
    cause.about_all() && same_exchanges(cause, other)
}

/// Whether a cause is a feed that is wrong, and the other group says that this feed is. A feed that cannot be read at all
/// has other defects for it.
fn names_feed(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if cause.root != Root::Feeds || cause.beyond.is_empty() {
        return false;
    }
    let feed_of = |finding: &'_ Finding| finding.message.split_once(": ").map_or("", |(feed, _)| feed).to_owned();
    let names = |text: &str| {
        cause.beyond.iter().map(|finding| feed_of(finding)).any(|feed| !feed.is_empty() && text.contains(&feed))
    };
    let of_cells = !other.findings.is_empty()
        && other
            .findings
            .iter()
            .all(|located| names(&located.finding.message) || located.finding.found.as_deref().is_some_and(names));
    let halts = |draft: &Draft<'_>| draft.beyond.iter().any(|finding| finding.exchange.is_some());
    let of_feeds = !other.beyond.is_empty()
        && halts(cause)
        && !halts(other)
        && other.beyond.iter().all(|finding| names(&finding.message));
    of_cells || of_feeds
}

/// Whether the other group repeats a cause in its own words: it has its message, or the value that it found.
fn tells_of(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let shown = cause.beyond.first().copied().or_else(|| cause.best().map(|located| located.finding));
    // What stopped the run ends with what the last request came to.
    let stop = cause.reason.filter(|_| cause.root == Root::Target).and_then(|reason| Some(reason.split_once(": ")?.1));
    let Some(shown) = shown else {
        let told = |located: &LocatedFinding<'_>| stop.is_some_and(|stop| located.finding.message.contains(stop));
        return !other.findings.is_empty() && other.findings.iter().all(told);
    };
    let tail = |message: &'_ str| match message.split_once(": ") {
        Some((_, tail)) if cause.root == Root::Feeds => tail.to_owned(),
        _ => message.to_owned(),
    };
    let mut messages: Vec<String> = vec![tail(&shown.message)];
    for located in &cause.findings {
        if messages.len() < WORDINGS && !messages.contains(&located.finding.message) {
            messages.push(located.finding.message.clone());
        }
    }
    // What is found beyond any cell may be found in a cell by the same words.
    let beyond = !cause.beyond.is_empty() && other.beyond.is_empty();
    let about_site = cause.root == Root::DatasetSite;
    let value = shown.found.as_deref().map(|found| found.trim_matches('"'));
    let value = value.filter(|value| about_site && value.len() >= TELLING && value.contains("://"));
    let path = shown.path.as_deref().filter(|path| about_site && path.len() >= TELLING);
    let tells = |finding: &Finding| {
        let texts = [Some(&finding.message), finding.expected.as_ref(), finding.found.as_ref()];
        texts.into_iter().flatten().any(|text| {
            let has = |wanted: &str| {
                wanted.len() >= TELLING && (beyond || text.len() > wanted.len()) && text.contains(wanted)
            };
            messages.iter().any(|message| has(message))
                || value.is_some_and(has)
                || path.is_some_and(|path| text.contains(path))
        })
    };
    let of_cells = !other.findings.is_empty() && other.findings.iter().all(|located| tells(located.finding));
    let of_target = !other.beyond.is_empty() && other.beyond.iter().all(|finding| tells(finding));
    of_cells || (other.root > cause.root && of_target)
}

/// Whether the responses that the other group is about could not be read at all.
fn unreadable(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let reads = |located: &LocatedFinding<'_>| located.check.check.as_deref() == Some(READABLE);
    other.about_all()
        && !other.findings.is_empty()
        && cause.findings.first().is_some_and(reads)
        && !other.findings.iter().any(reads)
        && same_exchanges(cause, other)
}

/// Whether every finding of a group is shown by an exchange that shows the other group, too.
fn same_exchanges(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let shown: BTreeSet<ExchangeId> = cause.findings.iter().filter_map(|located| located.finding.exchange).collect();
    other.findings.iter().all(|located| located.finding.exchange.is_some_and(|id| shown.contains(&id)))
}

/// Hangs consequences on their causes, and puts causes in order.
fn finished<'r>(report: &'r RunReport, drafts: Vec<Draft<'r>>) -> Vec<CauseGroup<'r>> {
    let mut causes: Vec<Option<usize>> = vec![None; drafts.len()];
    for (number, draft) in drafts.iter().enumerate() {
        let size = |cause: &Draft<'_>| cause.places.len();
        // The largest group is the likeliest cause; of two that follow from each other, the first is.
        let cause = drafts
            .iter()
            .enumerate()
            .filter(|(other, cause)| *other != number && follows(cause, draft))
            .filter(|(other, cause)| *other < number || !follows(draft, cause))
            .max_by_key(|(other, cause)| (size(cause), std::cmp::Reverse(*other)));
        if let Some(slot) = causes.get_mut(number) {
            *slot = cause.map(|(other, _)| other);
        }
    }
    // A consequence of a consequence is one of the first cause.
    let root = |number: usize| {
        let mut at = number;
        for _ in 0..causes.len() {
            match causes.get(at).copied().flatten() {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    };
    let mut groups: Vec<(usize, CauseGroup<'r>)> = Vec::new();
    for (number, draft) in drafts.iter().enumerate().filter(|(number, _)| root(*number) == *number) {
        groups.push((number, group(report, draft)));
    }
    for (number, draft) in drafts.iter().enumerate() {
        let cause = root(number);
        if cause == number {
            continue;
        }
        if let Some((_, group)) = groups.iter_mut().find(|(known, _)| *known == cause) {
            group.consequences.push(Consequence { message: draft.message().to_owned(), cells: draft.places.len() });
            let mut cells: BTreeSet<usize> = group.cells.iter().copied().collect();
            cells.extend(draft.places.keys());
            group.cells = cells.into_iter().collect();
            group.failed = count_failed(report, &group.cells);
        }
    }
    let mut groups: Vec<CauseGroup<'r>> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut groups {
        group.consequences.sort_by_key(|consequence| std::cmp::Reverse(consequence.cells));
    }
    groups.sort_by_key(|group| (group.root, group.verdict != Verdict::Failed, std::cmp::Reverse(group.cells.len())));
    groups
}

fn count_failed(report: &RunReport, cells: &[usize]) -> usize {
    let failed = |number: &&usize| report.cells.get(**number).is_some_and(|cell| cell.verdict == Verdict::Failed);
    cells.iter().filter(failed).count()
}

fn group<'r>(report: &'r RunReport, draft: &Draft<'r>) -> CauseGroup<'r> {
    let cells: Vec<usize> = draft.places.keys().copied().collect();
    let example = if draft.reason.is_some() { None } else { draft.best() };
    let finding = draft.beyond.first().copied();
    let shown = example.map(|example| example.finding).or(finding);
    let mut variants: Vec<&'r str> = Vec::new();
    for located in &draft.findings {
        let message = located.finding.message.as_str();
        if let Some((_, cause)) = message.split_once(" after ")
            && is_late(located.check, located.finding)
            && !variants.contains(&cause)
        {
            variants.push(cause);
        }
    }
    if variants.is_empty() {
        for name in
            draft.findings.iter().filter_map(|located| located.finding.expected.as_deref()).filter_map(error_name)
        {
            if !variants.contains(&name) {
                variants.push(name);
            }
        }
    }
    if variants.len() < 2 {
        variants.clear();
    }
    CauseGroup {
        root: draft.root,
        verdict: if draft.fails { Verdict::Failed } else { Verdict::Blocked },
        message: draft.message(),
        example,
        finding,
        exchange: shown.and_then(|finding| finding.exchange).or(draft.exchange),
        hint: draft.hint,
        findings: draft.findings.clone(),
        beyond: draft.beyond.clone(),
        variants,
        stages: draft.stages.iter().copied().collect(),
        failed: count_failed(report, &cells),
        cells,
        consequences: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A check of a step: the stage, the subject, the defect and the message of its finding.
    type Row<'r> = (Stage, &'r str, &'r str, &'r str);

    fn finding((stage, subject, defect, message): Row<'_>) -> Finding {
        let mut finding = Finding::new(message);
        finding.path = (!subject.is_empty()).then(|| subject.to_owned());
        defect.clone_into(&mut finding.defect);
        finding.classify(stage);
        finding
    }

    fn report(cells: &[(&str, &[Row<'_>])]) -> RunReport {
        let cell = |(verdict, rows): &(&str, &[Row<'_>]), number: usize| {
            let outcome = if *verdict == "failed" { "failed" } else { "blocked" };
            let checks: Vec<_> = rows
                .iter()
                .map(|row| json!({"name": "n", "stage": row.0, "outcome": outcome, "finding": finding(*row)}))
                .collect();
            let step = json!({
                "step": "s", "title": "S", "verdict": verdict, "checks": checks, "exchanges": [], "duration_ms": 0
            });
            json!({
                "id": format!("f/t{number}"), "category": "c", "feature": "f", "test": format!("t{number}"), "name": "n",
                "verdict": verdict, "reason": "the reason of a cell that never began",
                "steps": if rows.is_empty() { json!([]) } else { json!([step]) },
                "rerun": "oa-test run", "duration_ms": 0
            })
        };
        let cells: Vec<_> = cells.iter().enumerate().map(|(number, one)| cell(one, number)).collect();
        serde_json::from_value(json!({
            "version": 4, "tool": {"name": "t", "version": "0"}, "target": {"dataset_site": "d"}, "started": "",
            "duration_ms": 0, "seed": 0, "profile": "strict", "mode": "controlled",
            "scope": {"complete": true, "planned": 0, "plan": ""}, "interrupted": false,
            "counts": {"passed": 0, "failed": 0, "blocked": 0, "skipped": 0}, "findings": [], "notices": [],
            "cells": cells, "skipped": [], "shortages": [], "feeds": [], "exchanges": [], "configuration": {}
        }))
        .unwrap()
    }

    #[test]
    fn one_property_and_one_defect_are_one_cause_whatever_the_stage() {
        let report = report(&[
            ("failed", &[(Stage::C1, "seller.name", "missing", "`seller.name` is missing")]),
            ("failed", &[(Stage::B, "seller.name", "RequiredFieldsRule", "`name` is missing from Organization")]),
        ]);
        let causes = diagnose(&report);
        assert_eq!(causes.len(), 1);
        assert_eq!((causes[0].stages.as_slice(), causes[0].failed), ([Stage::C1, Stage::B].as_slice(), 2));
        assert_eq!(causes[0].extent(), "2 cells");
    }

    #[test]
    fn two_properties_or_two_defects_are_two_causes() {
        let report = report(&[
            ("failed", &[(Stage::C1, "seller.name", "missing", "a")]),
            ("failed", &[(Stage::C1, "broker.name", "wrong", "b")]),
            ("failed", &[(Stage::C1, "seller.name", "wrong", "c")]),
        ]);
        assert_eq!(diagnose(&report).len(), 3);
    }

    #[test]
    fn what_is_within_a_missing_property_hangs_on_it() {
        let outer = (Stage::C2, "seller", "missing", "`seller` is missing");
        let inner = (Stage::C2, "seller.termsOfService", "missing", "`seller.termsOfService` is missing");
        let report = report(&[("failed", &[outer]), ("failed", &[outer, inner])]);
        let causes = diagnose(&report);
        assert_eq!(causes.len(), 1);
        assert_eq!(causes[0].consequences.len(), 1);
        assert_eq!(causes[0].consequences[0].cells, 1);
    }

    #[test]
    fn an_unrelated_defect_of_the_same_cells_is_another_cause() {
        let one = (Stage::C2, "seller", "missing", "`seller` is missing");
        let other = (Stage::C2, "customer.email", "wrong", "`customer.email` differs");
        let report = report(&[("failed", &[one, other]), ("failed", &[one, other])]);
        assert_eq!(diagnose(&report).len(), 2);
    }

    #[test]
    fn the_error_that_is_not_returned_is_the_cause_at_every_stage() {
        let expecting = |stage: Stage, message: &str| {
            let mut finding = finding((stage, "", "wrong", message));
            finding.expected = Some("HTTP 409: OpportunityIsFullError".to_owned());
            cause_key(stage, None, &finding)
        };
        let c1 = expecting(Stage::C1, "C1 succeeded; it must be rejected with OpportunityIsFullError");
        assert_eq!(c1, expecting(Stage::B, "B was not rejected with OpportunityIsFullError"));
        let other = finding((Stage::C1, "", "wrong", "C1 succeeded; it must be rejected with UnknownOfferError"));
        assert_ne!(c1, cause_key(Stage::C1, None, &other));
    }

    #[test]
    fn identifiers_and_numbers_tell_no_causes_apart_but_statuses_do() {
        let (one, other) = (
            "`remainingUses` of https://a.example/1 is 10 after C1",
            "`remainingUses` of https://b.example/22 is 9 after C1",
        );
        assert_eq!(general(one), general(other));
        assert_ne!(general("C1 returned HTTP 500"), general("C1 returned HTTP 404"));
        assert_eq!(general("AccessCodeUpdateSimulateAction returned HTTP 200"), "… returned HTTP 200");
        let (one, other) = ("the Orders feed has no update after Alpha", "the Orders feed has no update after Beta");
        assert_ne!(general(one), general(other));
    }

    #[test]
    fn cells_that_never_began_are_one_cause_by_their_reason() {
        let report = report(&[("blocked", &[]), ("blocked", &[])]);
        let causes = diagnose(&report);
        assert_eq!(causes.len(), 1);
        assert_eq!((causes[0].verdict, causes[0].blocked()), (Verdict::Blocked, 2));
    }

    #[test]
    fn a_wait_that_was_cut_short_is_counted_with_its_cause() {
        let late =
            (Stage::OrdersFeed, "", "late", "the Orders feed has no update of the Order after Order Cancellation");
        let mut report = report(&[("failed", &[late]), ("blocked", &[late])]);
        for check in report.cells[1].steps.iter_mut().flat_map(|step| &mut step.checks) {
            check.finding.as_mut().unwrap().cut = true;
        }
        let causes = diagnose(&report);
        assert_eq!(causes.len(), 1);
        assert_eq!(causes[0].extent(), "1 cell, 1 blocked");
    }
}
