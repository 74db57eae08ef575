//! What decides the exit code of a run, as a number and in words.

use crate::error::Exit;

use super::run::RunReport;

impl RunReport {
    /// Whether any cell was judged.
    #[must_use]
    pub const fn judged(&self) -> bool {
        self.counts.passed + self.counts.failed + self.counts.known > 0
    }

    /// How the command that made this run ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.interrupted {
            Exit::Interrupted
        } else if self.fail_on.nothing && self.judged() {
            Exit::Success
        } else if self.counts.failed > 0
            || (!self.findings.is_empty() && self.counts.passed > 0)
            || self.has_proof()
            || (self.fail_on.flaky && self.counts.flaky > 0)
            || self.fails_on_warnings()
            || self.fails_on_suggestions()
        {
            Exit::Failure
        } else if self.counts.blocked > 0 || !self.judged() {
            Exit::Inconclusive
        } else {
            Exit::Success
        }
    }

    /// Whether a finding beyond any cell proves a violation by itself: one that cites a requirement, or is about a feed. What is wrong
    /// with a page that is no dataset site at all may be the fault of the URL.
    fn has_proof(&self) -> bool {
        self.findings.iter().any(|finding| !finding.violates.is_empty() || self.is_about_feed(&finding.message))
    }

    const fn fails_on_warnings(&self) -> bool {
        (self.fail_on.warnings || self.fail_on.suggestions) && self.grades.should > 0
    }

    const fn fails_on_suggestions(&self) -> bool {
        self.fail_on.suggestions && self.grades.may > 0
    }

    /// Failures of the target beyond any cell, by where they are: `2 failures in feeds`.
    #[must_use]
    pub fn failures_beyond_cells(&self) -> Vec<String> {
        let in_feeds = self.findings.iter().filter(|finding| self.is_about_feed(&finding.message)).count();
        let places = [(in_feeds, "feeds"), (self.findings.len() - in_feeds, "the dataset site")];
        let found = places.into_iter().filter(|(count, _)| *count > 0);
        found.map(|(count, place)| format!("{} in {place}", counted(count, "failure"))).collect()
    }

    /// Whether a finding beyond any cell is about a feed: its message names the feed first.
    #[must_use]
    pub fn is_about_feed(&self, message: &str) -> bool {
        self.feeds.iter().any(|feed| message.starts_with(&feed.name))
    }

    /// What decides the exit code besides the verdicts of cells, in words.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let mut causes = self.failures_beyond_cells();
        if self.fail_on.flaky && self.counts.flaky > 0 {
            causes.push(format!("{} (--fail-on flaky)", counted(self.counts.flaky, "flaky cell")));
        }
        let option = if self.fail_on.suggestions { "suggestion" } else { "warning" };
        if self.fails_on_warnings() {
            causes.push(format!("{} (--fail-on {option})", counted(self.grades.should, "warning")));
        }
        if self.fails_on_suggestions() {
            causes.push(format!("{} (--fail-on {option})", counted(self.grades.may, "suggestion")));
        }
        if !self.judged() && self.counts.blocked == 0 {
            causes.push("no cell was judged".to_owned());
        }
        if self.fail_on.nothing && self.exit() == Exit::Success && (self.counts.failed > 0 || !causes.is_empty()) {
            causes.push("ignored (--fail-on nothing)".to_owned());
        }
        causes
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
