//! What went wrong between a Booking Partner and the OpenID provider.

use crate::results::{ExchangeId, Finding};

/// What went wrong, told so that a person can act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthFailure {
    /// In words.
    pub message: String,
    /// What was expected, and what came.
    pub difference: Option<Box<(String, String)>>,
    /// What to look at.
    pub hint: Option<String>,
    /// The exchange in which it showed.
    pub exchange: Option<ExchangeId>,
    /// Whether nothing came back, so that nothing can be judged.
    pub unreachable: bool,
    /// `error` of an answer as OAuth 2.0 has it.
    pub code: Option<String>,
}

impl AuthFailure {
    /// A failure that is told by a message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), difference: None, hint: None, exchange: None, unreachable: false, code: None }
    }

    /// What was expected, and what came.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.difference = Some(Box::new((expected.into(), found.into())));
        self
    }

    /// What to look at.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The exchange in which it showed.
    #[must_use]
    pub const fn at(mut self, exchange: Option<ExchangeId>) -> Self {
        self.exchange = exchange;
        self
    }

    /// The finding that tells it.
    #[must_use]
    pub fn finding(&self, spec: &str) -> Finding {
        let mut finding = Finding::new(self.message.clone()).spec(spec);
        if let Some((expected, found)) = self.difference.as_deref() {
            finding = finding.expected(expected.clone(), found.clone());
        }
        if let Some(hint) = &self.hint {
            finding = finding.hint(hint.clone());
        }
        match self.exchange {
            Some(id) => finding.exchange(id),
            None => finding,
        }
    }
}

impl std::fmt::Display for AuthFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if let Some((expected, found)) = self.difference.as_deref() {
            write!(f, " (expected {expected}, found {found})")?;
        }
        Ok(())
    }
}
