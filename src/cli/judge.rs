//! `oa-test judge`

use crate::catalogue::Catalogue;
use crate::client::Redactor;
use crate::config::{Config, Layers, load};
use crate::error::{Error, Exit};
use crate::recording::read;
use crate::report::{TextOptions, to_json, to_text};
use crate::results::FailOn;
use crate::run::{RecordedOptions, judge_recording};

use super::arguments::{Format, JudgeArguments};
use super::output::Output;
use super::report::{on_github, outputs, saved_run};

pub(super) fn judge(arguments: &JudgeArguments, output: Output) -> Result<Exit, Error> {
    let config = configuration(arguments)?;
    let redactor = Redactor::of(&config);
    let recording = read(&arguments.recordings, &redactor)?;
    let names: Vec<String> = arguments.recordings.iter().map(|path| path.display().to_string()).collect();
    let options = RecordedOptions {
        config: &config,
        profile: arguments.profile.profile(),
        name: names.join(", "),
        command: format!("oa-test judge {}", names.join(" ")),
    };
    let nothing = |reason: String| Error::usage(reason).hint("docs/recordings.md lists the exchanges that are judged");
    let mut report = judge_recording(recording, &options, &redactor, &Catalogue::built_in()?).map_err(nothing)?;
    report.fail_on = FailOn::from(arguments.fail_on.as_slice());
    std::fs::create_dir_all(&arguments.output)
        .map_err(|error| Error::file("make the folder", &arguments.output, error))?;
    let saved = outputs(&arguments.outputs, &report, &arguments.output);
    let place = saved_run(&arguments.output);
    match arguments.format {
        Format::Json => output.print(&to_json(&report)?),
        Format::Text => {
            let options = TextOptions {
                every_finding: arguments.verbose,
                warnings: arguments.warnings,
                saved: Some(&place),
                columns: output.columns(),
            };
            output.print(&to_text(&report, output.paint(), options));
            on_github(&report, output)?;
        }
    }
    saved?;
    Ok(report.exit())
}

/// The configuration: features are open, unless a file or a setting declares them.
fn configuration(arguments: &JudgeArguments) -> Result<Config, Error> {
    let mut layers = Layers::built_in()?;
    let open: serde_json::Map<_, _> =
        load(&layers)?.features.into_keys().map(|feature| (feature, serde_json::Value::Null)).collect();
    let open = serde_json::json!({ "integrationTests": { "implementedFeatures": open } });
    layers.add_text("the defaults of recordings", &open.to_string())?;
    for file in &arguments.config {
        layers.add_file(file)?;
    }
    for setting in &arguments.set {
        layers.add_setting("--set", setting)?;
    }
    load(&layers)
}
