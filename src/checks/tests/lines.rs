//! The lines of a row, and how they are held to what its check says.

use std::fmt::Write as _;
use std::panic::Location;

use crate::results::Defect;

use super::trace::{Impact, Trace};

/// Rows that are made only where something is wrong, with the reason.
pub(super) const NEVER_RIGHT: &[(&str, &str)] = &[("provider-members", "a fact names a member that has another type")];

/// What a check must say of a trace.
#[derive(Clone, Debug)]
enum Expected {
    /// Nothing, and no other check either.
    Nothing,
    /// A finding: what it makes of its step, its subject, and its defect.
    Finding(Impact, &'static str, &'static str),
}

/// A trace, and what the row must say of it.
#[derive(Clone, Debug)]
struct Line {
    trace: Trace,
    expected: Expected,
    place: &'static Location<'static>,
}

/// The lines of a row.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    row: &'static str,
    lines: Vec<Line>,
}

/// Begins the lines of a row.
pub(super) const fn row(id: &'static str) -> Lines {
    Lines { row: id, lines: Vec::new() }
}

impl Lines {
    /// The identifier of the row.
    pub(super) const fn id(&self) -> &'static str {
        self.row
    }

    /// Whether there is a right line, and a wrong one.
    pub(super) fn kinds(&self) -> (bool, bool) {
        let has = |right: bool| self.lines.iter().any(|line| matches!(line.expected, Expected::Nothing) == right);
        (has(true), has(false))
    }

    #[track_caller]
    fn line(mut self, trace: Trace, expected: Expected) -> Self {
        self.lines.push(Line { trace: trace.asking(self.row), expected, place: Location::caller() });
        self
    }

    /// A conforming trace, to which no check objects.
    #[track_caller]
    pub(super) fn right(self, trace: Trace) -> Self {
        self.line(trace, Expected::Nothing)
    }

    /// A trace that the check fails, with subject and defect of its finding.
    #[track_caller]
    pub(super) fn wrong(self, trace: Trace, finding: &'static str) -> Self {
        self.found(trace, Impact::Fails, finding)
    }

    /// A trace that the check warns of, with subject and defect of its finding.
    #[track_caller]
    pub(super) fn warned(self, trace: Trace, finding: &'static str) -> Self {
        self.found(trace, Impact::Warns, finding)
    }

    /// A trace that the check cannot judge, with subject and defect of its finding.
    #[track_caller]
    pub(super) fn blocked(self, trace: Trace, finding: &'static str) -> Self {
        self.found(trace, Impact::Blocks, finding)
    }

    #[track_caller]
    fn found(self, trace: Trace, impact: Impact, finding: &'static str) -> Self {
        let (subject, defect) = finding.rsplit_once(' ').expect("subject and defect");
        let known = [Defect::Missing, Defect::Unexpected, Defect::Wrong, Defect::Late].map(Defect::name);
        assert!(known.contains(&defect) || defect.ends_with("Rule"), "{defect} is no defect and no rule");
        self.line(trace, Expected::Finding(impact, subject, defect))
    }
}

/// Holds lines to what their rows say, and shows all that differ.
pub(super) fn hold(tables: &[Lines]) {
    let mut wrong = String::new();
    for lines in tables {
        for line in &lines.lines {
            let found = line.trace.objections();
            let right = match line.expected {
                Expected::Nothing => found.is_empty(),
                Expected::Finding(impact, subject, defect) => found.iter().any(|found| {
                    (found.row.as_str(), found.impact) == (lines.row, impact)
                        && (found.subject.as_str(), found.defect.as_str()) == (subject, defect)
                }),
            };
            if !right {
                let found: Vec<String> = found.iter().map(ToString::to_string).collect();
                let (row, expected) = (lines.row, &line.expected);
                let _ = writeln!(wrong, "{}: {row}: expected {expected:?}, found {found:#?}", line.place);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
