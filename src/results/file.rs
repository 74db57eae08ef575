//! A saved run: the [`RunReport`] as JSON, or packed where the name of the file ends with `.gz`.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::vocabulary::unpacked;

use super::cell::CellReport;
use super::excerpt::Excerpt;
use super::exchanges::{PackedExchange, RowBefore};
use super::packed_text::PackedText;
use super::run::{RUN_REPORT_VERSION, RunReport};
use super::saved_trace::SavedTrace;

/// A saved run that is larger than this many bytes is not read.
const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// How much work gzip makes of it.
const LEVEL: u32 = 7;
/// What every gzip file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A cell, and the trace of a cell or of a run, as a line of a saved run. The texts are without the numbers of their first new
/// fragments: that is how many fragments the lines before have used.
#[derive(Default, Serialize, Deserialize)]
struct Line {
    /// Fragments of the lines that follow.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    fragments: Option<Vec<String>>,
    /// The trace is that of one of the runs that this one was put together from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    part: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    trace: Option<String>,
}

/// So many fragments are one line.
const LINE: usize = 4096;

/// Writes a run to a file: where its name ends with `.gz`, a line for the run, one for each exchange, for each cell with its
/// trace, and for its own trace, and before them lines with their fragments, packed by gzip; otherwise one JSON document that holds everything in full.
///
/// # Errors
/// That the file cannot be written.
pub fn write_run(path: &Path, report: &RunReport) -> Result<(), Error> {
    let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let unwritable = |error: std::io::Error| Error::file("write", path, error);
    if !packed {
        let mut text = serde_json::to_vec_pretty(report)?;
        text.push(b'\n');
        return std::fs::write(path, text).map_err(unwritable);
    }
    let file = BufWriter::new(File::create(path).map_err(unwritable)?);
    let mut encoder = GzEncoder::new(file, Compression::new(LEVEL));
    let written = write_lines(report, &mut encoder).and_then(|()| encoder.finish()?.flush());
    written.map_err(unwritable)
}

fn write_line(value: &impl Serialize, to: &mut impl Write) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line)
}

/// Something of a run that is a line of its file.
enum Part {
    Exchange(PackedExchange),
    Cell(PackedText, Option<PackedText>),
    Trace(Option<usize>, PackedText),
}

/// Shows the parts of a run in the order of their lines.
fn each_part(
    report: &RunReport,
    cells: &[PackedText],
    mut take: impl FnMut(Part) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let texts = report.exchanges.texts();
    report.exchanges.all_packed().try_for_each(|exchange| take(Part::Exchange(exchange)))?;
    for (packed, cell) in cells.iter().zip(&report.cells) {
        take(Part::Cell(packed.clone(), cell.trace.pack(texts)))?;
    }
    let parts = report.parts.iter().enumerate().map(|(part, run)| (Some(part), &run.run.trace));
    let mut traces = std::iter::once((None, &report.trace)).chain(parts);
    traces.try_for_each(|(part, trace)| trace.pack(texts).map_or(Ok(()), |trace| take(Part::Trace(part, trace))))
}

fn write_lines(report: &RunReport, to: &mut impl Write) -> std::io::Result<()> {
    let texts = report.exchanges.texts();
    write_line(&report.frame(), to)?;
    let cells: Vec<PackedText> = report.cells.iter().map(|cell| cell.pack(texts)).collect::<Result<_, _>>()?;
    // Fragments stand before all that is made of them, which packs best.
    let mut excerpt = Excerpt::default();
    each_part(report, &cells, |part| {
        match part {
            Part::Exchange(exchange) => exchange.note(&mut excerpt),
            Part::Cell(cell, trace) => std::iter::once(&cell).chain(&trace).for_each(|text| excerpt.note(text)),
            Part::Trace(_, trace) => excerpt.note(&trace),
        }
        Ok(())
    })?;
    for from in (0..excerpt.len()).step_by(LINE) {
        writeln!(to, "{{\"fragments\":{}}}", excerpt.to_json((from, LINE), texts)?)?;
    }
    let mut before = RowBefore::default();
    each_part(report, &cells, |part| match part {
        Part::Exchange(exchange) => write_line(&exchange.to_row(&mut before, &mut excerpt), to),
        Part::Cell(cell, trace) => {
            let cell = Some(excerpt.take(&cell));
            let trace = trace.map(|trace| excerpt.take(&trace));
            write_line(&Line { cell, trace, ..Line::default() }, to)
        }
        Part::Trace(part, trace) => {
            write_line(&Line { part, trace: Some(excerpt.take(&trace)), ..Line::default() }, to)
        }
    })
}

