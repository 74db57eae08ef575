//! `oa-test selfcheck --sweep`

mod live;
mod swept;

use std::time::Instant;

use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::error::{Error, Exit};
use crate::plan::{Plan, plan};
use crate::results::{RunReport, read_run};
use crate::run::{Limits, RunOptions, run, sweep};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::vocabulary::{OpportunityType, Profile};

use super::arguments::{Format, SelfcheckArguments};
use super::list::{catalogue, selection};
use super::output::{Output, object};
use super::run::{sandbox_like, silently};

use live::LiveSweep;
use swept::{Swept, SweptMutant};

/// Deviates from what an honest run saw in every way, and lists what no check objects to.
pub(super) fn sweep_of(arguments: &SelfcheckArguments, config: Config, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let mut groups = Vec::new();
    if let Some(file) = &arguments.recorded {
        groups.push(documents(&read_run(file)?, &catalogue)?);
    } else {
        let plan = plan(&catalogue, &config, Profile::Strict, &selection(&arguments.selection))?;
        let honest = honest(arguments, config.clone(), plan.clone())?;
        if arguments.live.is_none() {
            groups.push(documents(&honest, &catalogue)?);
        }
        if !arguments.documents {
            let sweep = LiveSweep { config, plan, honest: &honest, seed: arguments.seed };
            let started = Instant::now();
            let (rows, unmade) = sweep.rows(arguments.live.flatten(), output)?;
            groups.push(Swept { name: "live", rows, unmade, time: started.elapsed() });
        }
    }
    output.print(&match arguments.format {
        Format::Json => {
            let all = object(groups.iter().map(|group| (group.name, group.json())));
            format!("{}\n", serde_json::to_string_pretty(&all)?)
        }
        Format::Text => groups.iter().map(Swept::text).collect::<Vec<_>>().join("\n"),
    });
    Ok(Exit::failure_if(groups.iter().any(Swept::has_holes)))
}

/// Edits of the documents that a run saw.
fn documents(report: &RunReport, catalogue: &Catalogue) -> Result<Swept, Error> {
    let started = Instant::now();
    let mutants = sweep(report, catalogue).map_err(Error::internal)?;
    let rows = mutants.into_iter().map(SweptMutant::from).collect();
    Ok(Swept { name: "documents", rows, unmade: 0, time: started.elapsed() })
}

/// The types of the opportunities in the feeds, whatever is in scope: their pages are edited and altered as well.
fn every_type() -> Vec<OpportunityType> {
    OpportunityType::ALL.to_vec()
}

/// A run of the sandbox without faults, with every page recorded.
fn honest(arguments: &SelfcheckArguments, config: Config, plan: Plan) -> Result<RunReport, Error> {
    let runtime = super::runtime::runtime()?;
    let seed = arguments.seed;
    let options = SandboxOptions { seed, types: every_type(), ..sandbox_like(&config, &plan) };
    let report = runtime.block_on(async {
        let sandbox = Sandbox::start(options).await.map_err(|error| error.during("cannot start the sandbox"))?;
        let limits = Limits { every_page: true, ..Limits::default() };
        let options = RunOptions { limits, ..silently(config, plan, Profile::Strict, (&sandbox, seed)) };
        run(options).await.map_err(Error::from)
    });
    runtime.shutdown_background();
    report
}
