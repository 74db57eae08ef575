//! Colour, or none.

use console::Style;

use crate::results::Verdict;

/// Whether texts are coloured.
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

    fn with(self, style: &Style, text: &str) -> String {
        style.clone().force_styling(self.on).apply_to(text).to_string()
    }

    /// What a reader looks for first.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.with(&Style::new().bold(), text)
    }

    /// What stands back.
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
