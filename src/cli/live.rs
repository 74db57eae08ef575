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

fn cell_line(cell: &CellReport, paint: Paint) -> String {
    let word = paint.verdict(cell.verdict, &format!("{:<7}", cell.verdict.word()));
    let reason = cell.reason.as_deref().map_or_else(String::new, |reason| format!("  {}", escape(reason)));
    format!("{word} {} ({} ms){reason}", cell.id, cell.duration_ms)
}

/// In random mode: the line that says what the run does to the target.
fn real_bookings(mode: &str, target: &str) -> Option<String> {
    (mode == Mode::Random.name()).then(|| format!("random mode: this run makes real bookings at {}", escape(target)))
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
            RunEvent::CellFinished { cell, .. } => self.output.tell(&cell_line(cell, self.paint)),
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
                // The name of the feature stands in that of the test, more often than not.
                bar.set_prefix(cell.split_once('/').map_or(cell.as_str(), |(_, rest)| rest).to_owned());
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
                    let line = cell_line(cell, self.paint);
                    let _ = self.bars.println(console::truncate_str(&line, Self::width(), "…"));
                }
                self.total.inc(1);
                self.total.set_message(self.tally());
            }
            RunEvent::CellRetried { cell, .. } => {
                if let Some(bar) = self.cells.get(&cell.id) {
                    bar.set_message("once more");
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
