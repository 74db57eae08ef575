//! The kinds of errors.

/// The kind of an error: it says who can remove its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The command line: an argument, or a file that it names.
    Usage,
    /// The configuration, the known failures or the feature files.
    Configuration,
    /// The booking system, or any other server that was asked.
    Target,
    /// `oa-test` itself, or the machine that it runs on: threads, files, memory.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: &'static [Self] = &[Self::Usage, Self::Configuration, Self::Target, Self::Internal];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Configuration => "configuration",
            Self::Target => "target",
            Self::Internal => "internal",
        }
    }
}
