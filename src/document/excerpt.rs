//! One line of a document as messages show it: without what may be secret, and around the place that is meant.

use super::node::Excerpts;

/// Limit of characters before and after the caret.
const AROUND: usize = 80;

/// Numbers with fewer digits are shown.
const SECRET_DIGITS: usize = 6;

/// The placeholder for a value.
const MASK: &str = "***";

/// A line, and where the caret is below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The visible part of the line.
    pub(super) text: String,
    /// Characters before the caret.
    pub(super) caret: usize,
}

impl Excerpt {
    /// The part of a line around a column, which counts characters from 1.
    pub(super) fn of(line: &str, column: usize, excerpts: Excerpts) -> Self {
        let at = column.saturating_sub(1);
        let mut shown = Shown { text: Vec::new(), caret: None, at, read: 0 };
        match excerpts {
            Excerpts::Plain => shown.keep(line),
            Excerpts::Json => json(line, &mut shown),
            Excerpts::Setting => match line.split_once('=') {
                Some((key, value)) => {
                    shown.keep(key);
                    shown.keep("=");
                    shown.replace(value, MASK);
                }
                None => shown.replace(line, MASK),
            },
        }
        let caret = shown.caret.unwrap_or(shown.text.len());
        let start = caret.saturating_sub(AROUND);
        let end = (caret + AROUND).min(shown.text.len());
        let mut text: String = shown.text.get(start..end).unwrap_or_default().iter().collect();
        if end < shown.text.len() {
            text.push('…');
        }
        if start == 0 { Self { text, caret } } else { Self { text: format!("…{text}"), caret: caret - start + 1 } }
    }
}

/// The excerpt so far, and the column of the caret.
struct Shown {
    text: Vec<char>,
    caret: Option<usize>,
    /// Characters of the line before the caret.
    at: usize,
    /// Characters of the line that were read.
    read: usize,
}

impl Shown {
    /// Shows a part as it is.
    fn keep(&mut self, part: &str) {
        for c in part.chars() {
            self.caret = self.caret.or_else(|| (self.read == self.at).then_some(self.text.len()));
            // Control characters would change the terminal.
            self.text.push(if c.is_control() && c != '\t' { '\u{fffd}' } else { c });
            self.read += 1;
        }
    }

    /// Shows something else instead of a part; a caret within goes to the start.
    fn replace(&mut self, part: &str, by: &str) {
        let count = part.chars().count();
        if (self.read..self.read + count).contains(&self.at) {
            self.caret = self.caret.or(Some(self.text.len()));
        }
        self.text.extend(by.chars());
        self.read += count;
    }
}

/// Where a token ends, in bytes.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Shows a line of JSON without its values. What is no JSON may be a value, too.
fn json(line: &str, shown: &mut Shown) {
    let mut rest = line;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => end_of_string(rest).unwrap_or(rest.len()),
            '/' if rest.starts_with("//") => rest.len(),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            ' ' | '\t' | '{' | '}' | '[' | ']' | ',' | ':' => 1,
            _ => {
                let ends = |c: char| c.is_whitespace() || "{}[],:\"".contains(c);
                rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map_or(rest.len(), |(at, _)| at)
            }
        };
        let (token, after) = rest.split_at(length);
        let is_key = || matches!(before, None | Some('{' | ',')) && after.trim_start().starts_with(':');
        match first {
            '"' if is_key() => shown.keep(token),
            '"' => shown.replace(token, "\"***\""),
            '/' if length > 1 => shown.replace(token, "/* *** */"),
            ' ' | '\t' | '{' | '}' | '[' | ']' | ',' | ':' => shown.keep(token),
            _ if is_harmless(token) => shown.keep(token),
            _ => shown.replace(token, MASK),
        }
        if !first.is_whitespace() {
            before = Some(first);
        }
        rest = after;
    }
}

/// Whether a word cannot be a secret: a name of JSON, or a number that is not long.
fn is_harmless(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let number =
        digits > 0 && digits < SECRET_DIGITS && word.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    matches!(word, "true" | "false" | "null") || number
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Excerpts};

    #[track_caller]
    fn shows(line: &str, marked: &str, expected: &str) {
        let column = line[..line.find(marked).unwrap()].chars().count() + 1;
        let Excerpt { text, caret } = Excerpt::of(line, column, Excerpts::Json);
        let shown: String = text.chars().take(caret).chain(['^']).chain(text.chars().skip(caret)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn values_are_masked_and_the_caret_stays_below_its_token() {
        shows(r#"{"a": "secret", "b": 12}"#, "\"b\"", r#"{"a": "***", ^"b": 12}"#);
        shows(r#"{"a": "sécret \" : 1", "b": true}"#, "true", r#"{"a": "***", "b": ^true}"#);
        shows(r#"{"a": "secret", "b": 12345678}"#, "1234", r#"{"a": "***", "b": ^***}"#);
        shows(r#"{"a": {"X-Key": "secret"}}"#, "\"secret", r#"{"a": {"X-Key": ^"***"}}"#);
        shows(r#"["secret", "other"]"#, "\"other", r#"["***", ^"***"]"#);
    }

    #[test]
    fn mistakes_of_syntax_show_no_value_either() {
        shows(r#"{"a": secret, "b": 1}"#, "secret", r#"{"a": ^***, "b": 1}"#);
        shows(r#"{"a": "secret, "b": 1}"#, "b", r#"{"a": "***"^***"***""#);
        shows(r#"{"a": 'secret'}"#, "'", r#"{"a": ^***}"#);
        shows(r#"{"a": "b" "secret": 1}"#, "\"secret", r#"{"a": "***" ^"***": 1}"#);
        shows(r#"{"a": 1} // secret"#, "//", r#"{"a": 1} ^/* *** */"#);
        shows(r#"{"a": "secret"#, "\"secret", r#"{"a": ^"***""#);
    }

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let line = format!("[{}\"x\": 1]", "12, ".repeat(1000));
        let at = line.find('"').unwrap();
        let Excerpt { text, caret } = Excerpt::of(&line, at + 1, Excerpts::Json);
        assert_eq!((text.chars().nth(caret), text.chars().next()), (Some('"'), Some('…')));
        assert!(text.chars().count() < 200);
    }
}
