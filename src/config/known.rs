//! Failures that are expected: which, why, and until when.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::document::{Fields, Node, NodeKind, Problem, Problems, parse_yaml, problems_as_error};
use crate::error::{Error, ErrorContext as _, ErrorKind};

use super::glob::Glob;

/// One expectation of a file of known failures.
#[derive(Debug)]
pub struct ExpectedFailure {
    /// The pattern as it was written.
    pub pattern: String,
    cell: Glob,
    check: Option<Glob>,
    /// Why the failure is expected.
    pub reason: String,
    /// The last day on which it is.
    pub expires: Date,
    /// Where it stands: `file:line`.
    pub place: String,
    met: AtomicBool,
}

impl ExpectedFailure {
    /// Whether it is about a cell.
    #[must_use]
    pub fn is_about(&self, cell: &str) -> bool {
        self.cell.is_match(cell)
    }

    /// Whether it covers a check that failed.
    #[must_use]
    pub fn covers(&self, check: &str) -> bool {
        self.check.as_ref().is_none_or(|pattern| pattern.is_match(check))
    }

    /// Notes that it was about a cell of the run.
    pub fn meet(&self) {
        self.met.store(true, Ordering::Relaxed);
    }

    /// Whether it was about any cell of the run.
    #[must_use]
    pub fn was_met(&self) -> bool {
        self.met.load(Ordering::Relaxed)
    }
}

/// The expectations of a file.
#[derive(Debug, Default)]
pub struct KnownFailures(Vec<ExpectedFailure>);

impl KnownFailures {
    /// Reads a file: YAML, or the JSON that is within it. A list of objects with `cell` (a glob on the identifiers of
    /// cells), `check` (a glob on the names of failed checks; any when left out), `reason` and `expires` (`YYYY-MM-DD`).
    ///
    /// # Errors
    /// That it cannot be read, or everything that is wrong in it, each with its place.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .context(ErrorKind::Configuration, || format!("cannot read the known failures {shown}"))?;
        Self::parse(&shown.to_string(), &text)
    }

    /// Reads a text, which messages call `name`.
    ///
    /// # Errors
    /// Everything that is wrong in it, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let problems = Problems::default();
        let mut known = Vec::new();
        match parse_yaml(name, text) {
            Err(problem) => problems.add(problem),
            Ok(Node { kind: NodeKind::Null, .. }) => {}
            Ok(Node { kind: NodeKind::List(items), .. }) => {
                known.extend(items.iter().filter_map(|item| expectation(item, &problems)));
            }
            Ok(node) => {
                let message = format!("expected a list of known failures, found {}", node.kind_in_words());
                problems.add(Problem::new(&node.spot, message));
            }
        }
        match problems_as_error(&problems.into_vec(), "the known failures") {
            None => Ok(Self(known)),
            Some(error) => Err(error),
        }
    }

    /// The expectations, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &ExpectedFailure> {
        self.0.iter()
    }
}

fn expectation(node: &Node, problems: &Problems) -> Option<ExpectedFailure> {
    let fields = Fields::of(node, "a known failure", problems)?;
    let glob = |name: &'static str, node: &Node| {
        let text = node.as_text()?;
        match Glob::new(text) {
            Ok(glob) => Some((text.to_owned(), glob)),
            Err(error) => {
                problems.add(Problem::new(&node.spot, format!("`{name}` is not a valid pattern: {error}")));
                None
            }
        }
    };
    fields.need_text("cell");
    let cell = fields.get("cell").and_then(|node| glob("cell", node));
    fields.text("check");
    let check = fields.get("check").map(|node| glob("check", node));
    let reason = fields.need_text("reason").map(str::to_owned);
    // A date that YAML took for something else is a date all the same.
    let expires = fields.need("expires").and_then(|node| {
        let parsed = node.as_text().and_then(|text| text.parse::<Date>().ok());
        if parsed.is_none() {
            let problem = Problem::new(&node.spot, "`expires` must be the last day of the expected failure");
            problems.add(problem.hint("write it as YYYY-MM-DD, such as 2027-01-31"));
        }
        parsed
    });
    let place = format!("{}:{}", node.spot.source.name, node.spot.line);
    fields.finish();
    let (pattern, cell) = cell?;
    let check = match check {
        None => None,
        Some(read) => Some(read?.1),
    };
    Some(ExpectedFailure {
        pattern,
        cell,
        check,
        reason: reason?,
        expires: expires?,
        place,
        met: AtomicBool::new(false),
    })
}
