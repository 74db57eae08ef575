//! A cell that has ended, while its run goes on: it waits in the file of the run's texts.

use super::cell::CellReport;
use super::saved_trace::SavedTrace;
use super::store::Place;
use super::texts::Texts;

/// The report of a cell, out of memory.
#[derive(Debug)]
pub struct FinishedCell {
    place: Option<Place>,
    trace: SavedTrace,
}

impl FinishedCell {
    /// Puts a report away.
    #[must_use]
    pub fn of(mut report: CellReport, texts: &Texts) -> Self {
        let trace = std::mem::take(&mut report.trace);
        let text = serde_json::to_vec(&report).ok();
        Self { place: text.map(|text| texts.store().put(&text)), trace }
    }

    /// The report; `None` where the file cannot be read any more.
    #[must_use]
    pub fn read(self, texts: &Texts) -> Option<CellReport> {
        let text = texts.store().text(self.place?)?;
        let report = serde_json::from_str(&text).ok()?;
        Some(CellReport { trace: self.trace, ..report })
    }
}

#[cfg(test)]
mod tests {
    use super::FinishedCell;
    use crate::results::{CellReport, SavedTrace, Texts};

    #[test]
    fn a_report_comes_back_as_it_was() {
        let texts = Texts::default();
        let mut report = CellReport::blank("a/b@c/d".to_owned(), "oa-test run --test a/b".to_owned());
        report.picked = vec!["https://a.example/é".to_owned()];
        report.trace = SavedTrace::among(&texts, r#"[{"event":"x"}]"#);
        let whole = format!("{report:?}");
        let finished = FinishedCell::of(report, &texts);
        let (_, again) = (texts.pack("a,b"), finished.read(&texts).unwrap());
        assert_eq!(format!("{again:?}"), whole);
        assert_eq!(again.trace.text().as_deref(), Some(r#"[{"event":"x"}]"#));
    }
}
