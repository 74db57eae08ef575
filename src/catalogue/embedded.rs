//! The feature files that are part of the program.

use std::sync::LazyLock;

use crate::vocabulary::unpacked;

static TEXT: LazyLock<String> =
    LazyLock::new(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/features.packed"))));

/// Every feature file of `features/`: its path there, and its text.
pub static FEATURE_FILES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut parts = TEXT.split_terminator('\0');
    std::iter::from_fn(|| Some((parts.next()?, parts.next()?))).collect()
});
