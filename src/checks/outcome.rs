//! What a check comes to.

use crate::results::{Finding, Remark};

/// Outcome of a check.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether it was made at all.
    pub(super) made: bool,
    /// Findings of a check that failed.
    pub(super) broken: Vec<Finding>,
    /// Why it is blocked.
    pub(super) blocked: Option<Finding>,
    /// Warnings and suggestions.
    pub(super) remarks: Vec<Remark>,
    /// Why it is not judged, where the target conforms either way.
    pub(super) unjudged: Option<String>,
    /// Whether it has nothing to say but remarks, or that it is not judged.
    pub(super) silent: bool,
    /// Exchanges that show that it holds.
    pub(super) exchanges: Vec<u32>,
}

impl Outcome {
    /// It is not made here.
    #[must_use]
    pub fn absent() -> Self {
        Self::default()
    }

    /// It holds.
    #[must_use]
    pub fn held() -> Self {
        Self { made: true, ..Self::default() }
    }

    /// It does not hold.
    #[must_use]
    pub fn broken(finding: Finding) -> Self {
        Self { made: true, broken: vec![finding], ..Self::default() }
    }

    /// It is blocked.
    #[must_use]
    pub fn blocked(finding: Finding) -> Self {
        Self { made: true, blocked: Some(finding), ..Self::default() }
    }

    /// It holds unless there is a finding.
    #[must_use]
    pub fn of(finding: Option<Finding>) -> Self {
        finding.map_or_else(Self::held, Self::broken)
    }
}
