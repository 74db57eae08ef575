//! How many documents a second one thread validates, parsing included: `cargo bench --bench validate`.
//!
//! The documents are those that the sandbox sends. `OA_TEST_BENCH_DOCUMENTS` may name a folder of other groups instead:
//! a file each, with one JSON object a line that has `mode` and `document`; `OA_TEST_BENCH_REMOTE` a file of remote
//! documents, as `oa-test validate --remote` takes it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use oa_test::sandbox::{Sandbox, SandboxOptions};
use oa_test::validate::{Options, Remote, ValidationMode, Validator};
use serde_json::Value;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Groups = BTreeMap<String, Vec<(ValidationMode, String)>>;

static GROUPS: LazyLock<Groups> = LazyLock::new(|| {
    std::env::var_os("OA_TEST_BENCH_DOCUMENTS").map_or_else(of_the_sandbox, |folder| of_a_folder(&folder))
});

fn of_a_folder(folder: &std::ffi::OsStr) -> Groups {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let documents = text.lines().map(|line| {
                let case: Value = serde_json::from_str(line).unwrap();
                let mode = case["mode"].as_str().unwrap().parse().unwrap_or(ValidationMode::Other);
                (mode, case["document"].to_string())
            });
            (file.file_stem().unwrap().to_str().unwrap().to_owned(), documents.collect())
        })
        .collect()
}

fn of_the_sandbox() -> Groups {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(SandboxOptions::default())).unwrap();
    let get = |path: &str| {
        let url = format!("http://{}/feeds/{path}", sandbox.address());
        let http = oa_test::client::http_client().build().unwrap();
        let text = runtime.block_on(async { http.get(url).send().await.unwrap().text().await.unwrap() });
        serde_json::from_str::<Value>(&text).unwrap()
    };
    ["session-series", "scheduled-sessions", "facility-uses", "facility-use-slots", "headline-events", "events"]
        .into_iter()
        .map(|feed| {
            let page = get(feed);
            let items = page["items"].as_array().unwrap().iter().take(50);
            (feed.to_owned(), items.map(|item| (ValidationMode::BookableRpdeFeed, item["data"].to_string())).collect())
        })
        .collect()
}

fn remote() -> Remote {
    let mut remote = Remote::none();
    if let Some(file) = std::env::var_os("OA_TEST_BENCH_REMOTE") {
        let map: BTreeMap<String, Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for (url, answer) in map {
            let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            remote.add(&url, status, answer.get("json").cloned());
        }
    }
    remote
}

fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.keys().map(String::as_str)
}

#[divan::bench(args = names())]
fn documents(bencher: Bencher<'_, '_>, group: &str) {
    let documents = &GROUPS[group];
    let validator = Validator::new(remote());
    bencher
        .counter(ItemsCount::new(documents.len()))
        .counter(BytesCount::new(documents.iter().map(|(_, text)| text.len()).sum::<usize>()))
        .bench_local(|| {
            documents.iter().map(|(mode, text)| validator.text(text, Options::new(*mode)).findings.len()).sum::<usize>()
        });
}

fn main() {
    divan::main();
}
