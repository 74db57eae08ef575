//! What a run saw of its target beyond any cell: the dataset site and the feeds as wholes. What is wrong with them follows from
//! it, during the run and when the run is judged again.

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::checks::{cite, rpde};
use crate::client::feed::FeedStop;
use crate::client::{DatasetSite, Redactor, Response, read_dataset_site};
use crate::harvest::{FeedTrace, Issue, IssueLevel, ItemIssue};
use crate::results::{Exchange, ExchangeId, Finding, Remark, RemarkLevel, RunReport, SavedTrace, Texts};
use crate::validate::{Remote, Severity, Validator};
use crate::vocabulary::{Stage, closest};

use super::aftermath::{ORPHANS, Remnant, judge};

/// The specification of the data model.
const MODEL: &str = "https://openactive.io/modelling-opportunity-data/";

/// Something that a run saw of its target beyond any cell.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum TargetEvent {
    /// The dataset site was read.
    DatasetSite(SiteRead),
    /// The reading of a feed ended before its end.
    Stop(FeedStop),
    /// A feed was read.
    Feed(FeedTrace),
    /// What the look at the end of the run saw that is not as the cells left it.
    Aftermath {
        /// What it is.
        remnants: Vec<Remnant>,
    },
}

/// The dataset site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SiteRead {
    /// The exchange that brought it.
    pub(super) exchange: ExchangeId,
}

/// What stands between the pages of a feed in a trace. Within a text, the quotation marks would be escaped.
const BETWEEN_PAGES: &str = ",{\"url\":";

/// So many bytes of a trace are searched for secrets at once, and what is left of a page: the search needs several times the
/// memory of what is searched.
const SEARCHED: usize = 64 * 1024;

/// Takes the JSON of events as it is written, and passes it on in parts without secrets.
struct Parts<'p> {
    text: Vec<u8>,
    /// From this length on, the end of a page is looked for.
    long: usize,
    redactor: &'p Redactor,
    take: &'p mut dyn FnMut(&str),
}

impl Parts<'_> {
    /// Passes on as many bytes.
    fn pass(&mut self, length: usize) {
        let rest = self.text.split_off(length);
        let part = std::mem::replace(&mut self.text, rest);
        (self.take)(&self.redactor.text(&String::from_utf8_lossy(&part)));
    }
}

impl Write for Parts<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if self.text.len() >= self.long {
            let end = self.text.windows(BETWEEN_PAGES.len()).rposition(|window| window == BETWEEN_PAGES.as_bytes());
            // A fragment ends with the comma.
            if let Some(end) = end {
                self.pass(end + 1);
            }
            self.long = self.text.len() + SEARCHED;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.pass(self.text.len());
        Ok(())
    }
}

/// Events as they are saved.
pub(super) fn saved(events: &[TargetEvent], redactor: &Redactor, texts: &Texts) -> SavedTrace {
    if events.is_empty() {
        return SavedTrace::default();
    }
    SavedTrace::of_parts(texts, |take| {
        let mut parts = Parts { text: Vec::new(), long: SEARCHED, redactor, take };
        // Neither the events nor what takes them can fail.
        let _ = serde_json::to_writer(&mut parts, events).map(|()| parts.flush());
    })
}

/// What is wrong with a dataset site that leads to no Open Booking API; `None` where it leads there.
fn without_endpoint(site: &DatasetSite) -> Option<Finding> {
    if site.booking_api.is_some() {
        return None;
    }
    let nothing = serde_json::Map::new();
    let members = |value: Option<&serde_json::Value>| value.and_then(|value| value.as_object()).cloned();
    let dataset = site.dataset.as_object().unwrap_or(&nothing);
    let service = members(dataset.get("accessService"));
    let (missing, names) = match &service {
        None => ("accessService", dataset.keys()),
        Some(service) => ("endpointUrl", service.keys()),
    };
    let similar = closest(missing, names.map(String::as_str));
    let path = if service.is_some() { "accessService.endpointUrl" } else { "accessService" };
    let found = similar.map_or_else(|| "nothing".to_owned(), |similar| format!("`{similar}`"));
    let finding = Finding::new(format!("`{path}` of the dataset site is missing"))
        .expected(format!("`{missing}`, with the Base URI of the Open Booking API"), found)
        .path(path)
        .spec("https://openactive.io/open-booking-api/EditorsDraft/#endpoints")
        .violating(["OB-paths-and-verbs-2"]);
    Some(match similar {
        Some(similar) => {
            finding.hint(format!("`{similar}` is not a property of the data model: rename it to `{missing}`"))
        }
        None => finding,
    })
}

/// Findings about a dataset site, with that it leads to no Open Booking API where it does not.
pub(super) fn with_endpoint(site: Option<&DatasetSite>, mut findings: Vec<Finding>) -> Vec<Finding> {
    if let Some(missing) = site.and_then(without_endpoint) {
        // That the property is there in other letters is the same mistake.
        let other = |finding: &Finding| finding.path.as_deref().is_some_and(|path| path.eq_ignore_ascii_case(ENDPOINT));
        findings.retain(|finding| !other(finding));
        findings.push(missing);
    }
    findings
}

