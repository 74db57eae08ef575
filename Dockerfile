# Built once with Rust, run with a browser for logins that need one, and as nobody in particular.
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY Cargo.toml Cargo.lock clippy.toml rustfmt.toml default.json ./
COPY src ./src
COPY docs/run-report.schema.json ./docs/
COPY features ./features
COPY fixtures ./fixtures
COPY benches ./benches
RUN cargo build --release --locked --bin oa-test

FROM debian:bookworm-slim
# The distribution keeps these current.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates chromium chromium-driver \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 tester
COPY --from=build /source/target/release/oa-test /usr/local/bin/oa-test
USER 10001
WORKDIR /work
# Chromium's own sandbox needs what containers do not give.
ENV CHROMIUM_FLAGS="--no-sandbox --disable-dev-shm-usage"
ENTRYPOINT ["oa-test"]
CMD ["--help"]
