//! Values as findings quote them.

use std::io::{self, Write};

use serde_json::Value;

/// The most characters of a value that a finding quotes.
pub const QUOTED_LENGTH: usize = 200;

/// A value as JSON, of at most `length` characters, so that the text `"3"` and the number `3` differ. What is cut ends
/// with `…`.
///
/// `None` for no value: the caller says what that means.
#[must_use]
pub fn quoted(value: Option<&Value>, length: usize) -> Option<String> {
    let mut head = Head { bytes: Vec::new(), limit: length.saturating_mul(4) };
    // The writer ends the work once there is enough, however much follows.
    let whole = serde_json::to_writer(&mut head, value?).is_ok();
    let text = String::from_utf8_lossy(&head.bytes);
    if whole && text.chars().count() <= length {
        return Some(text.into_owned());
    }
    Some(text.chars().take(length.saturating_sub(1)).chain(['…']).collect())
}

/// Keeps the first bytes that are written, and ends the writing after them.
struct Head {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let free = self.limit.saturating_add(4).saturating_sub(self.bytes.len());
        if bytes.len() > free {
            self.bytes.extend(bytes.iter().take(free));
            return Err(io::Error::other("enough"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn texts_and_numbers_are_distinguished() {
        assert_eq!(quoted(Some(&json!("3")), 10).as_deref(), Some("\"3\""));
        assert_eq!(quoted(Some(&json!(3)), 10).as_deref(), Some("3"));
        assert_eq!(quoted(Some(&json!(null)), 10).as_deref(), Some("null"));
        assert_eq!(quoted(None, 10), None);
    }

    #[test]
    fn long_values_are_cut() {
        let text = quoted(Some(&json!("é".repeat(1_000_000))), 10).unwrap();
        assert_eq!(text, format!("\"{}…", "é".repeat(8)));
        assert_eq!(quoted(Some(&json!([1, 2, 3])), 7).as_deref(), Some("[1,2,3]"));
        assert_eq!(quoted(Some(&json!([1, 2, 3])), 6).as_deref(), Some("[1,2,…"));
    }

    #[test]
    fn deep_values_overflow_nothing() {
        let mut deep = json!(1);
        for _ in 0..10_000 {
            deep = Value::Array(vec![deep]);
        }
        assert_eq!(quoted(Some(&deep), 200).unwrap().chars().count(), 200);
        crate::compare::difference::tests::drop_deep(deep);
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_its_bound(text in "\\PC{0,60}", length in 1_usize..40) {
            prop_assert!(quoted(Some(&json!(text)), length).unwrap().chars().count() <= length);
        }
    }
}
