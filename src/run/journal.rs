//! The journal: every event as a line of JSON, on disk as soon as it happens.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use super::events::{EventSink, RunEvent};

/// Writes events to a file, a line each, so that nothing is lost if the process is.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

impl Journal {
    /// Begins a journal; what the file held before is gone.
    ///
    /// # Errors
    /// That the file cannot be written.
    pub fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: File::create(path)? })
    }
}

impl EventSink for Journal {
    fn take(&mut self, event: &RunEvent) {
        if let Ok(mut line) = serde_json::to_vec(event) {
            line.push(b'\n');
            // A full disk must not end the run: the report is written at its end all the same.
            let _ = self.file.write_all(&line);
        }
    }
}
