//! What is behind the cells: a chunk for each feature, packed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::data::word;
use crate::error::{Error, ErrorContext as _, ErrorKind};
use crate::results::{CellReport, Excerpt, ExchangeId, PackedExchange, RunReport, SavedTrace};

/// A cell as the script lists it.
#[derive(Serialize)]
struct Brief<'r> {
    id: &'r str,
    v: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flaky: bool,
    /// What the filter looks through, in small letters.
    text: String,
    chunk: usize,
    at: usize,
}

/// The cells of a feature, with their exchanges.
#[derive(Serialize)]
struct Chunk<'r> {
    cells: Vec<Cell<'r>>,
    exchanges: &'r BTreeMap<ExchangeId, PackedExchange>,
}

/// A cell as the script shows it: the script shows what follows from traces, not the traces.
struct Cell<'r>(&'r CellReport);

impl Serialize for Cell<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        CellReport { trace: SavedTrace::default(), ..self.0.clone() }.serialize(serializer)
    }
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

/// Packs everything, on as many threads as there are processors.
pub(super) fn pack(report: &RunReport) -> Result<Packed, Error> {
    let features = features(report);
    let mut index = Vec::new();
    for (chunk, cells) in features.iter().enumerate() {
        for (at, cell) in cells.iter().enumerate() {
            let reason = cell.reason.as_deref().unwrap_or_default();
            let text = format!("{} {} {} {reason}", cell.id, cell.name, cell.category).to_lowercase();
            index.push(Brief { id: &cell.id, v: word(cell), flaky: cell.flaky, text, chunk, at });
        }
    }
    // Within an element of HTML, nothing may look like its end.
    let index = serde_json::to_string(&index)?.replace('<', "\\u003c");
    let mut excerpt = Excerpt::default();
    let exchanges: Vec<BTreeMap<ExchangeId, PackedExchange>> = features
        .iter()
        .map(|cells| {
            let wanted: BTreeSet<ExchangeId> = cells
                .iter()
                .flat_map(|cell| cell.all_steps())
                .flat_map(|step| step.exchanges.iter().copied())
                .collect();
            let packed = wanted.iter().filter_map(|id| report.exchanges.packed(*id));
            packed.map(|packed| (packed.id(), packed.moved(&mut excerpt))).collect()
        })
        .collect();
    let fragments = packed(&excerpt.to_json(report.exchanges.texts())?)?;
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(features.len().max(1));
    let features: Vec<_> = features.into_iter().zip(exchanges).collect();
    let chunks = std::thread::scope(|scope| {
        let features = &features;
        let tasks: Vec<_> = (0..workers)
            .map(|worker| {
                let own = features.iter().enumerate().skip(worker).step_by(workers);
                let pack = move || {
                    own.map(|(at, (cells, exchanges))| Ok((at, one(cells, exchanges)?)))
                        .collect::<Result<Vec<_>, Error>>()
                };
                scope.spawn(pack)
            })
            .collect();
        let mut chunks: Vec<(usize, String)> = Vec::new();
        for task in tasks {
            chunks.extend(task.join().map_err(|_| Error::internal("cannot pack the report"))??);
        }
        chunks.sort_by_key(|(at, _)| *at);
        Ok::<_, Error>(chunks.into_iter().map(|(_, chunk)| chunk).collect())
    })?;
    Ok(Packed { index, chunks, fragments })
}

fn one(cells: &[&CellReport], exchanges: &BTreeMap<ExchangeId, PackedExchange>) -> Result<String, Error> {
    let cells = cells.iter().map(|cell| Cell(cell)).collect();
    packed(&serde_json::to_string(&Chunk { cells, exchanges })?)
}

/// A text, packed by gzip, in Base64.
fn packed(text: &str) -> Result<String, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    Ok(BASE64.encode(packed.context(ErrorKind::Internal, || "cannot pack the report".to_owned())?))
}
