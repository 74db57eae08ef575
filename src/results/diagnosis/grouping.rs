//! Findings grouped by what makes them ones of the same cause.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::results::cell::{CellReport, Verdict};
use crate::results::exchange::ExchangeId;
use crate::results::finding::{CheckOutcome, CheckReport, Finding};
use crate::results::run::RunReport;
use crate::vocabulary::{Stage, in_order};

use super::cause::{LocatedFinding, Root};
use super::draft::Draft;
use super::key::{base_key, cause_key, defect, general, reason_key, subject};

/// The check that credentials can be obtained.
const CREDENTIALS: &str = "credentials";

/// The check of the data model, which reports every finding.
const VALID: &str = "valid";

/// The defect of a property that is omitted.
const MISSING: &str = "missing";

/// Groups that differ by what was expected alone, from which on they are one.
const ALIKE: usize = 4;

/// The check that a feed of Orders publishes updates.
const UPDATE_PUBLISHED: &str = "update-published";

/// The findings of a run in groups, each with one subject and one defect, in the order in which they were first found.
pub(super) fn grouped(report: &RunReport) -> Vec<Draft<'_>> {
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
                    let mut draft = Draft::new(root_of(check, finding), check.stage, subject(finding));
                    if !silent {
                        draft.base = base_key(check.stage, check.check.as_deref(), finding);
                    }
                    drafts.push(draft);
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
    let mut drafts = siblings(alike(said_twice(joined(drafts))));
    drafts.iter_mut().for_each(Draft::pick_example);
    drafts
}

/// Whether each cell of a group has the cause before what the group found.
pub(super) fn comes_first(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    !other.places.is_empty()
        && other.places.iter().all(
            |(cell, place)| matches!((cause.places.get(cell), place), (Some(Some(first)), Some(then)) if first < then),
        )
}

/// Puts groups together that have subject and defect in common, where one document has from another one what is wrong: a feed
/// from the response, Order Status from both. Where a cell shows the later document alone to be wrong, that is another cause.
fn joined(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let mut left: Vec<Option<Draft<'_>>> = drafts.into_iter().map(Some).collect();
    for at in 0..left.len() {
        let Some(draft) = left.get_mut(at).and_then(Option::take) else { continue };
        let same = |other: &&mut Option<Draft<'_>>| {
            other
                .as_ref()
                .is_some_and(|other| !draft.base.is_empty() && other.base == draft.base && comes_first(other, &draft))
        };
        match left.iter_mut().find(same) {
            Some(Some(cause)) => cause.take(draft),
            _ => {
                if let Some(place) = left.get_mut(at) {
                    *place = Some(draft);
                }
            }
        }
    }
    left.into_iter().flatten().collect()
}

/// Puts what the data model says of a property with what a check says of it: both found the same value, or object to the same
/// responses most of the time.
fn said_twice(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let of_model =
        |draft: &Draft<'_>| draft.findings.iter().all(|located| located.check.check.as_deref() == Some(VALID));
    let (model, mut said): (Vec<_>, Vec<_>) = drafts.into_iter().enumerate().partition(|(_, draft)| {
        of_model(draft) && draft.beyond.is_empty() && !draft.findings.is_empty() && !draft.about_all()
    });
    for (number, draft) in model {
        let exchanges: HashSet<Option<ExchangeId>> =
            draft.findings.iter().map(|located| located.finding.exchange).collect();
        let value = single_value(&draft);
        let same = |other: &Draft<'_>| {
            let shared: HashSet<Option<ExchangeId>> = other
                .findings
                .iter()
                .map(|located| located.finding.exchange)
                .filter(|id| id.is_some() && exchanges.contains(id))
                .collect();
            other.subject == draft.subject
                && other.fails == draft.fails
                && (2 * shared.len() > exchanges.len() || (value.is_some() && single_value(other) == value))
        };
        match said.iter_mut().find(|(_, other)| !of_model(other) && same(other)) {
            Some((_, other)) => other.take(draft),
            None => said.push((number, draft)),
        }
    }
    in_order(said)
}

