//! `oa-test watch`: the same cells again and again, while somebody works on the booking system or its configuration.

use std::collections::HashSet;
use std::io::BufRead as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::config::redacted;
use crate::error::{Error, ErrorContext as _, ErrorKind, Exit};
use crate::plan::Plan;
use crate::results::{FailOn, RunReport, Verdict};
use crate::run::Warm;

use super::arguments::WatchArguments;
use super::interrupt::interrupted;
use super::output::Output;
use super::run::{RunTarget, Setup, fresh_seed, write};

/// Changes that come within this time are one: editors write a file in several steps.
const SETTLING: Duration = Duration::from_millis(150);

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    /// Everything again.
    Again,
    /// What did not pass, again.
    Failed,
    /// No more.
    End,
    /// Something changed.
    Changed(PathBuf),
    /// A signal.
    Interrupt,
}

/// What is kept from one run to the next.
struct Kept {
    place: RunTarget,
    warm: Warm,
    configuration: serde_json::Value,
}

pub(super) fn watch(arguments: &WatchArguments, output: Output) -> Result<Exit, Error> {
    let run = &arguments.run;
    if run.certificate.is_some() || run.sign_key.is_some() || run.shard.is_some() {
        return Err(Error::usage("--certificate and --shard require `oa-test run`"));
    }
    let (wishes, mut wished) = unbounded_channel();
    let _watcher = files(arguments, &wishes)?;
    keys(&wishes);
    let runtime = super::runtime::runtime()?;
    let exit = runtime.block_on(async {
        tokio::spawn(signals(wishes));
        repeat(arguments, output, &mut wished).await
    });
    runtime.shutdown_background();
    Ok(exit)
}

/// Everything that is watched: files of the configuration, folders of features, and what was asked for.
fn files(arguments: &WatchArguments, wishes: &UnboundedSender<Wish>) -> Result<notify::RecommendedWatcher, Error> {
    let run = &arguments.run;
    let mut paths: Vec<PathBuf> = run.configuration.config.clone();
    paths.extend(std::env::var_os("OA_TEST_CONFIG").filter(|value| !value.is_empty()).map(PathBuf::from));
    paths.extend(run.selection.features_dir.clone());
    paths.extend(run.known_failures.clone());
    paths.extend(arguments.on.iter().cloned());
    let mut watched: Vec<PathBuf> = Vec::new();
    for path in &paths {
        let path = path.canonicalize().map_err(|error| Error::file("watch", path, error))?;
        watched.push(path);
    }
    // What runs write is no reason to run.
    let folder = Setup::of(run).ok().map(|setup| setup.folder).or_else(|| run.output.clone());
    let own = folder.and_then(|folder| std::path::absolute(folder).ok()).map(|folder| folder.components().collect());
    let own: Option<PathBuf> = own;
    let (places, sender) = (watched.clone(), wishes.clone());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if event.kind.is_access() {
            return;
        }
        let ours = |path: &PathBuf| own.as_ref().is_some_and(|own| path.starts_with(own));
        let changed = event.paths.iter().find(|path| places.iter().any(|known| path.starts_with(known)) && !ours(path));
        if let Some(path) = changed {
            let _ = sender.send(Wish::Changed(path.clone()));
        }
    })
    .context(ErrorKind::Internal, || "files cannot be watched".to_owned())?;
    for path in &watched {
        // Editors replace a file by a new one, which only its folder sees.
        let (place, mode) = match path.parent() {
            Some(parent) if path.is_file() => (parent, RecursiveMode::NonRecursive),
            _ => (path.as_path(), RecursiveMode::Recursive),
        };
        watcher.watch(place, mode).context(ErrorKind::Internal, || format!("cannot watch {}", place.display()))?;
    }
    Ok(watcher)
}

/// Lines of standard input. Its end is no wish to end: it may be closed from the start.
fn keys(wishes: &UnboundedSender<Wish>) {
    let wishes = wishes.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let wish = match line.trim() {
                "" => Wish::Again,
                "f" => Wish::Failed,
                "q" => Wish::End,
                _ => continue,
            };
            if wishes.send(wish).is_err() {
                break;
            }
        }
    });
}

async fn signals(wishes: UnboundedSender<Wish>) {
    loop {
        interrupted().await;
        if wishes.send(Wish::Interrupt).is_err() {
            return;
        }
    }
}

