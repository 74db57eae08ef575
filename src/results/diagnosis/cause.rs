//! A cause, with everything that a rendering shows of it.

use crate::results::cell::{CellReport, StepReport, Verdict};
use crate::results::exchange::ExchangeId;
use crate::results::finding::{CheckReport, Cited, Finding};
use crate::vocabulary::Stage;

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
    /// Other properties of the same object with the same defect, each in other cells.
    pub siblings: Vec<&'r str>,
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
