//! The bytes of a document as text: UTF-8, perhaps after a byte order mark.

/// U+FEFF. RFC 8259 (8.1) lets no sender put it before JSON, and lets readers ignore it.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Warning about a body that starts with one.
pub const STARTS_WITH_MARK: &str = "response starts with a byte order mark";

/// The text of some bytes, with its byte order mark where it has one.
///
/// # Errors
/// In words, what the bytes are instead of UTF-8.
pub fn utf8(bytes: &[u8]) -> Result<&str, String> {
    match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0xff, 0xfe, 0, 0, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => {
            return Err("UTF-32, expected UTF-8".to_owned());
        }
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, _, ..] | [_, 0, ..] => {
            return Err("UTF-16, expected UTF-8".to_owned());
        }
        _ => {}
    }
    std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8: byte {} is invalid", error.valid_up_to()))
}

/// A text without the byte order mark at its start.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{utf8, without_mark};

    #[test]
    fn other_encodings_are_named() {
        let sixteen = |bytes: &[u8]| assert_eq!(utf8(bytes), Err("UTF-16, expected UTF-8".to_owned()), "{bytes:?}");
        sixteen(b"\xff\xfe{\0}\0");
        sixteen(b"\xfe\xff\0{\0}");
        sixteen(b"{\0}\0");
        sixteen(b"\0{\0}");
        assert_eq!(utf8(b"\0\0\0{"), Err("UTF-32, expected UTF-8".to_owned()));
        assert_eq!(utf8(b"{\"a\":\"\xe9\"}"), Err("not UTF-8: byte 6 is invalid".to_owned()));
        assert_eq!(utf8(b""), Ok(""));
        assert_eq!(utf8(b"\xef\xbb\xbf{}").map(without_mark), Ok("{}"));
    }
}
