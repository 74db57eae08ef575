//! Texts that are packed: those that are part of the program, and those that wait in memory.

use std::fmt;
use std::io::Read as _;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that a build script packed (deflate). Anything else is an empty text.
#[must_use]
pub fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    match flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
}

/// A text that is compressed (LZ4) in memory, and a string wherever it is written. Clones share it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CompressedText(Arc<[u8]>);

impl From<&str> for CompressedText {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::default() } else { Self(lz4_flex::compress_prepend_size(text.as_bytes()).into()) }
    }
}

impl CompressedText {
    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = lz4_flex::decompress_size_prepended(&self.0).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for CompressedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl Serialize for CompressedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for CompressedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::{CompressedText, unpacked};

    #[test]
    fn a_compressed_text_is_a_string_where_it_is_written() {
        for text in ["", "text", &"text and more ".repeat(1000)] {
            let compressed = CompressedText::from(text);
            assert_eq!((compressed.text().as_str(), compressed.is_empty()), (text, text.is_empty()));
            let written = serde_json::to_string(&compressed).unwrap();
            assert_eq!(written, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<CompressedText>(&written).unwrap(), compressed);
        }
    }

    #[test]
    fn anything_else_is_empty() {
        // Four letters, stored as they are.
        assert_eq!(unpacked(b"\x01\x04\0\xfb\xfftext"), "text");
        assert_eq!(unpacked(b"\x01\x04\0\xfb\xffte"), "");
        assert_eq!(unpacked(b"text"), "");
    }
}
