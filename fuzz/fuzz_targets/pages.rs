//! Any text can be read as a page of a feed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oa_test::client::feed::{Index, read_page};

fuzz_target!(|text: &str| {
    if let Ok(page) = read_page(text) {
        let mut index = Index::default();
        index.take(0, &page.items, &mut || 0);
        for id in index.ids() {
            // With parents that are missing, or its own parents.
            let _ = index.get(&id);
        }
    }
});
