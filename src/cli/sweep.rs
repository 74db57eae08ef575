//! `oa-test selfcheck --sweep`

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::error::{Error, Exit};
use crate::plan::plan;
use crate::results::{RunReport, read_run};
use crate::run::{Fate, Mutant, Objection, Operator, sweep};
use crate::sandbox::SandboxOptions;
use crate::vocabulary::Profile;

use super::arguments::{Format, SelfcheckArguments};
use super::list::{catalogue, selection};
use super::output::Output;
use super::run::{run_silently, sandbox_like};

/// Edits what an honest run saw, and lists the edits that no check objects to.
pub(super) fn sweep_of(arguments: &SelfcheckArguments, config: Config, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let report = match &arguments.recorded {
        Some(file) => read_run(file)?,
        None => honest(arguments, config, &catalogue)?,
    };
    let started = Instant::now();
    let mutants = sweep(&report, &catalogue).map_err(Error::internal)?;
    let figures = Figures::of(&mutants, started.elapsed());
    output.print(&match arguments.format {
        Format::Json => as_json(&mutants, &figures)?,
        Format::Text => as_text(&mutants, &figures),
    });
    Ok(Exit::failure_if(figures.open > 0 || figures.alarms > 0))
}

/// A run of the sandbox without faults.
fn honest(arguments: &SelfcheckArguments, config: Config, catalogue: &Catalogue) -> Result<RunReport, Error> {
    let plan = plan(catalogue, &config, Profile::Strict, &selection(&arguments.selection))?;
    let runtime = super::runtime::runtime()?;
    let options = SandboxOptions { seed: arguments.seed, ..sandbox_like(&config, &plan) };
    let report = runtime.block_on(run_silently(config, plan, Profile::Strict, options));
    runtime.shutdown_background();
    report
}

/// How many mutants came to what.
#[derive(Debug, Default)]
struct Figures {
    mutants: usize,
    failed: usize,
    warned: usize,
    excused: usize,
    conforming: usize,
    open: usize,
    alarms: usize,
    /// Of those that fail or warn, those whose first finding names the stage and the place.
    exact: usize,
    time: Duration,
}

impl Figures {
    fn of(mutants: &[Mutant], time: Duration) -> Self {
        let mut figures = Self { mutants: mutants.len(), time, ..Self::default() };
        for mutant in mutants {
            if mutant.operator.conforms() {
                figures.conforming += 1;
                figures.alarms += usize::from(mutant.is_alarm());
                continue;
            }
            match &mutant.fate {
                Fate::Failed(objection) => {
                    figures.failed += 1;
                    figures.exact += usize::from(objection.exact);
                }
                Fate::Warned(objection) => {
                    figures.warned += 1;
                    figures.exact += usize::from(objection.exact);
                }
                Fate::Blocked(_) | Fate::Unfound if mutant.excuse.is_some() => figures.excused += 1,
                Fate::Blocked(_) | Fate::Unfound => figures.open += 1,
            }
        }
        figures
    }

    /// How many of a hundred findings name the stage and the place of the edit.
    fn share(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "counts of mutants are small")]
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        share(self.exact, self.failed + self.warned)
    }
}

/// The word for what became of a mutant.
const fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Failed(_) => "failed",
        Fate::Warned(_) => "warned",
        Fate::Blocked(_) => "blocked",
        Fate::Unfound => "undetected",
    }
}

const fn objection(fate: &Fate) -> Option<&Objection> {
    match fate {
        Fate::Failed(objection) | Fate::Warned(objection) | Fate::Blocked(objection) => Some(objection),
        Fate::Unfound => None,
    }
}

fn as_json(mutants: &[Mutant], figures: &Figures) -> Result<String, Error> {
    let all = mutants.iter().map(|mutant| {
        let objection = objection(&mutant.fate).map(
            |objection| json!({ "check": objection.check, "subject": objection.subject, "exact": objection.exact }),
        );
        json!({
            "operator": mutant.operator.name(),
            "exchange": mutant.kind,
            "subject": mutant.subject,
            "cell": mutant.cell,
            "fate": word(&mutant.fate),
            "objection": objection,
            "excuse": mutant.excuse,
        })
    });
    let document = json!({
        "mutants": figures.mutants,
        "failed": figures.failed,
        "warned": figures.warned,
        "excused": figures.excused,
        "conforming": figures.conforming,
        "open": figures.open,
        "alarms": figures.alarms,
        "exact": figures.share(),
        "seconds": figures.time.as_secs_f64(),
        "all": all.collect::<Vec<_>>(),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

fn as_text(mutants: &[Mutant], figures: &Figures) -> String {
    let mut text = String::from("operator     mutants  detected  excused  open\n");
    for operator in Operator::ALL {
        let own: Vec<Mutant> = mutants.iter().filter(|mutant| mutant.operator == operator).cloned().collect();
        let row = Figures::of(&own, Duration::ZERO);
        let detected = row.failed + row.warned;
        text.push_str(&format!("{operator:<11}{:>9}{detected:>10}{:>9}{:>6}\n", own.len(), row.excused, row.open));
    }
    let edits = |title: &str, fits: &dyn Fn(&Mutant) -> bool| {
        let mut lines: BTreeMap<(&str, &str, Operator), (&Mutant, usize)> = BTreeMap::new();
        for mutant in mutants.iter().filter(|mutant| fits(mutant)) {
            let line = lines.entry((&mutant.subject, &mutant.kind, mutant.operator)).or_insert((mutant, 0));
            line.1 += 1;
        }
        let mut text = if lines.is_empty() { String::new() } else { format!("\n{title}\n") };
        for ((subject, kind, operator), (mutant, _)) in lines {
            let found =
                objection(&mutant.fate).map(|objection| format!(": {} at {}", objection.check, objection.subject));
            text.push_str(&format!("  {operator} {subject}, {kind}{} ({})\n", found.unwrap_or_default(), mutant.cell));
        }
        text
    };
    text.push_str(&edits("Open:", &Mutant::is_open));
    text.push_str(&edits("Conforming edits that a check objects to:", &Mutant::is_alarm));
    text.push_str(&edits("Detected elsewhere than at the edit:", &|mutant| match &mutant.fate {
        Fate::Failed(objection) | Fate::Warned(objection) => !objection.exact && !mutant.operator.conforms(),
        Fate::Blocked(_) | Fate::Unfound => false,
    }));
    text.push_str(&format!(
        "\n{} mutants: {} fail, {} warn, {} excused, {} open, {} conforming ({} with an alarm); {:.1}% of the findings name the \
         edit; {:.1} s\n",
        figures.mutants,
        figures.failed,
        figures.warned,
        figures.excused,
        figures.open,
        figures.conforming,
        figures.alarms,
        figures.share(),
        figures.time.as_secs_f64(),
    ));
    text
}