/// Reads a run from a file, packed or not.
///
/// # Errors
/// That the file cannot be read, is no RunReport, or one of another version.
pub fn read_run(path: &Path) -> Result<RunReport, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::file("read", path, error))?;
    let run = if bytes.starts_with(GZIP) { from_lines(&bytes) } else { from_document(&bytes) };
    run.map_err(|error| Error::usage(error).during(&format!("{} is not a saved run", path.display())))
}

/// Refuses a run of another version.
fn version(text: &str) -> Result<(), String> {
    /// What every version has.
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let Versioned { version } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if version != RUN_REPORT_VERSION {
        return Err(format!("version {version} is not supported (supported: {RUN_REPORT_VERSION})"));
    }
    Ok(())
}

/// The run in a document, or why there is none.
fn from_document(bytes: &[u8]) -> Result<RunReport, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    version(text)?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The run in a packed file, or why there is none.
fn from_lines(bytes: &[u8]) -> Result<RunReport, String> {
    let mut lines = BufReader::new(MultiGzDecoder::new(bytes).take(LIMIT));
    let mut text = String::new();
    let mut next = |text: &mut String| {
        text.clear();
        lines.read_line(text).map_err(|error| format!("invalid gzip data: {error}"))
    };
    next(&mut text)?;
    version(&text)?;
    let mut run: RunReport = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let (mut before, mut first) = (RowBefore::default(), 0);
    while next(&mut text)? > 0 {
        let unreadable = |error: serde_json::Error| error.to_string();
        if text.starts_with('[') {
            let row = serde_json::from_str(&text).map_err(unreadable)?;
            run.exchanges.push_packed(&PackedExchange::of_row(&row, &mut before, &mut first));
            continue;
        }
        let line: Line = serde_json::from_str(&text).map_err(unreadable)?;
        let texts = run.exchanges.texts();
        if let Some(fragments) = line.fragments {
            texts.extend(fragments.iter().map(String::as_str));
        }
        let mut packed = |rest: String| {
            let (packed, new) = PackedText::with_first(first, &rest);
            first = first.saturating_add(new);
            packed
        };
        let cell = line.cell.map(&mut packed);
        let trace = line.trace.map(&mut packed).map(|trace| SavedTrace::packed(texts, &trace));
        if let Some(cell) = cell {
            let mut cell = CellReport::unpack(&cell, texts)?;
            cell.trace = trace.unwrap_or_default();
            run.cells.push(cell);
        } else if let Some(trace) = trace {
            let part = line.part.map(|part| run.parts.get_mut(part).map(|part| &mut part.run.trace));
            *part.unwrap_or(Some(&mut run.trace)).ok_or("a trace belongs to no part of the run")? = trace;
        }
    }
    Ok(run)
}

/// The JSON Schema of a [`RunReport`].
///
/// # Errors
/// What is part of the program is broken, which a test rules out.
pub fn schema() -> serde_json::Result<serde_json::Value> {
    serde_json::from_str(&unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/run-report.schema.json.packed"))))
}

#[cfg(test)]
mod tests {
    use super::RunReport;

    /// With the variable `UPDATE_SCHEMA`, the file is written anew.
    #[test]
    fn the_schema_is_that_of_the_types() {
        let mut schema = schemars::schema_for!(RunReport).to_value();
        schema["title"] = "RunReport of oa-test".into();
        let text = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write("docs/run-report.schema.json", &text).unwrap();
        }
        let file = std::fs::read_to_string("docs/run-report.schema.json").unwrap();
        assert_eq!(text, file, "`UPDATE_SCHEMA=1 cargo test --lib the_schema` writes it anew");
    }
}
