//! A saved run: the [`RunReport`] as JSON, packed by gzip where the name of the file ends with `.gz`.

use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::error::{Error, ErrorContext as _, ErrorKind};

use super::run::{RUN_REPORT_VERSION, RunReport};

/// A saved run that is larger than this many bytes is not read.
const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// What every gzip file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Writes a run to a file.
///
/// # Errors
/// That the file cannot be written.
pub fn write_run(path: &Path, report: &RunReport) -> Result<(), Error> {
    let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let bytes = if packed {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
        serde_json::to_writer(&mut encoder, report)?;
        let ended = encoder.write_all(b"\n").and_then(|()| encoder.finish());
        ended.context(ErrorKind::Internal, || "cannot pack the run".to_owned())?
    } else {
        let mut text = serde_json::to_vec_pretty(report)?;
        text.push(b'\n');
        text
    };
    std::fs::write(path, bytes).map_err(|error| Error::file("write", path, error))
}

/// Reads a run from a file, packed or not.
///
/// # Errors
/// That the file cannot be read, is no RunReport, or one of another version.
pub fn read_run(path: &Path) -> Result<RunReport, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::file("read", path, error))?;
    let run = from_bytes(&bytes).map_err(Error::usage);
    run.map_err(|error| error.during(&format!("{} is not a saved run", path.display())))
}

/// The run in a file, or why there is none.
fn from_bytes(bytes: &[u8]) -> Result<RunReport, String> {
    let mut unpacked = Vec::new();
    let text = if bytes.starts_with(GZIP) {
        let read = MultiGzDecoder::new(bytes).take(LIMIT).read_to_end(&mut unpacked);
        read.map_err(|error| format!("invalid gzip data: {error}"))?;
        &unpacked
    } else {
        bytes
    };
    /// What every version has.
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: u32,
    }
    let Versioned { version } = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if version != RUN_REPORT_VERSION {
        return Err(format!("version {version} is not supported (supported: {RUN_REPORT_VERSION})"));
    }
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

/// The JSON Schema of a [`RunReport`].
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(RunReport).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "RunReport of oa-test".into());
    }
    schema
}
