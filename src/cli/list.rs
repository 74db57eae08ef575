//! `oa-test list`

use crate::catalogue::{Catalogue, When};
use crate::error::{Error, Exit};
use crate::plan::Selection;

use super::arguments::{Format, ListArguments, SelectionArguments};
use super::output::Output;

/// The catalogue, with the user's own features where a folder is given.
pub(super) fn catalogue(features_dir: Option<&std::path::Path>) -> Result<Catalogue, Error> {
    match features_dir {
        Some(folder) => Catalogue::with_folder(folder),
        None => Catalogue::built_in(),
    }
}

/// The selection that the arguments ask for.
pub(super) fn selection(arguments: &SelectionArguments) -> Selection {
    Selection {
        features: arguments.feature.clone(),
        categories: arguments.category.clone(),
        tests: arguments.test.clone(),
        flows: arguments.flow.clone(),
        types: arguments.opportunity_type.clone(),
        slow: arguments.slow,
    }
}

pub(super) fn list(arguments: &ListArguments, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let chosen = selection(&arguments.selection).tests(&catalogue)?;
    if arguments.format == Format::Json {
        let mut features: Vec<serde_json::Value> = Vec::new();
        for feature in catalogue.features() {
            let mut feature = feature.clone();
            let id = feature.id.clone();
            feature.tests.retain(|test| chosen.iter().any(|(known, chosen)| known.id == id && chosen.id == test.id));
            if !feature.tests.is_empty() {
                features.push(serde_json::to_value(feature)?);
            }
        }
        output.print(&format!("{}\n", serde_json::to_string_pretty(&features)?));
        return Ok(Exit::Success);
    }
    let paint = output.paint();
    let mut text = String::new();
    let (mut category, mut feature) = ("", "");
    for (of, test) in &chosen {
        if of.category != category {
            category = &of.category;
            text.push_str(&format!("{}{category}\n", if text.is_empty() { "" } else { "\n" }));
        }
        if of.id != feature {
            feature = &of.id;
            text.push_str(&format!("  {}  {}\n", paint.bold(feature), paint.dim(&of.name)));
        }
        let when = match test.when {
            When::NotImplemented if !test.name.starts_with("Not implemented") => " (not implemented)",
            When::Implemented | When::NotImplemented => "",
        };
        text.push_str(&format!("    {}  {}{when}\n", test.id, paint.dim(&test.name)));
    }
    let tests = chosen.len();
    let features = catalogue.features().iter().filter(|known| chosen.iter().any(|(of, _)| of.id == known.id)).count();
    text.push_str(&format!(
        "\n{tests} {} of {features} {}\n",
        if tests == 1 { "test" } else { "tests" },
        if features == 1 { "feature" } else { "features" }
    ));
    output.print(&text);
    Ok(Exit::Success)
}
