//! `oa-test test-data`

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Style};
use tokio_util::sync::CancellationToken;

use crate::client::auth::Agent;
use crate::config::{Config, TargetSite};
use crate::error::{Error, Exit};
use crate::plan::{NeedCount, Plan, needs, plan};
use crate::run::{Events, Limits, RunOptions, TakenStock, take_stock};
use crate::sandbox::Sandbox;
use crate::vocabulary::{Action, Flow, Profile};

use super::arguments::{Format, TestDataArguments};
use super::configuration::configuration;
use super::list::{catalogue, selection};
use super::output::Output;
use super::run::sandbox_like;

pub(super) fn test_data(arguments: &TestDataArguments, output: Output) -> Result<Exit, Error> {
    let config = configuration(&arguments.configuration)?;
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let profile = arguments.profile.profile();
    let plan = plan(&catalogue, &config, profile, &selection(&arguments.selection))?;
    let wanted = needs(&plan.cells, &config);
    let actions = actions(&plan, profile);
    let taken = if arguments.check { Some(look(arguments, &config, &plan, profile, output)?) } else { None };
    let lacking = taken.as_ref().is_some_and(|taken| !taken.shortages.is_empty() || taken.found.is_empty());
    output.print(&match arguments.format {
        Format::Json => as_json(&wanted, &actions, taken.as_ref())?,
        Format::Text => as_text(&plan, &wanted, &actions, taken.as_ref()),
    });
    Ok(Exit::failure_if(lacking))
}

/// The simulate actions that the cells make, in alphabetical order.
fn actions(plan: &Plan, profile: Profile) -> Vec<String> {
    let mut names = BTreeSet::new();
    for cell in &plan.cells {
        let flow = cell.booking.map_or(Flow::Simple, |(flow, _)| flow);
        let steps = cell.test.parts.iter().filter(|part| part.applies(profile)).flat_map(|part| &part.steps);
        for step in steps.filter(|step| step.applies(profile)) {
            names.extend(step.actions(flow).into_iter().map(Action::json_type));
        }
    }
    names.into_iter().collect()
}

fn look(
    arguments: &TestDataArguments,
    config: &Config,
    plan: &Plan,
    profile: Profile,
    output: Output,
) -> Result<TakenStock, Error> {
    let runtime = super::runtime::runtime()?;
    let taken = runtime.block_on(async {
        let (dataset_site, sandbox) = match &config.target {
            TargetSite::Url(url) => (url.clone(), None),
            TargetSite::Sandbox => {
                let sandbox = Sandbox::start(sandbox_like(config, plan))
                    .await
                    .map_err(|error| error.during("cannot start the sandbox"))?;
                (sandbox.dataset_site(), Some(sandbox))
            }
        };
        let options = RunOptions {
            agent: Agent::Forms,
            config: Arc::new(config.clone()),
            plan: plan.clone(),
            profile,
            seed: 0,
            run_id: None,
            target_name: dataset_site.clone(),
            dataset_site,
            insecure: arguments.insecure,
            command: String::new(),
            limits: Limits::default(),
            events: Arc::new(Events::new(Vec::new())),
            interrupt: CancellationToken::new(),
        };
        let taken = take_stock(&options).await;
        drop(sandbox);
        taken
    })?;
    for notice in &taken.notices {
        output.log(notice);
    }
    for finding in &taken.findings {
        output.log(&finding.message);
    }
    runtime.shutdown_background();
    Ok(taken)
}

fn found(taken: &TakenStock, need: &NeedCount) -> usize {
    taken.found.iter().find(|(known, _)| *known == need.need).map_or(0, |(_, count)| *count)
}

fn as_json(wanted: &[NeedCount], actions: &[String], taken: Option<&TakenStock>) -> Result<String, Error> {
    let mut needs = serde_json::to_value(wanted)?;
    if let (Some(taken), Some(list)) = (taken, needs.as_array_mut()) {
        for (entry, need) in list.iter_mut().zip(wanted) {
            if let Some(entry) = entry.as_object_mut() {
                entry.insert("found".to_owned(), json!(found(taken, need)));
            }
        }
    }
    let total: usize = wanted.iter().map(|need| need.count).sum();
    let mut document = json!({ "needs": needs, "total": total, "actions": actions });
    if let (Some(taken), Some(document)) = (taken, document.as_object_mut()) {
        document.insert("cellsServed".to_owned(), json!(taken.served));
        document.insert("shortages".to_owned(), serde_json::to_value(&taken.shortages)?);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

fn as_text(plan: &Plan, wanted: &[NeedCount], actions: &[String], taken: Option<&TakenStock>) -> String {
    let mut builder = Builder::default();
    let mut heading = vec!["Seller", "type", "flow", "criterion", "needed"];
    if taken.is_some() {
        heading.extend(["found", ""]);
    }
    builder.push_record(heading);
    for need in wanted {
        let kind = &need.need;
        let mut row = vec![
            need.seller_role.to_owned(),
            kind.opportunity_type.to_string(),
            kind.flow.short().to_owned(),
            kind.criteria.to_string(),
            need.count.to_string(),
        ];
        if let Some(taken) = taken {
            let found = found(taken, need);
            row.push(found.to_string());
            row.push(if found < need.count { format!("{} missing", need.count - found) } else { String::new() });
        }
        builder.push_record(row);
    }
    let mut table = builder.build();
    table.with(Style::psql()).with(Modify::new(Columns::new(4..=5)).with(Alignment::right()));
    let total: usize = wanted.iter().map(|need| need.count).sum();
    let mut text = format!("{table}\n\n{total} opportunities for {} cells\n", plan.cells.len());
    if !actions.is_empty() {
        text.push_str(&format!("Simulate actions: {}\n", actions.join(", ")));
    }
    let Some(taken) = taken else { return text };
    let wanting = plan.cells.iter().filter(|cell| !cell.items.is_empty()).count();
    text.push_str(&format!("opportunities available for {} of {wanting} cells\n", taken.served));
    for shortage in &taken.shortages {
        let refused = shortage.refusals.first().map_or_else(String::new, |refusal| {
            format!("; most frequent mismatch: {} ({} of {})", refusal.reason, refusal.count, shortage.candidates)
        });
        text.push_str(&format!(
            "Too few {} of {} for {} in {}{refused}\n",
            shortage.opportunity_type, shortage.seller, shortage.criteria, shortage.flow
        ));
    }
    text
}
