//! What is behind the cells: a chunk for each feature, packed.

use std::collections::BTreeSet;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::data::word;
use crate::error::{Error, ErrorContext as _, ErrorKind};
use crate::results::{CellReport, Excerpt, ExchangeId, ExchangeRow, RowBefore, RunReport};

/// A cell as the script lists it.
#[derive(Serialize)]
struct Brief<'r> {
    id: &'r str,
    v: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flaky: bool,
    /// What the filter looks through besides the identifier, in small letters.
    text: String,
    chunk: usize,
    at: usize,
}

/// The cells of a feature, with their exchanges. The script shows what follows from traces, not the traces.
/// Exchanges come before cells: their texts use fragments in this order, from the first that no chunk before has used.
#[derive(Serialize)]
struct Chunk {
    first: usize,
    exchanges: Vec<ExchangeRow>,
    cells: Vec<String>,
}

/// The data of a page.
pub(super) struct Packed {
    index: String,
    chunks: Vec<String>,
    /// What bodies are made of.
    fragments: String,
}

impl Packed {
    /// How many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.index.len() + self.fragments.len() + self.chunks.iter().map(String::len).sum::<usize>()
    }

    /// Writes it as elements that are no scripts.
    pub(super) fn write(&self, page: &mut String) {
        page.push_str(&format!("<script type=\"application/json\" id=\"index\">{}</script>\n", self.index));
        let chunks = self.chunks.iter().enumerate().map(|(number, chunk)| (format!("chunk-{number}"), chunk));
        for (id, chunk) in chunks.chain([("fragments".to_owned(), &self.fragments)]) {
            page.push_str(&format!("<script type=\"application/octet-stream;base64\" id=\"{id}\">{chunk}</script>\n"));
        }
    }
}

/// The cells of each feature, in the order of the report.
pub(super) fn features(report: &RunReport) -> Vec<Vec<&CellReport>> {
    let mut features: Vec<Vec<&CellReport>> = Vec::new();
    for cell in &report.cells {
        match features.last_mut() {
            Some(last) if last.first().is_some_and(|first| first.feature == cell.feature) => last.push(cell),
            _ => features.push(vec![cell]),
        }
    }
    features
}

/// Packs everything.
pub(super) fn pack(report: &RunReport) -> Result<Packed, Error> {
    let features = features(report);
    let mut index = Vec::new();
    for (chunk, cells) in features.iter().enumerate() {
        for (at, cell) in cells.iter().enumerate() {
            let reason = cell.reason.as_deref().unwrap_or_default();
            let text = format!("{} {} {reason}", cell.name, cell.category).to_lowercase();
            index.push(Brief { id: &cell.id, v: word(cell), flaky: cell.flaky, text, chunk, at });
        }
    }
    // Within an element of HTML, nothing may look like its end.
    let index = serde_json::to_string(&index)?.replace('<', "\\u003c");
    let mut excerpt = Excerpt::default();
    let texts = report.exchanges.texts();
    let chunks = features
        .iter()
        .map(|cells| {
            let steps = cells.iter().flat_map(|cell| cell.all_steps());
            let wanted: BTreeSet<ExchangeId> = steps.flat_map(|step| step.exchanges.iter().copied()).collect();
            let packed = wanted.iter().filter_map(|id| report.exchanges.packed(*id));
            let (first, mut before) = (excerpt.len(), RowBefore::default());
            let exchanges = packed.map(|packed| packed.to_row(&mut before, &mut excerpt)).collect();
            let cells = cells.iter().map(|cell| Ok(excerpt.take(&cell.pack(texts)?))).collect::<Result<_, Error>>()?;
            packed_chunk(&Chunk { first, exchanges, cells })
        })
        .collect::<Result<_, Error>>()?;
    let fragments = packed(&excerpt.to_json((0, usize::MAX), texts)?)?;
    Ok(Packed { index, chunks, fragments })
}

fn packed_chunk(chunk: &Chunk) -> Result<String, Error> {
    packed(&serde_json::to_string(chunk)?)
}

/// A text, packed by gzip, in Base64.
fn packed(text: &str) -> Result<String, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(7));
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    Ok(BASE64.encode(packed.context(ErrorKind::Internal, || "cannot pack the report".to_owned())?))
}
