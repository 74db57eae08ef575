//! The runtime, if the system gives what it needs.

use std::fs::File;
use std::sync::{Arc, Mutex};

use tokio::runtime::Runtime;

use crate::error::{Error, ErrorContext as _, ErrorKind};

/// Threads beyond those of the runtime: signals, the end of a run, progress, and names that are looked up.
const FURTHER_THREADS: usize = 4;
/// Files and connections that a run opens at the same time, roughly.
const FILES: usize = 100;

/// A runtime.
///
/// # Errors
/// That the system gives too few threads, for the lack of which the runtime would panic.
pub(super) fn runtime() -> Result<Runtime, Error> {
    let count = std::thread::available_parallelism().map_or(1, usize::from) + FURTHER_THREADS;
    threads(count).map_err(|cause| {
        Error::internal(format!("{count} threads cannot be started"))
            .hint("raise the process limit (`ulimit -u`), or that of the container")
            .source(cause)
    })?;
    Runtime::new().context(ErrorKind::Internal, || "cannot start the runtime".to_owned())
}

/// `true` if this number of threads can run at the same time.
fn threads(count: usize) -> std::io::Result<()> {
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock();
    let mut started = Vec::new();
    let mut result = Ok(());
    for _ in 0..count {
        let gate = Arc::clone(&gate);
        match std::thread::Builder::new().stack_size(64 * 1024).spawn(move || drop(gate.lock())) {
            Ok(thread) => started.push(thread),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    drop(closed);
    for thread in started {
        let _ = thread.join();
    }
    result
}

/// `true` if a run can open the files that it needs: without them, every connection would hang until it times out.
///
/// # Errors
/// That it cannot.
pub(super) fn enough_files() -> Result<(), Error> {
    let Ok(program) = std::env::current_exe() else { return Ok(()) };
    let mut open = Vec::new();
    for count in 0..FILES {
        match File::open(&program) {
            Ok(file) => open.push(file),
            // Another reason than the limit is none to refuse the run.
            Err(_) if count == 0 => return Ok(()),
            Err(error) => {
                let message = format!("a run requires up to {FILES} open files and connections; the limit is {count}");
                return Err(Error::internal(message).hint("raise the limit (`ulimit -n 1024`)").source(error));
            }
        }
    }
    Ok(())
}

/// Number of sandboxes that are tested at a time: runs wait more than they compute.
pub(super) fn side_by_side() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
