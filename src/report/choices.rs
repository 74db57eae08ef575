//! Questions that the specifications leave open, and what the target has chosen: it conforms either way.

use std::collections::BTreeMap;

use crate::results::{Choice, RunReport};

use super::escape::escape;
use super::paint::Paint;

/// The heading of the choices in every report.
pub(super) const HEADING: &str = "Open in the specification";

/// A choice of the target, with the number of steps that show it.
pub(super) struct CountedChoice<'r> {
    pub(super) choice: &'r Choice,
    pub(super) steps: usize,
}

/// The choices that a run has seen, by question and choice.
pub(super) fn choices(report: &RunReport) -> Vec<CountedChoice<'_>> {
    let mut all: BTreeMap<(&str, &str), CountedChoice<'_>> = BTreeMap::new();
    let steps = report.cells.iter().flat_map(|cell| &cell.steps);
    for choice in steps.flat_map(|step| &step.choices) {
        let known = all.entry((&choice.question, &choice.choice));
        known.or_insert(CountedChoice { choice, steps: 0 }).steps += 1;
    }
    all.into_values().collect()
}

/// The choices as text, a line each.
pub(super) fn text(report: &RunReport, paint: Paint) -> String {
    let all = choices(report);
    if all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint.bold(HEADING));
    for CountedChoice { choice, steps } in all {
        let plural = if steps == 1 { "" } else { "s" };
        text.push_str(&format!(
            "  {}\n    {} {}\n",
            escape(&choice.title),
            escape(&choice.choice),
            paint.dim(&format!("({steps} step{plural}; {})", choice.question))
        ));
    }
    text
}