/// Where a Dataset names the Open Booking API.
const ENDPOINT: &str = "accessService.endpointUrl";

/// What is wrong with a dataset site, by the exchange that brought it.
///
/// # Errors
/// In words, why it cannot be judged.
fn judged_site(exchange: &Exchange) -> Result<Vec<Finding>, String> {
    if exchange.answer.as_ref().is_some_and(|answer| answer.truncated) {
        return Err(format!("the record has only the beginning of exchange {}", exchange.id));
    }
    let (site, findings) = read_dataset_site(&Response::recorded(exchange));
    Ok(with_endpoint(site.as_ref(), findings))
}

/// What a run found beyond its cells, judged again.
#[derive(Debug, Default)]
pub(super) struct TargetJudgement {
    /// What is wrong.
    pub(super) findings: Vec<Finding>,
    /// What is worth knowing.
    pub(super) remarks: Vec<Remark>,
    /// What cannot be judged again and is as it was: a name, and why.
    pub(super) unjudged: Vec<(String, String)>,
}

/// What is unjudged where the run has no trace.
const BEYOND: &str = "the target beyond the cells";

/// Judges the target of a saved run again, beyond the cells.
pub(super) fn judge_target(report: &RunReport) -> TargetJudgement {
    let unchanged = |reason: &str| TargetJudgement {
        findings: report.findings.clone(),
        remarks: report.remarks.clone(),
        unjudged: vec![(BEYOND.to_owned(), reason.to_owned())],
    };
    let Some(text) = report.trace.text() else { return unchanged("`trace` is missing") };
    let events: Vec<TargetEvent> = match serde_json::from_str(&text) {
        Ok(events) => events,
        Err(error) => return unchanged(&format!("the trace is broken: {error}")),
    };
    let mut judgement = TargetJudgement::default();
    let feeds: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            TargetEvent::DatasetSite(_) | TargetEvent::Aftermath { .. } => None,
            TargetEvent::Stop(stop) => Some(stop.feed.as_str()),
            TargetEvent::Feed(trace) => Some(trace.feed.as_str()),
        })
        .collect();
    let of = |feed: &str, message: &str| message.strip_prefix(feed).is_some_and(|rest| rest.starts_with(": "));
    let of_feed = |message: &str| feeds.iter().any(|feed| of(feed, message));
    let (mut observed, warnings) = events
        .iter()
        .find_map(|event| if let TargetEvent::Aftermath { remnants } = event { Some(judge(remnants)) } else { None })
        .unwrap_or_default();
    observed.extend(across(&events));
    // What the followers of the feeds did not see is as it was.
    let others = report.remarks.iter().filter(|remark| !of_feed(&remark.message) && remark.message != ORPHANS);
    judgement.remarks.extend(warnings.into_iter().chain(others.cloned()));
    let before = || report.findings.iter().filter(|finding| !of_feed(&finding.message)).cloned();
    let mut site = None;
    let validator = Validator::new(Remote::none());
    let mut stops = Vec::new();
    let mut found = Vec::new();
    for event in &events {
        match event {
            TargetEvent::DatasetSite(read) => {
                let exchange = report.exchange(read.exchange);
                let lacks = || format!("exchange {} is not in the record", read.exchange);
                match exchange.ok_or_else(lacks).and_then(|exchange| judged_site(&exchange)) {
                    Ok(findings) => site = Some(findings),
                    Err(reason) => judgement.unjudged.push(("the dataset site".to_owned(), reason)),
                }
            }
            TargetEvent::Stop(stop) => stops.push(stop.finding()),
            TargetEvent::Aftermath { .. } => {}
            TargetEvent::Feed(trace) => {
                let judged = match trace.left_out {
                    0 => trace.judge(&validator, &|id| report.exchange(id)),
                    count => Err(format!("the run kept no trace of {count} of its pages and items")),
                };
                match judged {
                    Ok((issues, items)) => {
                        let (wrong, worth) = judged_feed(&trace.feed, trace.stage, issues, items);
                        found.extend(wrong);
                        judgement.remarks.extend(worth);
                    }
                    Err(reason) => {
                        judgement.unjudged.push((trace.feed.clone(), reason));
                        let stopped = |finding: &&Finding| {
                            stops.iter().chain(&observed).any(|stop| stop.message == finding.message)
                        };
                        let known = report.findings.iter().filter(|finding| of(&trace.feed, &finding.message));
                        found.extend(known.filter(|finding| !stopped(finding)).cloned());
                        let known = report.remarks.iter().filter(|remark| of(&trace.feed, &remark.message));
                        judgement.remarks.extend(known.cloned());
                    }
                }
            }
        }
    }
    judgement.findings = site.unwrap_or_else(|| {
        let seen = |finding: &Finding| observed.iter().any(|other| other.message == finding.message);
        before().filter(|finding| !seen(finding)).collect()
    });
    judgement.findings.extend(stops);
    judgement.findings.extend(observed);
    judgement.findings.extend(found);
    judgement
}

