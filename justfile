# Everything that continuous integration checks.
default: format lint test job

format:
    cargo fmt --all --check

lint:
    cargo clippy --all-targets --locked -- -D warnings

test:
    cargo test --locked

# The main job of the README.
job:
    cargo run --release --locked -- run --feature opportunity-attendance-updates

# Time to diagnosis of every fifth fault.
diagnosis:
    scripts/diagnosis.sh

# Every feature, both modes, many seeds.
seeds count="20":
    scripts/seeds.sh {{count}}