/// The value that every finding of a group found.
fn single_value<'r>(draft: &Draft<'r>) -> Option<&'r str> {
    let found = draft.findings.first()?.finding.found.as_deref()?;
    draft.findings.iter().all(|located| located.finding.found.as_deref() == Some(found)).then_some(found)
}

/// Puts groups together that have subject, defect and what was found in common, where there are many of them: what was
/// expected, or which response it was, is then beside the point. Two are enough where requests are rejected in the same words.
fn alike(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let key = |draft: &Draft<'_>| -> Option<(String, String, usize)> {
        let first = draft.findings.first()?.finding;
        if draft.about_all() && draft.reason.is_none() {
            let check = draft.findings.first()?.check.check.as_deref().unwrap_or_default();
            let named = draft.base.starts_with("rejection") || draft.base.starts_with("unsent");
            let kind = format!("{check}\n{}", defect(first));
            if let Some(found) = single_value(draft).filter(|found| found.starts_with("HTTP 4") && found.contains(", "))
            {
                return (!named).then(|| (kind, found.to_owned(), 2));
            }
            // Which request it was may stand before a colon.
            let what = first.message.split_once(": ").map_or(first.message.as_str(), |(_, what)| what);
            return (!named).then(|| (kind, general(what), ALIKE));
        }
        let found = single_value(draft).filter(|_| draft.reason.is_none() && !draft.about_all())?;
        Some((format!("{}\n{}", draft.subject, defect(first)), found.to_owned(), ALIKE))
    };
    let mut counts: HashMap<(String, String, usize), usize> = HashMap::new();
    for key in drafts.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    let mut merged: Vec<Draft<'_>> = Vec::new();
    let mut places: HashMap<(String, String, usize), usize> = HashMap::new();
    for draft in drafts {
        let Some(key) = key(&draft).filter(|key| counts.get(key).is_some_and(|count| *count >= key.2)) else {
            merged.push(draft);
            continue;
        };
        match places.get(&key).and_then(|at| merged.get_mut(*at)) {
            Some(known) => known.take(draft),
            None => {
                places.insert(key, merged.len());
                merged.push(draft);
            }
        }
    }
    merged
}

/// Puts groups together that are about missing properties, by one check: of one object, each in documents of its own, where the
/// check reports the first of them alone and the request decides which one that is; or all of them in the same documents.
fn siblings(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let key = |draft: &Draft<'_>| -> Option<String> {
        let first = draft.findings.first().filter(|_| !draft.about_all())?;
        let check = first.check.check.as_deref().filter(|check| *check != VALID)?;
        let same = |located: &LocatedFinding<'_>| {
            located.check.check.as_deref() == Some(check) && defect(located.finding) == MISSING
        };
        draft.findings.iter().all(same).then(|| check.to_owned())
    };
    let object = |draft: &Draft<'_>| draft.subject.rsplit_once('.').map(|(object, _)| object.to_owned());
    let mut merged: Vec<Draft<'_>> = Vec::new();
    for draft in drafts {
        let known = key(&draft).and_then(|wanted| {
            let documents = |group: &Draft<'_>| -> HashSet<(usize, Option<ExchangeId>)> {
                group.findings.iter().map(|located| (located.number, located.finding.exchange)).collect()
            };
            let own = documents(&draft);
            let beside = |known: &Draft<'_>| {
                let (others, of_one) = (documents(known), object(known).is_some() && object(known) == object(&draft));
                others == own || (of_one && others.is_disjoint(&own))
            };
            merged.iter_mut().find(|known| key(known).as_ref() == Some(&wanted) && beside(known))
        });
        match known {
            Some(known) => {
                known.siblings.push(draft.subject);
                known.take(draft);
            }
            None => merged.push(draft),
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
        // One property of the items of several feeds is wrong in the same way, whatever their types.
        let what = if about_feed && !subject.is_empty() { String::new() } else { general(what) };
        let key = format!("\n{root:?}\n{subject}\n{}\n{what}", finding.defect);
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
pub(super) fn is_late(check: &CheckReport, finding: &Finding) -> bool {
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
