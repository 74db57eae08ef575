//! Edits of pages of feeds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harvest::judge_pages;
use crate::results::{Exchange, RunReport};
use crate::validate::{Remote, Validator};
use crate::vocabulary::Stage;

use super::mutate::{Operator, edit};
use super::place::{edits_in, general};
use super::pool::Pool;
use super::{Fate, Mutant, Objection};

/// A page of a feed, as it was recorded.
struct Recorded {
    url: String,
    content_type: Option<String>,
    cache_control: Option<String>,
    text: String,
}

impl Recorded {
    fn of(exchange: &Exchange) -> Option<Self> {
        let answer = exchange.answer.as_ref().filter(|answer| !answer.truncated && answer.status == 200)?;
        let header = |wanted: &str| {
            let found = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.clone())
        };
        Some(Self {
            url: exchange.url.clone(),
            content_type: header("content-type"),
            cache_control: header("cache-control"),
            text: answer.body.clone(),
        })
    }
}

/// What is objected to: whether it fails, what says it, where, and in words.
type Found = (bool, String, String, String);

fn found(stage: Stage, pages: &[&Recorded], validator: Option<&Validator>) -> Vec<Found> {
    let raw = pages.iter().map(|page| crate::client::feed::RawPage {
        url: &page.url,
        answered: &page.url,
        content_type: page.content_type.as_deref(),
        cache_control: page.cache_control.as_deref(),
        text: &page.text,
        exchange: None,
    });
    let (issues, items) = judge_pages(stage, raw, validator);
    let issues = issues.into_iter().map(|issue| {
        (issue.severity == crate::harvest::IssueLevel::Failure, issue.rule.id.to_owned(), String::new(), issue.message)
    });
    let items = items.into_iter().map(|issue| {
        let failed = issue.severity == crate::validate::Severity::Failure;
        (failed, issue.rule.to_owned(), general(&issue.path), issue.message)
    });
    issues.chain(items).collect()
}

/// Edits the first page of each feed that has at least two items, and judges it.
pub(super) fn sweep_pages(report: &RunReport) -> Vec<Mutant> {
    let recorded: Vec<Exchange> = report.exchanges.iter().filter(|exchange| exchange.feed.is_some()).collect();
    let mut feeds: BTreeMap<&str, Vec<&Exchange>> = BTreeMap::new();
    for exchange in &recorded {
        if let Some(feed) = &exchange.feed {
            feeds.entry(feed).or_default().push(exchange);
        }
    }
    let validator = Validator::new(Remote::none());
    let mut mutants = Vec::new();
    for (feed, exchanges) in feeds {
        let stage = match feed {
            _ if feed.starts_with("Orders feed") => Stage::OrdersFeed,
            _ if feed.starts_with("OrderProposals feed") => Stage::ProposalsFeed,
            _ => Stage::OpportunityFeed,
        };
        let validator = (stage == Stage::OpportunityFeed).then_some(&validator);
        let pages = exchanges.iter().filter_map(|exchange| Recorded::of(exchange));
        let first = pages
            .filter_map(|page| {
                let body: Value = serde_json::from_str(&page.text).ok()?;
                let count = body.get("items").and_then(Value::as_array).map_or(0, Vec::len);
                Some((count, page, body))
            })
            .find(|(count, ..)| *count > 1);
        let Some((_, mut page, body)) = first else { continue };
        let short = shortened(&body);
        page.text = short.to_string();
        let mut pool = Pool::default();
        pool.take(&body);
        mutants.extend(sweep_page(feed, stage, &page, (&short, &pool), validator));
    }
    mutants
}

/// A page with those of its items that have something which none before them has, and the last one, which `next` follows.
fn shortened(page: &Value) -> Value {
    let mut page = page.clone();
    if let Some(items) = page.get_mut("items").and_then(Value::as_array_mut) {
        let (mut known, mut number, count) = (BTreeSet::new(), 0, items.len());
        items.retain(|item| {
            number += 1;
            has_new(item, &mut String::new(), &mut known) || number <= 2 || number == count
        });
    }
    page
}

/// Whether a value has a place, without indexes, that is not known yet. All of them are known then.
fn has_new(value: &Value, place: &mut String, known: &mut BTreeSet<String>) -> bool {
    let mut inside = |name: &str, member: &Value| {
        let length = place.len();
        place.push_str(name);
        let new = has_new(member, place, known);
        place.truncate(length);
        new
    };
    let new = match value {
        // What is added to an object depends on its type, and what becomes of a list on its length.
        Value::Object(members) => {
            members.iter().fold(false, |new, (name, member)| inside(&format!(".{name}"), member) || new)
        }
        Value::Array(entries) => entries
            .iter()
            .take(2)
            .enumerate()
            .fold(false, |new, (index, entry)| inside(if index == 0 { "[]" } else { "[,]" }, entry) || new),
        _ => false,
    };
    let kind = value.get("@type").and_then(Value::as_str).unwrap_or_default();
    known.insert(format!("{place} {kind}")) || new
}

fn sweep_page(
    feed: &str,
    stage: Stage,
    page: &Recorded,
    (body, pool): (&Value, &Pool),
    validator: Option<&Validator>,
) -> Vec<Mutant> {
    let honest = found(stage, &[page], validator);
    let mut mutants = Vec::new();
    let mut judge = |operator: Operator, subject: &str, mutated: &Recorded| {
        let found = found(stage, &[mutated], validator);
        let mut new: Vec<&Found> = found.iter().filter(|found| !honest.contains(found)).collect();
        new.sort_by_key(|found| !found.0);
        let fate = new.first().map_or(Fate::Unfound, |(failed, check, place, message)| {
            let data = subject.strip_prefix("items.data").map(|rest| rest.trim_start_matches('.'));
            let exact = match data {
                Some(data) => super::names(place, data),
                // Rules of pages name what is wrong in words.
                None => {
                    let named = |name| message.contains(name) || check.contains(name);
                    place.is_empty() && subject.split('.').any(named)
                }
            };
            let objection = Objection { check: check.clone(), subject: place.clone(), exact };
            if *failed { Fate::Failed(objection) } else { Fate::Warned(objection) }
        });
        let (kind, cell) = (format!("page {}", stage.name()), feed.to_owned());
        mutants.push(Mutant { operator, kind, subject: subject.to_owned(), cell, fate, excuse: None });
    };
    let with = |content_type: Option<&str>, text: String| Recorded {
        url: page.url.clone(),
        content_type: content_type.map(str::to_owned),
        cache_control: page.cache_control.clone(),
        text,
    };
    for content_type in [Some("text/plain"), None] {
        judge(Operator::MediaType, "Content-Type", &with(content_type, page.text.clone()));
    }
    let mut seen = BTreeSet::new();
    edits_in(body, None, pool, &mut |operator, subject, path, change| {
        // The data of Orders is judged in cells.
        let within = subject.starts_with("items.data.") && validator.is_none();
        if within || !seen.insert((operator, subject.to_owned())) {
            return;
        }
        let Some(change) = change() else { return };
        let mut mutated = body.clone();
        if edit(&mut mutated, path, &change).is_some() {
            judge(operator, subject, &with(page.content_type.as_deref(), mutated.to_string()));
        }
    });
    mutants
}
