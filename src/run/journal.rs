//! The journal: every event as a line of JSON, packed by gzip, on disk as soon as it happens.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::results::{ExchangeId, Fragments, PackedExchange, PackedText, Verdict};

use super::events::{EventSink, RunEvent};

/// Writes events to a file, a line each, so that nothing is lost if the process is. An exchange that several cells
/// refer to is written with the first of them. Reports of cells, traces and exchanges are packed as in a saved run; a line has the
/// fragments that no line before has.
#[derive(Debug)]
pub struct Journal {
    file: GzEncoder<File>,
    written: HashSet<ExchangeId>,
    fragments: usize,
}

/// The end of a cell, or of a try of it, with the exchanges that no line before has.
#[derive(Serialize)]
struct Ended<'e> {
    event: &'static str,
    cell: &'e str,
    verdict: Verdict,
    fragments: Fragments<'e>,
    report: PackedText,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<PackedText>,
    exchanges: Vec<PackedExchange>,
}

impl Journal {
    /// Begins a journal; what the file held before is gone.
    ///
    /// # Errors
    /// That the file cannot be written.
    pub fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self {
            file: GzEncoder::new(File::create(path)?, Compression::fast()),
            written: HashSet::new(),
            fragments: 0,
        })
    }

    fn line(&mut self, event: &RunEvent) -> Result<Vec<u8>, serde_json::Error> {
        let (event, cell, exchanges) = match event {
            RunEvent::CellFinished { cell, exchanges } => ("cell-finished", cell, exchanges),
            RunEvent::CellRetried { cell, exchanges } => ("cell-retried", cell, exchanges),
            other => return serde_json::to_vec(other),
        };
        let texts = exchanges.texts();
        let (report, trace) = (cell.pack(texts)?, cell.trace.pack(texts));
        let new: BTreeSet<ExchangeId> = exchanges.ids().filter(|id| self.written.insert(*id)).collect();
        let new = exchanges.some(&new).all_packed().collect();
        let to = texts.len();
        let fragments = texts.fragments(std::mem::replace(&mut self.fragments, to), to);
        serde_json::to_vec(&Ended {
            event,
            cell: &cell.id,
            verdict: cell.verdict,
            fragments,
            report,
            trace,
            exchanges: new,
        })
    }
}

impl EventSink for Journal {
    fn take(&mut self, event: &RunEvent) {
        if let Ok(mut line) = self.line(event) {
            line.push(b'\n');
            // A full disk must not end the run: the report is written at its end all the same.
            let _ = self.file.write_all(&line).and_then(|()| self.file.flush());
            if matches!(event, RunEvent::RunFinished { .. }) {
                let _ = self.file.try_finish();
            }
        }
    }
}
