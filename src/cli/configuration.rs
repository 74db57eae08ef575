//! `oa-test config check`, and the configuration of every other command.

use crate::config::{Config, Layers, config_reference, effective, load};
use crate::error::{Error, Exit};
use crate::report::escape;

use super::arguments::{ConfigCommand, ConfigurationArguments};
use super::output::Output;

/// Names a configuration file.
const FILE_VARIABLE: &str = "OA_TEST_CONFIG";
/// Holds settings as JSON.
const TEXT_VARIABLE: &str = "OA_TEST_CONFIG_JSON";

fn layers(arguments: &ConfigurationArguments) -> Result<Layers, Error> {
    let mut layers = Layers::built_in()?;
    for file in &arguments.config {
        layers.add_file(file)?;
    }
    if let Some(file) = std::env::var_os(FILE_VARIABLE).filter(|value| !value.is_empty()) {
        layers.add_file(file.as_ref())?;
    }
    if let Ok(text) = std::env::var(TEXT_VARIABLE)
        && !text.trim().is_empty()
    {
        layers.add_text(TEXT_VARIABLE, &text)?;
    }
    for setting in &arguments.set {
        layers.add_setting("--set", setting)?;
    }
    if let Some(url) = &arguments.target {
        let url = serde_json::to_string(url)?;
        layers.add_setting("--target", &format!("broker.datasetSiteUrl={url}"))?;
    }
    if arguments.random || arguments.controlled {
        let flag = if arguments.random { "--random" } else { "--controlled" };
        layers.add_setting(flag, &format!("integrationTests.useRandomOpportunities={}", arguments.random))?;
    }
    Ok(layers)
}

/// The effective configuration.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub(super) fn configuration(arguments: &ConfigurationArguments) -> Result<Config, Error> {
    load(&layers(arguments)?)
}

pub(super) fn check(command: &ConfigCommand, output: Output) -> Result<Exit, Error> {
    let ConfigCommand::Check(arguments) = command else {
        output.print(&config_reference());
        return Ok(Exit::Success);
    };
    let config = configuration(arguments)?;
    let paint = output.paint();
    let rows = effective(&config.tree);
    let width = rows.iter().map(|row| row.path().chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for row in &rows {
        let path = row.path();
        let padding = " ".repeat(width.saturating_sub(path.chars().count()));
        text.push_str(&format!(
            "{}{padding}  {}  {}",
            paint.bold(&escape(&path)),
            escape(&row.value),
            paint.dim(&row.origin)
        ));
        if let Some(reason) = row.idle {
            text.push_str(&paint.dim(&format!("  (no effect: {reason})")));
        }
        text.push('\n');
    }
    text.push_str(&format!("\nThe configuration is valid: {} settings", rows.len()));
    let idle = config.ineffective.len();
    if idle > 0 {
        text.push_str(&format!(", {idle} of them without effect"));
    }
    text.push_str(".\n");
    output.print(&text);
    Ok(Exit::Success)
}
