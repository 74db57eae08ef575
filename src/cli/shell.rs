//! `oa-test schema` and `oa-test completions`

use clap::CommandFactory as _;

use crate::catalogue::feature_schema;
use crate::error::{Error, Exit};

use super::arguments::{Cli, SchemaOf};
use super::output::Output;

pub(super) fn schema(of: SchemaOf, output: Output) -> Result<Exit, Error> {
    let schema = match of {
        SchemaOf::Feature => feature_schema(),
        SchemaOf::Config => crate::config::config_schema(),
        SchemaOf::RunReport => crate::results::schema()?,
    };
    output.print(&format!("{}\n", serde_json::to_string_pretty(&schema)?));
    Ok(Exit::Success)
}

pub(super) fn completions(shell: clap_complete::Shell, output: Output) -> Result<Exit, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "oa-test", &mut bytes);
    output.print_as_is(&String::from_utf8_lossy(&bytes));
    Ok(Exit::Success)
}