/// What is wrong with the opportunity feeds together.
fn across(events: &[TargetEvent]) -> Vec<Finding> {
    let feeds = events.iter().filter_map(|event| match event {
        TargetEvent::Feed(trace) if trace.stage == Stage::OpportunityFeed => Some(trace),
        _ => None,
    });
    let feeds: Vec<&FeedTrace> = feeds.collect();
    let found = FeedTrace::across(&feeds).into_iter();
    let of = |(number, issue): (usize, Issue)| {
        let trace = feeds.get(number)?;
        Some(judged_feed(&trace.feed, trace.stage, vec![issue], Vec::new()).0)
    };
    found.filter_map(of).flatten().collect()
}

/// What was found in the pages and items of a feed: what breaks a rule, and what is worth knowing.
pub(super) fn judged_feed(
    feed: &str,
    stage: Stage,
    issues: Vec<Issue>,
    items: Vec<ItemIssue>,
) -> (Vec<Finding>, Vec<Remark>) {
    let mut findings = Vec::new();
    let mut remarks = Vec::new();
    for issue in issues {
        let message = format!("{feed}: {}", issue.message);
        let mut finding = Finding::new(message).spec(rpde::spec_of(issue.rule, stage));
        finding.expected = Some(issue.expected.to_owned());
        feed.clone_into(&mut finding.subject);
        issue.rule.id.clone_into(&mut finding.defect);
        let level = match issue.severity {
            IssueLevel::Failure => {
                let times = if issue.count == 1 { "once".to_owned() } else { format!("{} times", issue.count) };
                (finding.found, finding.hint) = (Some(issue.first), Some(format!("seen {times}")));
                cite(&mut finding, &issue.rule.into(), Some(stage), &[]);
                findings.push(finding);
                continue;
            }
            IssueLevel::Warning => RemarkLevel::Warning,
            IssueLevel::Suggestion => RemarkLevel::Suggestion,
        };
        remarks.push(Remark {
            requirements: Vec::new(),
            level,
            message: format!("{} (expected {})", finding.message, issue.expected),
            path: String::new(),
            rule: issue.rule.id.to_owned(),
            model: None,
            count: issue.count,
            first: Some(issue.first),
            exchange: None,
        });
    }
    for item in items {
        let path = item.path.trim_start_matches("$.").to_owned();
        let level = match item.severity {
            Severity::Failure => {
                let count = if item.count == 1 { "1 item".to_owned() } else { format!("{} items", item.count) };
                let first = &item.first;
                let mut finding = Finding::new(format!("{feed}: {} ({count})", item.message))
                    .path(path)
                    .spec(MODEL)
                    .hint(format!("first item: {first}; run `oa-test explain rule {}` for the rule", item.rule));
                (finding.expected, finding.found) = (item.expected, item.found);
                finding.rule = Some(item.rule.to_owned());
                finding.model = item.model.map(str::to_owned);
                findings.push(finding);
                continue;
            }
            Severity::Warning => RemarkLevel::Warning,
            Severity::Suggestion | Severity::Notice => RemarkLevel::Suggestion,
        };
        remarks.push(Remark {
            requirements: Vec::new(),
            level,
            message: format!("{feed}: {}", item.message),
            path,
            rule: item.rule.to_owned(),
            model: item.model.map(str::to_owned),
            count: item.count,
            first: Some(format!("item {}", item.first)),
            exchange: None,
        });
    }
    (findings, remarks)
}

#[cfg(test)]
mod tests {
    use super::{SEARCHED, TargetEvent, saved};
    use crate::client::Redactor;
    use crate::client::feed::RawPage;
    use crate::harvest::FeedTrace;
    use crate::results::Texts;
    use crate::vocabulary::Stage;

    #[test]
    fn a_trace_is_saved_in_parts_without_secrets() {
        let redactor = Redactor::default();
        redactor.learn("a-secret-token");
        let mut trace = FeedTrace::new("Orders feed", Stage::OrdersFeed);
        for number in 0..40 {
            let next = format!("https://a.example/{number}?token=a-secret-token&{}", "x".repeat(SEARCHED / 10));
            let text = format!(r#"{{"next":"{next}","items":[]}}"#);
            let (content_type, cache_control, exchange) = (Some("application/json"), None, None);
            trace.page(&RawPage { url: &next, answered: &next, content_type, cache_control, text: &text, exchange });
        }
        let events = [TargetEvent::Feed(trace.clone()), TargetEvent::Feed(trace)];
        let whole = serde_json::to_string(&events).unwrap();
        assert!(whole.len() > 5 * SEARCHED);
        let text = saved(&events, &redactor, &Texts::default()).text().unwrap();
        assert!(whole.contains("a-secret-token") && !text.contains("a-secret-token"));
        assert_eq!(text, redactor.text(&whole));
        assert!(saved(&[], &redactor, &Texts::default()).is_empty());
    }
}
