//! What is seen while a run goes on: a live display on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::config::Mode;
use crate::report::{Paint, cut, escape};
use crate::results::{CellReport, CheckOutcome, Counts, Verdict, cause_key, reason_key};
use crate::run::{EventSink, RunEvent};

use super::output::Output;

/// Cells of a run after which progress is printed to a pipe.
const LARGE: usize = 100;

/// Columns of a line on a pipe.
const COLUMNS: usize = 200;

/// Causes that the display counts in place; the others are counted together.
const SHOWN: usize = 6;

/// Lines of what cells do; those that do the same share one.
const CELL_LINES: usize = 6;

/// A line for each cause as it is first found; with `every` cell, a line for each that ended.
pub(super) struct Plain {
    output: Output,
    paint: Paint,
    every: bool,
    causes: Causes,
    counts: Counts,
    cells: usize,
    ended: usize,
    begun: Instant,
}

impl Plain {
    pub(super) fn new(output: Output, every: bool) -> Self {
        Self {
            output,
            paint: output.paint_errors(),
            every,
            causes: Causes::default(),
            counts: Counts::default(),
            cells: 0,
            ended: 0,
            begun: Instant::now(),
        }
    }
}

/// The causes that a run has found so far, by their keys.
#[derive(Debug, Default)]
struct Causes(HashMap<String, usize>);

impl Causes {
    /// Counts the cause of a cell that did not pass: its key, and how often it was found before.
    fn count(&mut self, cell: &CellReport) -> Option<(String, usize)> {
        if cell.known.is_some() || !matches!(cell.verdict, Verdict::Failed | Verdict::Blocked) {
            return None;
        }
        let wanted = if cell.verdict == Verdict::Failed { CheckOutcome::Failed } else { CheckOutcome::Blocked };
        let first = cell.findings().find(|(_, check, _)| check.outcome == wanted);
        let key = match first {
            Some((_, check, finding)) => cause_key(check.stage, check.check.as_deref(), finding),
            None => reason_key(cell.reason.as_deref().unwrap_or_default()),
        };
        let count = self.0.entry(key.clone()).or_default();
        *count += 1;
        Some((key, *count - 1))
    }
}

fn tally(counts: Counts, paint: Paint) -> String {
    let part = |count: usize, verdict: Verdict| paint.verdict(verdict, &format!("{count} {}", verdict.word()));
    let all = [
        part(counts.passed, Verdict::Passed),
        part(counts.failed, Verdict::Failed),
        part(counts.blocked, Verdict::Blocked),
    ];
    all.join(", ")
}

const fn count(counts: &mut Counts, verdict: Verdict) {
    match verdict {
        Verdict::Passed => counts.passed += 1,
        Verdict::Failed => counts.failed += 1,
        Verdict::Blocked => counts.blocked += 1,
        Verdict::Skipped => counts.skipped += 1,
    }
}

/// The line of a cell that ended: the reason first; `name` is its identifier, whole or shortened.
fn cell_line(cell: &CellReport, name: &str, paint: Paint) -> String {
    let word = paint.verdict(cell.verdict, &format!("{:<7}", cell.verdict.word()));
    match cell.reason.as_deref() {
        Some(reason) => format!("{word} {}  {name} ({} ms)", escape(reason), cell.duration_ms),
        None => format!("{word} {name} ({} ms)", cell.duration_ms),
    }
}

/// The line of a new cause, within a number of columns: the defect, then its place.
fn cause_found(cell: &CellReport, columns: usize, paint: Paint) -> String {
    let word = cell.verdict.word().to_uppercase();
    let reason = escape(cell.reason.as_deref().unwrap_or("unknown reason"));
    let room = columns.saturating_sub(word.len() + 1);
    let name = short_name(&cell.id, 40);
    let whole = format!("{reason}  {name}");
    // Where there is no room for both, the reason matters.
    let line = if console::measure_text_width(&whole) <= room { whole } else { cut(&reason, room) };
    format!("{} {line}", paint.verdict(cell.verdict, &word))
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
                    self.output.log(&warning);
                }
                self.cells = *cells;
                let cells = if *cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
                self.output.log(&format!("{cells} against {}, seed {seed}", escape(target)));
            }
            RunEvent::CellFinished { cell, .. } => {
                if self.every {
                    self.output.log(&cell_line(cell, &cell.id, self.paint));
                }
                count(&mut self.counts, cell.verdict);
                if let Some((_, 0)) = self.causes.count(cell)
                    && !self.every
                {
                    self.output.log(&cause_found(cell, COLUMNS, self.paint));
                }
                self.ended += 1;
                let quarter = self.cells.div_ceil(4).max(1);
                if self.cells >= LARGE && self.ended.is_multiple_of(quarter) && self.ended < self.cells {
                    let (ended, cells, seconds) = (self.ended, self.cells, self.begun.elapsed().as_secs());
                    self.output.log(&format!("[{ended}/{cells}] {seconds} s: {}", tally(self.counts, self.paint)));
                }
            }
            _ => {}
        }
    }
}

