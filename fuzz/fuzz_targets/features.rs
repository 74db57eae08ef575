//! Any text can be read as a feature file: features come out, or what is wrong with it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oa_test::catalogue::Catalogue;

fuzz_target!(|text: &str| {
    let file = ("features/access/fuzz.yaml".to_owned(), text.to_owned());
    if let Err(error) = Catalogue::from_texts(std::iter::once(file)) {
        assert!(!error.to_string().is_empty());
    }
});