async fn repeat(arguments: &WatchArguments, output: Output, wished: &mut UnboundedReceiver<Wish>) -> Exit {
    let mut kept: Option<Kept> = None;
    let mut last: Option<RunReport> = None;
    let mut only: Option<HashSet<String>> = None;
    let mut pending: Option<Wish> = None;
    loop {
        let exit = match once(arguments, output, &mut kept, only.as_ref(), wished, &mut pending).await {
            Ok(Some(report)) => {
                let exit = report.exit();
                last = Some(report);
                exit
            }
            Ok(None) => Exit::Interrupted,
            Err(error) => {
                output.failure(&error);
                Exit::Error(error.kind())
            }
        };
        output.log("watching: Enter reruns all cells, f failed and blocked cells, q quits");
        let wish = match pending.take() {
            Some(wish) => Some(wish),
            None => next(wished).await,
        };
        match wish {
            None | Some(Wish::End | Wish::Interrupt) => return exit,
            Some(Wish::Again) => only = None,
            Some(Wish::Changed(path)) => {
                only = None;
                output.log(&format!("{} changed", path.display()));
            }
            Some(Wish::Failed) => {
                let cells = last.iter().flat_map(|report| &report.cells);
                let failed: HashSet<String> =
                    cells.filter(|cell| cell.verdict != Verdict::Passed).map(|cell| cell.id.clone()).collect();
                if failed.is_empty() {
                    output.log("all cells passed; rerunning all of them");
                }
                only = Some(failed).filter(|failed| !failed.is_empty());
            }
        }
    }
}

/// The next wish. Changes that come together are one.
async fn next(wished: &mut UnboundedReceiver<Wish>) -> Option<Wish> {
    let wish = wished.recv().await?;
    if matches!(wish, Wish::Changed(_)) {
        tokio::time::sleep(SETTLING).await;
        while let Ok(other) = wished.try_recv() {
            if !matches!(other, Wish::Changed(_)) {
                return Some(other);
            }
        }
    }
    Some(wish)
}

/// One run. What is wished for meanwhile is done after it; a signal ends it, and a second one leaves it without a report
/// (`None`).
async fn once(
    arguments: &WatchArguments,
    output: Output,
    kept: &mut Option<Kept>,
    only: Option<&HashSet<String>>,
    wished: &mut UnboundedReceiver<Wish>,
    pending: &mut Option<Wish>,
) -> Result<Option<RunReport>, Error> {
    let begun = Instant::now();
    let run = &arguments.run;
    let setup = Setup::of(run)?;
    let seed = run.seed.unwrap_or_else(fresh_seed);
    let configuration = redacted(&setup.config.tree, &str::to_owned);
    // Another configuration may be another target, or other credentials: then nothing that is known is worth anything.
    if kept.as_ref().is_none_or(|kept| kept.configuration != configuration) {
        *kept = None;
        let place = RunTarget::of(run, &setup, seed).await?;
        let interrupt = CancellationToken::new();
        let first = setup.options(run, Plan::default(), &place, seed, Vec::new(), interrupt)?;
        *kept = Some(Kept { warm: Warm::new(&first)?, place, configuration });
    }
    let Some(kept) = kept.as_mut() else { return Err(Error::internal("the target is unavailable")) };
    let plan = Plan {
        cells: setup
            .plan
            .cells
            .iter()
            .filter(|cell| only.is_none_or(|only| only.contains(&cell.id)))
            .cloned()
            .collect(),
        ..setup.plan.clone()
    };
    let interrupt = CancellationToken::new();
    let sinks = setup.sinks(run, output)?;
    let mut options = setup.options(run, plan, &kept.place, seed, sinks, interrupt.clone())?;
    options.limits.complete &= only.is_none();
    let running = kept.warm.run(options);
    tokio::pin!(running);
    let mut report = loop {
        tokio::select! {
            report = &mut running => break report,
            wish = wished.recv() => match wish {
                Some(Wish::Interrupt) if interrupt.is_cancelled() => return Ok(None),
                Some(Wish::Interrupt) => interrupt.cancel(),
                Some(wish) => *pending = Some(wish),
                None => interrupt.cancel(),
            },
        }
    };
    report.fail_on = FailOn::from(run.fail_on.as_slice());
    write(run, &mut report, (&setup.folder, begun), output)?;
    Ok(Some(report))
}
