//! What this booking system has or lacks.

/// Optional behaviours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches {
    /// C1 takes a lease.
    pub anonymous_leasing: bool,
    /// C2 takes a lease.
    pub named_leasing: bool,
    /// Seconds that a lease lasts.
    pub lease_seconds: i64,
}

impl Default for Switches {
    fn default() -> Self {
        Self { anonymous_leasing: true, named_leasing: true, lease_seconds: 15 * 60 }
    }
}
