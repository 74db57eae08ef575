#!/bin/sh
# Every fifth fault with default limits: prints seconds to diagnosis, blocks and wall time. Takes a quarter of an hour.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --locked
OA_TEST_BINARY="$PWD/target/release/oa-test" cargo test --locked --test behaviour every_fifth_fault -- \
    --ignored --nocapture --test-threads=1
