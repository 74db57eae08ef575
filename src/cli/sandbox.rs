//! `oa-test sandbox`

use std::path::Path;

use anyhow::Context as _;

use crate::config::built_in;
use crate::sandbox::{Fault, Faults, Furnishing, Sandbox, SandboxOptions, Stocked, Switch, Switches};

use super::arguments::SandboxArguments;
use super::interrupt::interrupted;
use super::output::Output;

/// A configuration with headers in the place of OpenID Connect.
const HEADER_CREDENTIALS: &str = include_str!("../../fixtures/header-credentials.json");

/// Reads the names of faults.
pub(super) fn faults(names: &[String]) -> anyhow::Result<Faults> {
    let faults: Result<Vec<Fault>, _> = names.iter().map(|name| name.parse()).collect();
    Ok(Faults::new(faults.context("see `oa-test sandbox --list-faults`")?))
}

/// The switches: those of a file, under those of the command line.
fn switches(arguments: &SandboxArguments) -> anyhow::Result<Switches> {
    let mut switches = Switches::default();
    switches.lease_seconds = arguments.lease_seconds;
    let mut set = |name: &str, on: bool| -> anyhow::Result<()> {
        let switch: Switch = name.parse().context("see `oa-test sandbox --list-switches`")?;
        switches.set(switch, on);
        Ok(())
    };
    if let Some(file) = &arguments.switches {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let given: std::collections::BTreeMap<String, bool> = serde_json::from_str(&text)
            .with_context(|| format!("{} must be a JSON object of switches, each true or false", file.display()))?;
        given.iter().try_for_each(|(name, on)| set(name, *on))?;
    }
    for given in &arguments.switch {
        match given.split_once('=') {
            Some((name, "on")) => set(name, true)?,
            Some((name, "off")) => set(name, false)?,
            _ => anyhow::bail!("`--switch {given}`: expected NAME=on or NAME=off"),
        }
    }
    Ok(switches)
}

/// What `oa-test test-data --format json` printed.
fn stock(file: &Path) -> anyhow::Result<Vec<Stocked>> {
    #[derive(serde::Deserialize)]
    struct Needs {
        needs: Vec<Stocked>,
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let needs: Needs = serde_json::from_str(&text)
        .with_context(|| format!("{} must be what `oa-test test-data --format json` prints", file.display()))?;
    Ok(needs.needs)
}

pub(super) fn sandbox(arguments: &SandboxArguments, output: Output) -> anyhow::Result<u8> {
    if arguments.list_faults {
        let paint = output.paint();
        let line = |fault: &Fault| {
            format!("{}\n    {}\n    {}\n", paint.bold(fault.name()), fault.summary(), paint.dim(fault.spec()))
        };
        output.print(&Fault::ALL.iter().map(line).collect::<String>());
        return Ok(0);
    }
    if arguments.list_switches {
        let paint = output.paint();
        let line = |switch: &Switch| {
            let usual = if switch.default() { "on" } else { "off" };
            format!("{} {}\n    {}\n", paint.bold(switch.name()), paint.dim(&format!("({usual})")), switch.summary())
        };
        output.print(&Switch::ALL.iter().map(line).collect::<String>());
        return Ok(0);
    }
    let options = SandboxOptions {
        port: arguments.port,
        switches: switches(arguments)?,
        faults: faults(&arguments.fault)?,
        test_interface: arguments.test_interface,
        seed: arguments.seed,
        furnishing: if arguments.empty { Furnishing::Empty } else { Furnishing::Full },
        opportunities: arguments.opportunities,
        stock: arguments.stock.as_deref().map(stock).transpose()?.unwrap_or_default(),
        churn: arguments.churn,
        token_seconds: arguments.token_seconds,
        scripted_login: arguments.scripted_login,
        page_ms: arguments.page_ms,
        data: arguments.data.clone(),
        ..SandboxOptions::default()
    };
    let runtime = super::runtime::runtime()?;
    runtime.block_on(serve(arguments, options, output))
}

async fn serve(arguments: &SandboxArguments, options: SandboxOptions, output: Output) -> anyhow::Result<u8> {
    let sandbox = Sandbox::start(options).await?;
    let site = sandbox.dataset_site();
    let mut text = format!("Dataset site   {site}\n");
    if let Some(file) = &arguments.write_config {
        std::fs::write(file, configuration(arguments, &site)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        text.push_str(&format!("Test it with   oa-test run --config {}\n", file.display()));
    }
    if !arguments.test_interface {
        text.push_str("It has no Test Interface (--test-interface): test it with --random.\n");
    }
    text.push_str(&sandbox.credentials());
    text.push_str("Stop it with Ctrl-C.\n");
    output.print(&text);
    interrupted().await;
    drop(sandbox);
    Ok(0)
}

/// Headers, where there is no OpenID provider; credentials that need no login, where nobody logs in.
fn credentials(config: &mut serde_json::Value, switches: &Switches) -> anyhow::Result<()> {
    if !switches.has(Switch::OpenIdAuthentication) {
        let headers: serde_json::Value = serde_json::from_str(HEADER_CREDENTIALS)?;
        for pointer in ["/broker/bookingPartners", "/sellers"] {
            if let (Some(place), Some(value)) = (config.pointer_mut(pointer), headers.pointer(pointer)) {
                *place = value.clone();
            }
        }
    } else if !switches.has(Switch::OpenIdSellers)
        && let Some(client) = config.pointer("/broker/bookingPartners/secondary/authentication").cloned()
    {
        for pointer in ["/sellers/primary/authentication", "/broker/bookingPartners/primary/authentication"] {
            if let Some(place) = config.pointer_mut(pointer) {
                *place = client.clone();
            }
        }
    }
    if !switches.has(Switch::MultipleSellers)
        && let Some(place) = config.pointer_mut("/sellers/secondary")
    {
        *place = serde_json::Value::Null;
    }
    Ok(())
}

/// The built-in configuration, with what this sandbox is in the place of the one that is started for a run.
fn configuration(arguments: &SandboxArguments, site: &str) -> anyhow::Result<String> {
    let mut config: serde_json::Value = serde_json::from_str(built_in())?;
    let mut set = |pointer: &str, value: serde_json::Value| {
        if let Some(place) = config.pointer_mut(pointer) {
            *place = value;
        }
    };
    set("/broker/datasetSiteUrl", site.into());
    set("/integrationTests/useRandomOpportunities", (!arguments.test_interface).into());
    let features = "/integrationTests/implementedFeatures";
    let switches = switches(arguments)?;
    for switch in Switch::ALL {
        set(&format!("{features}/{switch}"), switches.has(*switch).into());
    }
    credentials(&mut config, &switches)?;
    let mut text = serde_json::to_string_pretty(&config)?;
    text.push('\n');
    Ok(text)
}
