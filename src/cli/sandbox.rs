//! `oa-test sandbox`

use std::path::Path;

use crate::config::built_in;
use crate::error::{Error, ErrorContext as _, ErrorKind, Exit};
use crate::sandbox::{Fault, Faults, Furnishing, Sandbox, SandboxOptions, Stocked, Switch, Switches, Variant};
use crate::vocabulary::UnknownName;

use super::arguments::SandboxArguments;
use super::interrupt::interrupted;
use super::output::Output;
use super::variants::{list as variant_list, variants};

/// A configuration with headers instead of OpenID Connect.
const HEADER_CREDENTIALS: &str = include_str!("../../fixtures/header-credentials.json");

/// An unknown name, with the command that lists all names where none is near.
fn unknown(name: UnknownName, list: &str) -> Error {
    let error = Error::from(name);
    if error.advice().is_some() { error } else { error.hint(format!("run `oa-test sandbox {list}` for a list")) }
}

/// Reads the names of faults.
pub(super) fn fault_list(names: &[String]) -> Result<Vec<Fault>, Error> {
    let read = |name: &String| name.parse().map_err(|name| unknown(name, "--list-faults"));
    names.iter().map(read).collect()
}

/// The faults of a sandbox.
pub(super) fn faults(names: &[String]) -> Result<Faults, Error> {
    Ok(Faults::new(fault_list(names)?))
}

fn switches(arguments: &SandboxArguments) -> Result<Switches, Error> {
    let mut switches = Switches::default();
    switches.lease_seconds = arguments.lease_seconds;
    for (switch, on) in variants(&arguments.variant)?.iter().flat_map(Variant::switches) {
        switches.set(*switch, *on);
    }
    let mut set = |name: &str, on: bool| -> Result<(), Error> {
        let switch: Switch = name.parse().map_err(|name| unknown(name, "--list-switches"))?;
        switches.set(switch, on);
        Ok(())
    };
    if let Some(file) = &arguments.switches {
        let text = std::fs::read_to_string(file).map_err(|error| Error::file("read", file, error))?;
        let given: std::collections::BTreeMap<String, bool> = serde_json::from_str(&text)
            .context(ErrorKind::Usage, || {
                format!("{} is not a JSON object of switches, each true or false", file.display())
            })?;
        given.iter().try_for_each(|(name, on)| set(name, *on))?;
    }
    for given in &arguments.switch {
        match given.split_once('=') {
            Some((name, "on")) => set(name, true)?,
            Some((name, "off")) => set(name, false)?,
            _ => return Err(Error::usage(format!("`--switch {given}`: expected NAME=on or NAME=off"))),
        }
    }
    Ok(switches)
}

/// What `oa-test test-data --format json` printed.
fn stock(file: &Path) -> Result<Vec<Stocked>, Error> {
    #[derive(serde::Deserialize)]
    struct Needs {
        needs: Vec<Stocked>,
    }
    let text = std::fs::read_to_string(file).map_err(|error| Error::file("read", file, error))?;
    let needs: Needs = serde_json::from_str(&text).context(ErrorKind::Usage, || {
        format!("{} is not the output of `oa-test test-data --format json`", file.display())
    })?;
    Ok(needs.needs)
}

pub(super) fn sandbox(arguments: &SandboxArguments, output: Output) -> Result<Exit, Error> {
    if arguments.list_faults {
        let paint = output.paint();
        let line = |fault: &Fault| {
            format!("{}\n    {}\n    {}\n", paint.bold(fault.name()), fault.summary(), paint.dim(fault.spec()))
        };
        output.print(&Fault::ALL.iter().map(line).collect::<String>());
        return Ok(Exit::Success);
    }
    if arguments.list_variants {
        output.print(&variant_list(output));
        return Ok(Exit::Success);
    }
    if arguments.list_switches {
        let paint = output.paint();
        let line = |switch: &Switch| {
            let usual = if switch.default() { "on" } else { "off" };
            format!("{} {}\n    {}\n", paint.bold(switch.name()), paint.dim(&format!("({usual})")), switch.summary())
        };
        output.print(&Switch::ALL.iter().map(line).collect::<String>());
        return Ok(Exit::Success);
    }
    let options = SandboxOptions {
        port: arguments.port,
        switches: switches(arguments)?,
        faults: faults(&arguments.fault)?,
        variants: variants(&arguments.variant)?,
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

async fn serve(arguments: &SandboxArguments, options: SandboxOptions, output: Output) -> Result<Exit, Error> {
    let sandbox = Sandbox::start(options).await?;
    let site = sandbox.dataset_site();
    let mut text = format!("Dataset site   {site}\n");
    if let Some(file) = &arguments.write_config {
        std::fs::write(file, configuration(arguments, &site)?).map_err(|error| Error::file("write", file, error))?;
        text.push_str(&format!("Test it with   oa-test run --config {}\n", file.display()));
    }
    if !arguments.test_interface {
        text.push_str("Test Interface disabled (--test-interface enables it): use --random\n");
    }
    text.push_str(&sandbox.credentials());
    text.push_str("Press Ctrl-C to stop.\n");
    output.print(&text);
    interrupted().await;
    drop(sandbox);
    Ok(Exit::Success)
}

/// Headers, if there is no OpenID provider; client credentials, if there is no login.
fn credentials(config: &mut serde_json::Value, switches: &Switches) -> Result<(), Error> {
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

/// The built-in configuration, with what this sandbox is instead of the one that is started for a run.
fn configuration(arguments: &SandboxArguments, site: &str) -> Result<String, Error> {
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
