//! `oa-test report`: renderings of a saved run, and merging of runs.

use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::error::{Error, Exit};
use crate::report::{
    TextOptions, escape, last_line, table, to_bundle, to_exchange, to_github, to_html, to_json, to_junit, to_markdown,
    to_text,
};
use crate::results::{FailOn, RunReport, diagnose, merge, read_run, write_run};
use crate::run::rejudge;

use super::output::Output;
use super::report_arguments::{MergeArguments, OutputArguments, RejudgeArguments, RenderArguments, ReportCommand};

/// A rendering that is written to a file.
#[derive(Debug, Clone, Copy)]
enum Rendering {
    Html,
    Junit,
    Markdown,
    Json,
}

fn rendered(rendering: Rendering, run: &RunReport) -> Result<String, Error> {
    match rendering {
        Rendering::Html => to_html(run),
        Rendering::Junit => to_junit(run),
        Rendering::Markdown => Ok(to_markdown(run)),
        Rendering::Json => to_json(run),
    }
}

fn save(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|error| Error::file("write", path, error))
}

/// Where a run is saved.
pub(super) fn saved_run(folder: &Path) -> PathBuf {
    folder.strip_prefix(".").unwrap_or(folder).join("run.json.gz")
}

/// Saves a run and its renderings. All are tried; the first error is returned.
pub(super) fn outputs(arguments: &OutputArguments, run: &RunReport, folder: &Path) -> Result<(), Error> {
    std::thread::scope(|scope| {
        let saving = scope.spawn(|| write_run(&saved_run(folder), run));
        let rendered = renderings(arguments, run, folder);
        let saved = saving.join().unwrap_or_else(|_| Err(Error::internal("saving the run panicked")));
        saved.and(rendered)
    })
}

/// Writes the renderings of a run. All are tried; the first error is returned.
fn renderings(arguments: &OutputArguments, run: &RunReport, folder: &Path) -> Result<(), Error> {
    let mut results = Vec::new();
    let report = folder.join("report.html");
    let wanted = [
        (Some(&report), Rendering::Html),
        (arguments.html.as_ref(), Rendering::Html),
        (arguments.junit.as_ref(), Rendering::Junit),
        (arguments.markdown.as_ref(), Rendering::Markdown),
        (arguments.json.as_ref(), Rendering::Json),
    ];
    for (path, rendering) in wanted {
        if let Some(path) = path {
            results.push(rendered(rendering, run).and_then(|text| save(path, &text)));
        }
    }
    for (number, picture) in run.screenshots.iter().enumerate() {
        if let Ok(png) = picture.png() {
            let path = folder.join(format!("screenshot-{}.png", number + 1));
            results.push(std::fs::write(&path, png).map_err(|error| Error::file("write", &path, error)));
        }
    }
    results.into_iter().collect()
}

/// Output in a job of GitHub Actions: annotations, and the summary of the step.
pub(super) fn on_github(run: &RunReport, output: Output) -> Result<(), Error> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return Ok(());
    }
    output.print_as_is(&to_github(run));
    let Some(path) = set("GITHUB_STEP_SUMMARY").map(PathBuf::from) else { return Ok(()) };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, to_markdown(run).as_bytes()));
    written.map_err(|error| Error::file("write", &path, error))
}

