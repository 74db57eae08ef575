//! What shells, manuals and editors need.

use clap::CommandFactory as _;

use crate::catalogue::feature_schema;

use super::arguments::Cli;
use super::output::Output;

pub(super) fn schema(output: Output) -> anyhow::Result<u8> {
    output.print(&format!("{}\n", serde_json::to_string_pretty(&feature_schema())?));
    Ok(0)
}

pub(super) fn completions(shell: clap_complete::Shell, output: Output) -> anyhow::Result<u8> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "oa-test", &mut bytes);
    output.print(&String::from_utf8_lossy(&bytes));
    Ok(0)
}

pub(super) fn man(output: Output) -> anyhow::Result<u8> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut bytes)?;
    output.print(&String::from_utf8_lossy(&bytes));
    Ok(0)
}
