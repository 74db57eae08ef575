//! Problems in a document, with their place.

use std::fmt;

use crate::error::Error;

use super::excerpt::Excerpt;
use super::node::Spot;

/// One thing that is wrong at one place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub spot: Spot,
    /// The defect: a fragment without a full stop.
    pub message: String,
    /// The remedy.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem without a hint.
    pub fn new(spot: &Spot, message: impl Into<String>) -> Self {
        Self { spot: spot.clone(), message: message.into(), hint: None }
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem, with "did you mean" where a known name is near.
    #[must_use]
    pub fn suggest<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match crate::vocabulary::closest(given, known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// One error out of all problems of the documents that `what` names. `None` where there is no problem.
#[must_use]
pub fn problems_as_error(problems: &[Problem], what: &str) -> Option<Error> {
    match problems {
        [] => None,
        [one] => Some(one.clone().into()),
        several => {
            let texts: Vec<String> = several.iter().map(ToString::to_string).collect();
            Some(Error::configuration(format!("{} problems in {what}\n\n{}", texts.len(), texts.join("\n\n"))))
        }
    }
}

impl From<Problem> for Error {
    fn from(mut problem: Problem) -> Self {
        let hint = problem.hint.take();
        let error = Self::configuration(problem.to_string());
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spot { source, line, column } = &self.spot;
        write!(f, "{}:{line}:{column}: {}", source.name, self.message)?;
        if let Some(text) = source.text.lines().nth(line.saturating_sub(1)) {
            let gutter = line.to_string();
            let blank = " ".repeat(gutter.len());
            let Excerpt { text, caret } = Excerpt::of(text, *column, source.excerpts);
            // Tabs are kept in the caret line so that it lines up however wide they are shown.
            let indent: String = text.chars().take(caret).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n {blank} |\n {gutter} | {text}\n {blank} | {indent}^")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
