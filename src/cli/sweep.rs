//! `oa-test selfcheck --sweep`

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Agent;
use crate::config::Config;
use crate::error::{Error, Exit};
use crate::plan::plan;
use crate::run::{Events, Fate, Limits, Mutant, RunOptions, run as run_plan, sweep};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::vocabulary::Profile;

use super::arguments::{Format, SelfcheckArguments};
use super::list::{catalogue, selection};
use super::output::Output;
use super::run::sandbox_like;

/// Of each kind of exchange, property and operator, so many mutants are made.
const SAMPLES: usize = 2;

/// Edits what an honest run saw, and lists the edits that no check objects to.
pub(super) fn sweep_of(arguments: &SelfcheckArguments, config: Config, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let plan = plan(&catalogue, &config, Profile::Strict, &selection(&arguments.selection))?;
    let runtime = super::runtime::runtime()?;
    let seed = arguments.seed;
    let report = runtime.block_on(async {
        let options = SandboxOptions { seed, ..sandbox_like(&config, &plan) };
        let sandbox = Sandbox::start(options).await.map_err(|error| error.during("cannot start the sandbox"))?;
        let options = RunOptions {
            limits: Limits::default(),
            agent: Agent::Forms,
            config: Arc::new(config),
            plan,
            profile: Profile::Strict,
            seed,
            dataset_site: sandbox.dataset_site(),
            target_name: "sandbox".to_owned(),
            insecure: false,
            command: "oa-test run".to_owned(),
            events: Arc::new(Events::new(Vec::new())),
            interrupt: CancellationToken::new(),
        };
        run_plan(options).await.map_err(Error::from)
    })?;
    runtime.shutdown_background();
    let mutants = sweep(&report, &catalogue, SAMPLES).map_err(Error::internal)?;
    output.print(&match arguments.format {
        Format::Json => as_json(&mutants)?,
        Format::Text => as_text(&mutants),
    });
    Ok(Exit::Success)
}

/// The word for what became of a mutant.
const fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Failed(_) => "failed",
        Fate::Warned(_) => "warned",
        Fate::Unfound => "unfound",
    }
}

fn as_json(mutants: &[Mutant]) -> Result<String, Error> {
    let all = mutants.iter().map(|mutant| {
        let objection = match &mutant.fate {
            Fate::Failed(objection) | Fate::Warned(objection) => {
                json!({ "check": objection.check, "subject": objection.subject, "exact": objection.exact })
            }
            Fate::Unfound => json!(null),
        };
        json!({
            "operator": mutant.operator.name(),
            "exchange": mutant.kind,
            "subject": mutant.subject,
            "cell": mutant.cell,
            "fate": word(&mutant.fate),
            "objection": objection,
        })
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({ "mutants": all.collect::<Vec<_>>() }))?))
}

fn as_text(mutants: &[Mutant]) -> String {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut unfound: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for mutant in mutants {
        let row = counts.entry(mutant.operator.name()).or_default();
        let column = match &mutant.fate {
            Fate::Failed(objection) => {
                if objection.exact {
                    let [.., exact] = row;
                    *exact += 1;
                }
                0
            }
            Fate::Warned(_) => 1,
            Fate::Unfound => {
                unfound.insert((mutant.operator.name(), &mutant.kind, &mutant.subject), &mutant.cell);
                2
            }
        };
        if let Some(count) = row.get_mut(column) {
            *count += 1;
        }
    }
    let mut text = String::from("operator    failed  at the place  warned  undetected\n");
    for (operator, [failed, warned, missed, exact]) in &counts {
        text.push_str(&format!("{operator:<11}{failed:>7}{exact:>14}{warned:>8}{missed:>12}\n"));
    }
    text.push_str(&format!("\n{} mutants; {} undetected edits:\n", mutants.len(), unfound.len()));
    for ((operator, kind, subject), cell) in unfound {
        text.push_str(&format!("  {operator} {kind}: {subject} ({cell})\n"));
    }
    text
}
