//! What a target sent is shown so that it can do nothing to the terminal or the reader.

/// The longest text that is shown in one place, in characters.
const LONGEST: usize = 1200;

/// Whether a character changes how others are shown without being seen itself.
const fn hidden(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
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
            c if c.is_control() || hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_that_steers_a_terminal_survives() {
        assert_eq!(escape("a\u{1b}[31mb\u{7}c\u{9b}d"), "a\\u{1b}[31mb\\u{7}c\\u{9b}d");
        assert_eq!(escape("left\u{202e}right\u{200b}"), "left\\u{202e}right\\u{200b}");
        assert_eq!(escape("two\nlines\r\t"), "two\\nlines\\r\\t");
    }

    #[test]
    fn what_is_long_is_cut() {
        let shown = escape(&"x".repeat(5000));
        assert_eq!(shown.chars().count(), 1201);
        assert!(shown.ends_with('…'));
    }
}
