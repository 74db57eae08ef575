//! The trace of a cell, or of a run beyond its cells, as a run keeps it.

#[cfg(test)]
use std::borrow::Cow;
use std::sync::Arc;

use super::packed_text::PackedText;
use super::relative::{absolute, counted};
use super::store::Place;
use super::texts::Texts;

#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Everything that a cell, or a run beyond its cells, did and saw: a JSON list of events, without secrets. It is kept compressed.
#[derive(Clone, Default)]
pub struct SavedTrace(Option<Kept>);

/// How a trace is kept.
#[derive(Clone)]
enum Kept {
    /// By itself, compressed.
    Alone(Arc<[u8]>),
    /// Among the texts of its run, in their file.
    Among(Texts, Place),
}

impl std::fmt::Debug for SavedTrace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedTrace").field("empty", &self.is_empty()).finish()
    }
}

impl SavedTrace {
    /// Keeps a JSON list of events by itself.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Some(Kept::Alone(lz4_flex::compress_prepend_size(text.as_bytes()).into())))
    }

    /// Keeps a JSON list of events among the texts of its run.
    #[must_use]
    pub fn among(texts: &Texts, text: &str) -> Self {
        Self::packed(texts, &texts.pack(&counted(text)))
    }

    /// Keeps a JSON list of events that comes in parts, each of which ends where a fragment does, among the texts of its run.
    #[must_use]
    pub fn of_parts(texts: &Texts, parts: impl FnOnce(&mut dyn FnMut(&str))) -> Self {
        Self::packed(texts, &texts.pack_parts(parts))
    }

    /// A trace that is among the texts of its run.
    #[must_use]
    pub fn packed(texts: &Texts, packed: &PackedText) -> Self {
        Self(Some(Kept::Among(texts.clone(), texts.store().put(packed.as_str().as_bytes()))))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The JSON list of events; `None` where there is none.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self.0.as_ref()? {
            Kept::Alone(bytes) => String::from_utf8(lz4_flex::decompress_size_prepended(bytes).ok()?).ok(),
            Kept::Among(texts, place) => {
                texts.unpack(&PackedText::stored(&texts.store().text(*place)?)?).map(|text| absolute(&text))
            }
        }
    }

    /// The trace among texts; `None` where there is none.
    #[must_use]
    pub fn pack(&self, wanted: &Texts) -> Option<PackedText> {
        match self.0.as_ref()? {
            Kept::Among(texts, place) if texts.same(wanted) => PackedText::stored(&texts.store().text(*place)?),
            _ => Some(wanted.pack_again(&counted(&self.text()?))),
        }
    }
}

impl Serialize for SavedTrace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.text().unwrap_or_else(|| "[]".to_owned());
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SavedTrace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self::of(text.get()))
    }
}

#[cfg(test)]
impl JsonSchema for SavedTrace {
    fn schema_name() -> Cow<'static, str> {
        "Trace".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "array",
            "description": "Events of a cell, or of the run beyond its cells, in order. `exchanges` has the bodies of requests and responses.",
            "items": {
                "type": "object",
                "required": ["event"],
                "properties": { "event": { "type": "string" } }
            }
        })
    }
}
