//! A page as the rules see it, and the list that they add what they find to.

use std::borrow::Cow;

use serde::Serialize;

use super::page::FeedPage;
use super::rules::Earlier;

/// How much it matters that a rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueLevel {
    /// RPDE is violated.
    Failure,
    /// A recommendation is not followed.
    Warning,
    /// Some readers may have trouble.
    Suggestion,
}

/// How far a feed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To its end, once.
    Harvest,
    /// Again and again, for news: pages hold few items, because few are new.
    Live,
}

/// The input of the rules.
#[derive(Debug)]
pub struct PageSeen<'s> {
    /// The page.
    pub page: &'s FeedPage<'s>,
    /// The pages before it.
    pub earlier: &'s Earlier,
    /// How far the feed is read.
    pub reading: Reading,
}

/// A defect of a page.
#[derive(Debug)]
pub(super) struct PageDefect {
    /// Its severity.
    pub(super) level: IssueLevel,
    /// The defect.
    pub(super) message: Cow<'static, str>,
    /// The expected value.
    pub(super) expected: &'static str,
    /// Number of occurrences.
    pub(super) count: u64,
    /// The first place: the URL of a page, and what was found there.
    pub(super) first: String,
}

/// The defects of one page by one rule.
#[derive(Debug, Default)]
pub struct Breaches(Vec<PageDefect>);

impl Breaches {
    pub(super) fn add(
        &mut self,
        level: IssueLevel,
        message: impl Into<Cow<'static, str>>,
        expected: &'static str,
        first: impl FnOnce() -> String,
    ) {
        let message = message.into();
        match self.0.iter_mut().find(|known| known.message == message && known.level == level) {
            Some(known) => known.count += 1,
            None => self.0.push(PageDefect { level, message, expected, count: 1, first: first() }),
        }
    }

    pub(super) fn fail(
        &mut self,
        message: impl Into<Cow<'static, str>>,
        expected: &'static str,
        first: impl FnOnce() -> String,
    ) {
        self.add(IssueLevel::Failure, message, expected, first);
    }

    /// The defects, in order.
    pub(super) fn into_defects(self) -> impl Iterator<Item = PageDefect> {
        self.0.into_iter()
    }
}
