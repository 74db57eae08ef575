//! Any text can be validated, in any mode, and gets the same answer twice.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oa_test::validate::{ValidationMode, Options, Remote, Validator};

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Remote::none()));

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let mode = ValidationMode::ALL[usize::from(*first) % ValidationMode::ALL.len()];
    let one = VALIDATOR.text(text, Options::new(mode)).findings;
    let two = VALIDATOR.text(text, Options::new(mode)).findings;
    assert_eq!(one, two);
});
