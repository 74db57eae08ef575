//! Globs on identifiers, such as `access-*` and `{core,payment}/**`.

use std::fmt;

/// Takes the place of `/`, which a wildcard matches as well: the parts of identifiers are no folders.
const SEPARATOR: &str = "\u{1}";

/// A pattern: `*` and `**` are any text, `?` is any character, `[ab]` and `[!ab]` are one of some characters or none of them,
/// `{one,other}` are alternatives, and a backslash takes the meaning from the next character.
#[derive(Debug, Clone)]
pub struct Glob(String);

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadGlob {
    /// What opens alternatives or a set is never closed.
    Open(char),
    /// What closes alternatives was not opened.
    Close,
    /// A backslash has nothing after it.
    Escape,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(open) => write!(f, "`{open}` is never closed"),
            Self::Close => f.write_str("`}` has no `{` before it"),
            Self::Escape => f.write_str("a backslash at the end has nothing to escape"),
        }
    }
}

impl std::error::Error for BadGlob {}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is none.
    pub fn new(text: &str) -> Result<Self, BadGlob> {
        balanced(text)?;
        Ok(Self(text.replace('/', SEPARATOR)))
    }

    /// Whether it matches a whole text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        fast_glob::glob_match(&self.0, text.replace('/', SEPARATOR))
    }
}

/// Whether a path of files matches a pattern, whose wildcards but `**` stay within a folder.
///
/// # Errors
/// Why the text is no pattern.
pub fn matches_path(pattern: &str, path: &str) -> Result<bool, BadGlob> {
    balanced(pattern)?;
    Ok(fast_glob::glob_match(pattern, path))
}

/// Checks that everything that is opened is closed.
fn balanced(pattern: &str) -> Result<(), BadGlob> {
    let mut alternatives = 0_usize;
    let mut text = pattern.chars();
    while let Some(next) = text.next() {
        match next {
            '\\' => drop(text.next().ok_or(BadGlob::Escape)?),
            '{' => alternatives += 1,
            '}' => alternatives = alternatives.checked_sub(1).ok_or(BadGlob::Close)?,
            '[' => skip_set(&mut text)?,
            _ => {}
        }
    }
    if alternatives > 0 { Err(BadGlob::Open('{')) } else { Ok(()) }
}

/// Goes to the end of a set of characters, the first of which may be the closing bracket itself.
fn skip_set(text: &mut std::str::Chars<'_>) -> Result<(), BadGlob> {
    let mut first = true;
    while let Some(next) = text.next() {
        match next {
            '\\' => drop(text.next().ok_or(BadGlob::Escape)?),
            '!' | '^' if first => continue,
            ']' if !first => return Ok(()),
            _ => {}
        }
        first = false;
    }
    Err(BadGlob::Open('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_every_part_of_an_identifier() {
        for (pattern, right, wrong) in [
            ("access-*", "access-code", "b-access-code"),
            ("access-code/**", "access-code/access-code@simple/Slot", "access-pass/access-code@simple/Slot"),
            ("*accessCode*", "orderedItem[*].accessCode is there", "accessPass"),
            ("{core,payment}/*", "payment/opportunity-paid", "payments/opportunity-paid"),
            ("{**.rate,**.tax.*}", "totalPaymentTax.tax.name", "totalPaymentTax.name"),
            ("c[12] *", "c2 Quote Success", "c3 Quote Success"),
            ("c[!12]", "c3", "c1"),
            ("o?e", "one", "oe"),
            ("\\*", "*", "star"),
            ("**", "a/b.c", "\n\u{1}"),
        ] {
            let glob = Glob::new(pattern).unwrap();
            assert!(glob.is_match(right), "{pattern} matches {right}");
            assert!(pattern == "**" || !glob.is_match(wrong), "{pattern} does not match {wrong}");
        }
    }

    #[test]
    fn wildcards_of_paths_stay_within_a_folder() {
        assert_eq!(matches_path("data/*.json", "data/one.json"), Ok(true));
        assert_eq!(matches_path("data/*.json", "data/more/one.json"), Ok(false));
        assert_eq!(matches_path("data/**/*.json", "data/more/still/one.json"), Ok(true));
    }

    #[test]
    fn what_is_never_closed_is_no_pattern() {
        assert_eq!(Glob::new("a[b").unwrap_err(), BadGlob::Open('['));
        assert_eq!(Glob::new("a{b,c").unwrap_err(), BadGlob::Open('{'));
        assert_eq!(Glob::new("a}").unwrap_err(), BadGlob::Close);
        assert_eq!(Glob::new("a\\").unwrap_err(), BadGlob::Escape);
        assert!(Glob::new("[]ab]{c,[}]}").is_ok());
    }
}
