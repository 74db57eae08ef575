//! Exit codes: one table for all commands.

use super::kind::ErrorKind;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Everything that was judged conforms.
    Success,
    /// The command completed, and a result does not conform.
    Failure,
    /// The command completed, and a result is blocked.
    Inconclusive,
    /// The command could not do its work.
    Error(ErrorKind),
    /// A signal ended the command.
    Interrupted,
}

impl Exit {
    /// Every way, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Success,
        Self::Failure,
        Self::Inconclusive,
        Self::Error(ErrorKind::Usage),
        Self::Error(ErrorKind::Configuration),
        Self::Error(ErrorKind::Target),
        Self::Error(ErrorKind::Internal),
        Self::Interrupted,
    ];

    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Inconclusive => 2,
            Self::Error(ErrorKind::Usage) => 2,
            Self::Error(ErrorKind::Configuration) => 2,
            Self::Error(ErrorKind::Target) => 2,
            Self::Error(ErrorKind::Internal) => 2,
            Self::Interrupted => 130,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Inconclusive => "inconclusive",
            Self::Error(kind) => kind.name(),
            Self::Interrupted => "interrupted",
        }
    }

    /// Success where nothing failed.
    #[must_use]
    pub const fn failure_if(failed: bool) -> Self {
        if failed { Self::Failure } else { Self::Success }
    }
}