pub(super) fn report(command: &ReportCommand, output: Output) -> Result<Exit, Error> {
    match command {
        ReportCommand::Html(arguments) => render(arguments, output, to_html),
        ReportCommand::Junit(arguments) => render(arguments, output, to_junit),
        ReportCommand::Markdown(arguments) => render(arguments, output, |run| Ok(to_markdown(run))),
        ReportCommand::Json(arguments) => render(arguments, output, to_json),
        ReportCommand::Github(arguments) => {
            let text = to_github(&read_run(&arguments.file)?);
            match &arguments.output {
                Some(path) => save(path, &text)?,
                None => output.print_as_is(&text),
            }
            Ok(Exit::Success)
        }
        ReportCommand::Table(arguments) => render(arguments, output, |run| {
            Ok(format!("{}\n\n{}", table(run, output.paint()), last_line(run, output.paint())))
        }),
        ReportCommand::Text(arguments) => {
            let options = TextOptions {
                every_finding: arguments.verbose,
                warnings: arguments.warnings,
                saved: Some(&arguments.render.file),
                columns: output.columns(),
            };
            render(&arguments.render, output, |run| Ok(to_text(run, output.paint(), options)))
        }
        ReportCommand::Exchange { number, file } => {
            let run = read_run(file)?;
            let last = run.exchanges.last();
            let exchange = run.exchange(*number).ok_or_else(|| {
                let error = Error::usage(format!("{} has no exchange {number}", file.display()));
                error.hint(format!("the last is {last}"))
            })?;
            output.print(&to_exchange(&exchange));
            Ok(Exit::Success)
        }
        ReportCommand::Bundle { number, file, output: folder } => {
            let run = read_run(file)?;
            let causes = diagnose(&run);
            let cause = number.checked_sub(1).and_then(|at| causes.get(at)).ok_or_else(|| {
                let error = Error::usage(format!("{} has no cause {number}", file.display()));
                error.hint(format!("the last is {}", causes.len()))
            })?;
            let folder = folder.clone().unwrap_or_else(|| PathBuf::from(format!("bundle-{number}")));
            std::fs::create_dir_all(&folder).map_err(|error| Error::file("make the folder", &folder, error))?;
            for (name, text) in to_bundle(&run, cause)? {
                save(&folder.join(name), &text)?;
            }
            output.log(&format!("bundle: {}", folder.display()));
            Ok(Exit::Success)
        }
        ReportCommand::Rejudge(arguments) => rejudged(arguments, output),
        ReportCommand::Merge(arguments) => merged(arguments, output),
    }
}

/// Judges a saved run again.
fn rejudged(arguments: &RejudgeArguments, output: Output) -> Result<Exit, Error> {
    let catalogue = Catalogue::built_in()?;
    let shown = arguments.file.display();
    let rejudged = rejudge(read_run(&arguments.file)?, &catalogue)
        .map_err(|reason| Error::usage(format!("{shown} cannot be rejudged: {reason}")))?;
    let paint = output.paint();
    let mut lines = Vec::new();
    for change in &rejudged.changes {
        let verdicts = if change.before == change.after {
            change.after.word().to_owned()
        } else {
            format!("{}, {} before", change.after.word(), change.before.word())
        };
        lines.push(format!("{} ({verdicts})", paint.bold(&escape(&change.cell))));
        lines.extend(change.checks.iter().map(|check| format!("  {}", escape(check))));
    }
    if !rejudged.target_changes.is_empty() {
        lines.push(paint.bold("Target beyond the cells"));
        lines.extend(rejudged.target_changes.iter().map(|change| format!("  {}", escape(change))));
    }
    for (cell, reason) in &rejudged.unjudged {
        lines.push(format!("{} is not rejudged: {}", escape(cell), escape(reason)));
    }
    let verdicts = rejudged.changes.iter().filter(|change| change.before != change.after).count();
    lines.push(format!(
        "{} rejudged: {} changed, {} in their checks only",
        counted(rejudged.judged, "cell"),
        counted(verdicts, "verdict"),
        rejudged.changes.len() - verdicts,
    ));
    lines.push(last_line(&rejudged.report, paint));
    output.print(&lines.join("\n"));
    if let Some(path) = &arguments.output {
        write_run(path, &rejudged.report)?;
    }
    Ok(rejudged.report.exit())
}

/// A number of things.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn render(
    arguments: &RenderArguments,
    output: Output,
    rendering: impl Fn(&RunReport) -> Result<String, Error>,
) -> Result<Exit, Error> {
    let text = rendering(&read_run(&arguments.file)?)?;
    match &arguments.output {
        Some(path) => save(path, &text)?,
        None => output.print(&text),
    }
    Ok(Exit::Success)
}

fn merged(arguments: &MergeArguments, output: Output) -> Result<Exit, Error> {
    let mut runs = Vec::new();
    for file in &arguments.files {
        runs.push((file.display().to_string(), read_run(file)?));
    }
    let mut run = merge(runs)?;
    run.fail_on = FailOn::from(arguments.fail_on.as_slice());
    std::fs::create_dir_all(&arguments.output)
        .map_err(|error| Error::file("make the folder", &arguments.output, error))?;
    outputs(&arguments.outputs, &run, &arguments.output)?;
    output.print(&to_text(&run, output.paint(), TextOptions { columns: output.columns(), ..TextOptions::default() }));
    on_github(&run, output)?;
    Ok(run.exit())
}
