//! A saved run: the [`RunReport`] as JSON, packed by gzip where the name of the file ends with `.gz`.

use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::run::{RUN_REPORT_VERSION, RunReport};

/// A saved run that is larger than this many bytes is not read.
const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// What every gzip file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Writes a run to a file.
///
/// # Errors
/// That the file cannot be written.
pub fn write_run(path: &Path, report: &RunReport) -> anyhow::Result<()> {
    let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let bytes = if packed {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
        serde_json::to_writer(&mut encoder, report)?;
        encoder.write_all(b"\n")?;
        encoder.finish()?
    } else {
        let mut text = serde_json::to_vec_pretty(report)?;
        text.push(b'\n');
        text
    };
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads a run from a file, packed or not.
///
/// # Errors
/// That the file cannot be read, is no RunReport, or one of another version.
pub fn read_run(path: &Path) -> anyhow::Result<RunReport> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    from_bytes(&bytes).with_context(|| format!("{shown} is no saved run"))
}

fn from_bytes(bytes: &[u8]) -> anyhow::Result<RunReport> {
    let mut unpacked = Vec::new();
    let text = if bytes.starts_with(GZIP) {
        MultiGzDecoder::new(bytes).take(LIMIT).read_to_end(&mut unpacked).context("it is a broken gzip file")?;
        &unpacked
    } else {
        bytes
    };
    /// What every version has.
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: u32,
    }
    let Versioned { version } = serde_json::from_slice(text)?;
    anyhow::ensure!(
        version == RUN_REPORT_VERSION,
        "its version is {version}, and this oa-test reads version {RUN_REPORT_VERSION}"
    );
    Ok(serde_json::from_slice(text)?)
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
