//! What a target sent is shown so that it can do nothing to the terminal or the reader.

use std::borrow::Cow;

/// The longest text that is shown in one place, in characters.
const LONGEST: usize = 1200;

/// Whether a character changes how others are shown without being seen itself.
const fn hidden(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character is none that a document may hold: XML has no place for it.
const fn is_noncharacter(c: char) -> bool {
    c as u32 & 0xfffe == 0xfffe
}

/// A text in which no line is a command to a CI system: neither `::` at the start of a line, nor `##[` or `##vso[`
/// anywhere. What is changed becomes an escape that JSON reads as the same.
#[must_use]
pub fn defuse(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut taken = 0;
    // One by one: of three in a row, the last two can begin a command.
    let hashes = text.match_indices('#').filter(|(at, _)| {
        let after = text.get(at + 1..).and_then(|after| after.strip_prefix('#')).unwrap_or_default();
        after.starts_with('[') || after.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("vso["))
    });
    let mut places: Vec<(usize, &str)> = hashes.map(|(at, _)| (at, "\\u0023")).collect();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let command = line.trim_start();
        if command.starts_with("::") {
            places.push((start + line.len() - command.len(), "\\u003a"));
        }
        start += line.len();
    }
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_unstable();
    for (at, escape) in places {
        shown.push_str(text.get(taken..at).unwrap_or_default());
        shown.push_str(escape);
        taken = at + 1;
    }
    shown.push_str(text.get(taken..).unwrap_or_default());
    Cow::Owned(shown)
}

/// A text without control characters and invisible ones: they show as escapes. Long texts are cut.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c.is_control() || hidden(c) || is_noncharacter(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    match defuse(&shown) {
        Cow::Borrowed(_) => shown,
        Cow::Owned(defused) => defused,
    }
}

#[cfg(test)]
mod tests {
    use super::{defuse, escape};

    #[test]
    fn nothing_that_steers_a_terminal_survives() {
        assert_eq!(escape("a\u{1b}[31mb\u{7}c\u{9b}d"), "a\\u{1b}[31mb\\u{7}c\\u{9b}d");
        assert_eq!(escape("left\u{202e}right\u{200b}"), "left\\u{202e}right\\u{200b}");
        assert_eq!(escape("two\nlines\r\t"), "two\\nlines\\r\\t");
    }

    #[test]
    fn nothing_that_no_document_may_hold_survives() {
        assert_eq!(escape("a\u{fffe}b\u{ffff}c\u{1ffff}d\u{e0041}"), "a\\u{fffe}b\\u{ffff}c\\u{1ffff}d\\u{e0041}");
    }

    #[test]
    fn no_line_is_a_command_of_a_ci_system() {
        assert_eq!(escape("::error::x"), "\\u003a:error::x");
        assert_eq!(escape("a ##vso[task.x] ##[error]"), "a \\u0023#vso[task.x] \\u0023#[error]");
        assert_eq!(
            defuse("a\n \t::set-env\r::x\n## title\n::"),
            "a\n \t\\u003a:set-env\r\\u003a:x\n## title\n\\u003a:"
        );
        assert_eq!(defuse("std::fmt ###[x] ##VSO[y]"), "std::fmt #\\u0023#[x] \\u0023#VSO[y]");
        assert_eq!(defuse("nothing"), "nothing");
    }

    #[test]
    fn what_is_long_is_cut() {
        let shown = escape(&"x".repeat(5000));
        assert_eq!(shown.chars().count(), 1201);
        assert!(shown.ends_with('…'));
    }
}
