//! The trace of a cell, or of a run beyond its cells, as a run keeps it.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Everything that a cell, or a run beyond its cells, did and saw: a JSON list of events, without secrets. It is kept compressed.
#[derive(Clone, Default)]
pub struct SavedTrace {
    packed: Option<Arc<[u8]>>,
}

impl std::fmt::Debug for SavedTrace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedTrace").field("bytes", &self.packed.as_ref().map_or(0, |packed| packed.len())).finish()
    }
}

impl SavedTrace {
    /// Keeps a JSON list of events.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { packed: Some(lz4_flex::compress_prepend_size(text.as_bytes()).into()) }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.packed.is_none()
    }

    /// The JSON list of events; `None` where there is none.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let bytes = lz4_flex::decompress_size_prepended(self.packed.as_ref()?).ok()?;
        String::from_utf8(bytes).ok()
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