/// A line for each cause and for each cell that runs, and one for all of them.
pub(super) struct Live {
    paint: Paint,
    bars: MultiProgress,
    total: ProgressBar,
    /// The cells that run, in the order in which they began: what each does or waits for.
    cells: Vec<(String, String)>,
    /// The lines of what they do.
    cell_lines: Vec<ProgressBar>,
    causes: Causes,
    /// The lines of causes, by their keys.
    lines: HashMap<String, ProgressBar>,
    /// The line of the causes that have none.
    others: Option<ProgressBar>,
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
        let counted = style("[{pos}/{len}] {elapsed}, {left} left  {wide_msg}");
        total.set_style(counted.with_key("left", |state: &ProgressState, line: &mut dyn std::fmt::Write| {
            // A terminal that refuses a part of a line loses it.
            let _ = line.write_str(&time_left(state.elapsed(), state.pos(), state.len().unwrap_or_default()));
        }));
        total.enable_steady_tick(TICK);
        Self {
            paint: output.paint_errors(),
            bars,
            total,
            cells: Vec::new(),
            cell_lines: Vec::new(),
            causes: Causes::default(),
            lines: HashMap::new(),
            others: None,
            counts: Counts::default(),
        }
    }

    /// Columns of the terminal, less one: a line that wraps would push the display down.
    fn width() -> usize {
        usize::from(console::Term::stderr().size().1).saturating_sub(1)
    }

    /// Shows a cause when it is first found, and counts it up in its line.
    fn cause(&mut self, cell: &CellReport) {
        let Some((key, before)) = self.causes.count(cell) else { return };
        if before == 0 {
            // A terminal that refuses a line loses a line.
            let _ = self.bars.println(cause_found(cell, Self::width(), self.paint));
            if let Some(finding) = cell.findings().map(|(_, _, finding)| finding).next() {
                for (label, text) in [("expected", &finding.expected), ("found", &finding.found)] {
                    let Some(text) = text else { continue };
                    let line = format!("    {label:<9} {}", escape(text));
                    let _ = self.bars.println(cut(&line, Self::width()));
                }
            }
            if self.lines.len() < SHOWN {
                let bar = self.bars.insert(self.lines.len(), ProgressBar::new_spinner());
                bar.set_style(style("{prefix:>6} {wide_msg}"));
                let reason = escape(cell.reason.as_deref().unwrap_or("unknown reason"));
                bar.set_message(cut(&reason, Self::width().saturating_sub(8)).clone());
                self.lines.insert(key.clone(), bar);
            } else if self.others.is_none() {
                let bar = self.bars.insert(self.lines.len(), ProgressBar::new_spinner());
                bar.set_style(style("       {wide_msg}"));
                self.others = Some(bar);
            }
        }
        if let Some(bar) = self.lines.get(&key) {
            bar.set_prefix(format!("{}×", before + 1));
            bar.tick();
        } else if let Some(bar) = &self.others {
            bar.set_message(format!("and {} more causes", self.causes.0.len().saturating_sub(self.lines.len())));
            bar.tick();
        }
    }
}

/// What cells do, one line each where they do different things: `the Orders feed after B  (12 cells)`.
fn cell_lines(cells: &[(String, String)]) -> Vec<String> {
    let mut groups: Vec<(&str, &str, usize)> = Vec::new();
    for (cell, what) in cells {
        match groups.iter_mut().find(|(known, _, _)| known == what) {
            Some((_, _, count)) => *count += 1,
            None => groups.push((what, cell, 1)),
        }
    }
    let more: usize = groups.iter().skip(CELL_LINES).map(|(_, _, count)| *count).sum();
    // What is waited for stands before the name: a narrow terminal cuts the line.
    let line = |(what, cell, count): &(&str, &str, usize)| match count {
        1 => format!("{}  {}", escape(what), short_name(cell, 36)),
        count => format!("{}  ({count} cells)", escape(what)),
    };
    let mut lines: Vec<String> = groups.iter().take(CELL_LINES).map(line).collect();
    lines.extend((more > 0).then(|| format!("and {more} more cells")));
    lines
}

