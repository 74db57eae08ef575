//! The program from outside: the binary against the sandbox, against deliberately broken targets, and what it prints.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

mod aftermath;
mod all_types;
mod alterations;
mod arrows;
mod authentication;
mod causes;
mod certificate;
mod citations;
mod configuration;
mod conforming;
mod connections;
mod coverage;
mod detection;
mod diagnosis;
mod display;
mod documentation;
mod errors;
mod faults;
mod feed_rules;
mod first_hour;
mod footprint;
mod harvest;
mod house;
mod html_report;
mod interrupts;
mod language;
mod main_job;
mod properties;
mod recordings;
mod rejudge;
mod reports;
mod reruns;
mod sandbox;
mod secrets;
mod selection;
mod support;
mod test_data;
mod troubles;
mod validation;
