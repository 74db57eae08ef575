//! Failures between a Booking Partner and the OpenID provider.

use crate::results::ExchangeId;

/// A failure between a Booking Partner and the OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthFailure {
    /// What is wrong: `<property or resource> <defect>`.
    pub message: String,
    /// What was expected, and what was found.
    pub difference: Option<Box<(String, String)>>,
    /// The member of a document that it is about.
    pub path: Option<String>,
    /// What to look at.
    pub hint: Option<String>,
    /// The exchange in which it showed.
    pub exchange: Option<ExchangeId>,
    /// Whether nothing can be judged because of it: no response came, or the fault may be that of the configuration.
    pub blocks: bool,
    /// `error` of an error response of OAuth 2.0.
    pub code: Option<String>,
}

impl AuthFailure {
    /// A failure with a message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            difference: None,
            path: None,
            hint: None,
            exchange: None,
            blocks: false,
            code: None,
        }
    }

    /// With what was expected, and what was found.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.difference = Some(Box::new((expected.into(), found.into())));
        self
    }

    /// About a member of a document.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// With what to look at.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With the exchange in which it showed.
    #[must_use]
    pub const fn at(mut self, exchange: Option<ExchangeId>) -> Self {
        self.exchange = exchange;
        self
    }

    /// The same, as something because of which nothing can be judged.
    #[must_use]
    pub const fn blocking(mut self) -> Self {
        self.blocks = true;
        self
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