/// The time that a run still takes if it goes on as it did: `40s`, `3m`. A question mark before there is anything to go by.
fn time_left(elapsed: Duration, done: u64, all: u64) -> String {
    if done == 0 {
        return "?".to_owned();
    }
    let left = u128::from(all.saturating_sub(done)) * elapsed.as_millis() / u128::from(done);
    match left / 1000 {
        seconds @ 0..60 => format!("{seconds}s"),
        seconds @ 60..3600 => format!("{}m", seconds.div_ceil(60)),
        seconds => format!("{}h", seconds.div_ceil(3600)),
    }
}

impl Live {
    /// Shows what the cells do by now.
    fn show_cells(&mut self) {
        let lines = cell_lines(&self.cells);
        while self.cell_lines.len() < lines.len() {
            let bar = self.bars.insert_before(&self.total, ProgressBar::new_spinner());
            bar.set_style(style("{spinner} {wide_msg:.dim}"));
            bar.enable_steady_tick(TICK);
            self.cell_lines.push(bar);
        }
        for bar in self.cell_lines.drain(lines.len()..) {
            bar.finish_and_clear();
            self.bars.remove(&bar);
        }
        for (bar, line) in self.cell_lines.iter().zip(lines) {
            bar.set_message(line);
        }
    }

    /// Notes what a cell does.
    fn does(&mut self, cell: &str, what: &str) {
        if let Some((_, known)) = self.cells.iter_mut().find(|(known, _)| known == cell) {
            what.clone_into(known);
            self.show_cells();
        }
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
                self.cells.push((cell.clone(), "begins".to_owned()));
                self.total.set_message(tally(self.counts, self.paint));
            }
            RunEvent::StepStarted { cell, what } => self.does(cell, what),
            RunEvent::CellFinished { cell, .. } => {
                self.cells.retain(|(known, _)| *known != cell.id);
                self.show_cells();
                count(&mut self.counts, cell.verdict);
                self.cause(cell);
                self.total.inc(1);
                self.total.set_message(tally(self.counts, self.paint));
            }
            RunEvent::CellRetried { cell, .. } => self.does(&cell.id, "retried"),
            RunEvent::RunFinished { .. } => {
                for bar in self.cell_lines.iter().chain(self.lines.values()).chain(&self.others) {
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
    use std::time::Duration;

    use super::{CELL_LINES, cell_lines, short_name, time_left};

    #[test]
    fn cells_that_do_the_same_share_a_line() {
        let cell = |id: &str, what: &str| (id.to_owned(), what.to_owned());
        let cells =
            [cell("f/one", "B"), cell("f/two", "the Orders feed after B"), cell("f/three", "the Orders feed after B")];
        assert_eq!(cell_lines(&cells), ["B  one", "the Orders feed after B  (2 cells)"]);
        let many: Vec<(String, String)> = (0..20).map(|number| cell("f/one", &number.to_string())).collect();
        let lines = cell_lines(&many);
        assert_eq!(lines.len(), CELL_LINES + 1);
        assert_eq!(lines[CELL_LINES], "and 14 more cells");
    }

    #[test]
    fn the_time_left_goes_by_the_cells_that_ended() {
        let left = |seconds, done| time_left(Duration::from_secs(seconds), done, 100);
        assert_eq!((left(5, 0).as_str(), left(5, 50).as_str(), left(9, 100).as_str()), ("?", "5s", "0s"));
        assert_eq!((left(60, 25).as_str(), left(600, 4).as_str()), ("3m", "4h"));
    }

    #[test]
    fn a_short_name_keeps_flow_and_type() {
        let id = "opportunity-attendance-updates/opportunity-attendance@OpenBookingSimpleFlow/Multiple";
        assert_eq!(short_name(id, 80), "opportunity-attendance@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name(id, 45), "opportunity-a…@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name(id, 10), "opportunity…@OpenBookingSimpleFlow/Multiple");
        assert_eq!(short_name("dataset-site/dataset-site-jsonld-valid", 10), "dataset-site-jsonld-valid");
    }
}
