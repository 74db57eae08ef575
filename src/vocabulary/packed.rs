//! Texts that are part of the program, packed.

use std::io::Read as _;

/// A text that a build script packed (deflate). Anything else is an empty text.
#[must_use]
pub fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    match flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::unpacked;

    #[test]
    fn anything_else_is_empty() {
        // Four letters, stored as they are.
        assert_eq!(unpacked(b"\x01\x04\0\xfb\xfftext"), "text");
        assert_eq!(unpacked(b"\x01\x04\0\xfb\xffte"), "");
        assert_eq!(unpacked(b"text"), "");
    }
}
