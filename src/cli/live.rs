//! What is seen while a run goes on: a live display on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::config::Mode;
use crate::report::{Paint, escape};
use crate::results::{CellReport, Counts, Verdict};
use crate::run::{EventSink, RunEvent};

use super::output::Output;

/// A line for each cell that ended.
pub(super) struct Plain {
    output: Output,
    paint: Paint,
}

impl Plain {
    pub(super) fn new(output: Output) -> Self {
        Self { output, paint: output.paint_errors() }
    }
}

/// The line of a cell that ended; `name` is its identifier, whole or shortened.
fn cell_line(cell: &CellReport, name: &str, paint: Paint) -> String {
    let word = paint.verdict(cell.verdict, &format!("{:<7}", cell.verdict.word()));
    let reason = cell.reason.as_deref().map_or_else(String::new, |reason| format!("  {}", escape(reason)));
    format!("{word} {name} ({} ms){reason}", cell.duration_ms)
}

/// The test, flow and type of a cell in `width` columns. The test is shortened: flow and type distinguish its cells.
fn short_name(id: &str, width: usize) -> String {
    // Most tests are named after their feature.
    let name = id.split_once('/').map_or(id, |(_, name)| name);
    match name.split_once('@') {
        Some((test, cell)) => {
            let rest = width.saturating_sub(cell.chars().count() + 1).max(12);
            format!("{}@{cell}", console::truncate_str(test, rest, "…"))
        }
        None => name.to_owned(),
    }
}

/// In random mode: the line that says what the run does to the target.
fn real_bookings(mode: &str, target: &str) -> Option<String> {
    (mode == Mode::Random.name()).then(|| format!("random mode: real bookings at {}", escape(target)))
}

impl EventSink for Plain {
    fn take(&mut self, event: &RunEvent) {
        match event {
            RunEvent::RunStarted { seed, cells, target, mode, .. } => {
                if let Some(warning) = real_bookings(mode, target) {
                    self.output.tell(&warning);
                }
                let cells = if *cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
                self.output.tell(&format!("{cells} against {}, seed {seed}", escape(target)));
            }
            RunEvent::CellFinished { cell, .. } => self.output.tell(&cell_line(cell, &cell.id, self.paint)),
            _ => {}
        }
    }
}

/// A line for each cell that runs, and one for all of them.
pub(super) struct Live {
    paint: Paint,
    bars: MultiProgress,
    total: ProgressBar,
    cells: HashMap<String, ProgressBar>,
    counts: Counts,
}

/// How often the spinners turn.
const TICK: Duration = Duration::from_millis(100);

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Live {
    pub(super) fn new(output: Output) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let total = bars.add(ProgressBar::new(0));
        total.set_style(style("{bar:24} {pos}/{len} {elapsed:>4}  {wide_msg}"));
        total.enable_steady_tick(TICK);
        Self { paint: output.paint_errors(), bars, total, cells: HashMap::new(), counts: Counts::default() }
    }

    /// Columns of the terminal, less one: a line that wraps would push the display down.
    fn width() -> usize {
        usize::from(console::Term::stderr().size().1).saturating_sub(1)
    }

    fn tally(&self) -> String {
        let paint = self.paint;
        let part = |count: usize, verdict: Verdict| paint.verdict(verdict, &format!("{count} {}", verdict.word()));
        [
            part(self.counts.passed, Verdict::Passed),
            part(self.counts.failed, Verdict::Failed),
            part(self.counts.blocked, Verdict::Blocked),
        ]
        .join(", ")
    }
}

impl EventSink for Live {
    fn take(&mut self, event: &RunEvent) {
        match event {
            RunEvent::RunStarted { cells, target, mode, .. } => {
                if let Some(warning) = real_bookings(mode, target) {
                    let _ = self.bars.println(warning);
                }
                self.total.set_length(u64::try_from(*cells).unwrap_or(u64::MAX));
            }
            RunEvent::Preparing { what } => self.total.set_message(format!("waiting for {}", escape(what))),
            RunEvent::CellStarted { cell } => {
                let bar = self.bars.insert_before(&self.total, ProgressBar::new_spinner());
                bar.set_style(style("{spinner} {prefix}  {wide_msg:.dim}"));
                bar.set_prefix(short_name(cell, Self::width().saturating_sub(26)));
                bar.enable_steady_tick(TICK);
                self.cells.insert(cell.clone(), bar);
                self.total.set_message(self.tally());
            }
            RunEvent::StepStarted { cell, what } => {
                if let Some(bar) = self.cells.get(cell) {
                    bar.set_message(escape(what));
                }
            }
            RunEvent::CellFinished { cell, .. } => {
                if let Some(bar) = self.cells.remove(&cell.id) {
                    bar.finish_and_clear();
                    self.bars.remove(&bar);
                }
                match cell.verdict {
                    Verdict::Passed => self.counts.passed += 1,
                    Verdict::Failed => self.counts.failed += 1,
                    Verdict::Blocked => self.counts.blocked += 1,
                    Verdict::Skipped => self.counts.skipped += 1,
                }
                if cell.verdict != Verdict::Passed {
                    // A terminal that refuses a line loses a line.
                    let name = short_name(&cell.id, Self::width().saturating_sub(20));
                    let line = cell_line(cell, &name, self.paint);
                    let _ = self.bars.println(console::truncate_str(&line, Self::width(), "…"));
                }
                self.total.inc(1);
                self.total.set_message(self.tally());
            }
            RunEvent::CellRetried { cell, .. } => {
                if let Some(bar) = self.cells.get(&cell.id) {
                    bar.set_message("retried");
                }
            }
            RunEvent::RunFinished { .. } => {
                for bar in self.cells.values() {
                    bar.finish_and_clear();
                }
                self.total.finish_and_clear();
                let _ = self.bars.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn a_short_name_keeps_flow_and_type() {
        let id = "opportunity-attendance-updates/opportunity-attendance@OpenBookingSimpleFlow/Multiple";
        assert_eq!(short_name(id, 80), "opportunity-attendance@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name(id, 45), "opportunity-a…@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name(id, 10), "opportunity…@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name("dataset-site/dataset-site-jsonld-valid", 10), "dataset-site-jsonld-valid");
    }
}
