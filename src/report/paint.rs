//! Colour, or none.

use console::Style;

use crate::results::Verdict;

/// Colour of a text, or none.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// With colour, or without.
    #[must_use]
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    /// `true` for a text with colour.
    #[must_use]
    pub const fn is_on(self) -> bool {
        self.on
    }

    fn with(self, style: &Style, text: &str) -> String {
        style.clone().force_styling(self.on).apply_to(text).to_string()
    }

    /// Bold, for headings and identifiers.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.with(&Style::new().bold(), text)
    }

    /// Dimmed, for labels and details.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.with(&Style::new().dim(), text)
    }

    /// In the colour of a verdict.
    #[must_use]
    pub fn verdict(self, verdict: Verdict, text: &str) -> String {
        let style = match verdict {
            Verdict::Passed => Style::new().green(),
            Verdict::Failed => Style::new().red().bold(),
            Verdict::Blocked => Style::new().yellow(),
            Verdict::Skipped => Style::new().dim(),
        };
        self.with(&style, text)
    }
}
