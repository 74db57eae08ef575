//! Ctrl-C and SIGTERM: once to end with a report, twice to end at once.

use tokio_util::sync::CancellationToken;

use crate::error::Exit;

use super::output::Output;

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Waits for one signal.
pub(super) async fn interrupted() {
    signal().await;
}

/// From now on a signal cancels the token.
pub(super) fn watch(token: CancellationToken, output: Output) {
    // A runtime of its own: the threads of the run may all be busy.
    let watch = async move {
        signal().await;
        output.log("interrupted: writing the report (interrupt again to stop immediately)");
        token.cancel();
        signal().await;
        std::process::exit(i32::from(Exit::Interrupted.code()));
    };
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let watched =
        own.and_then(|own| std::thread::Builder::new().name("signals".to_owned()).spawn(move || own.block_on(watch)));
    if let Err(error) = watched {
        output.log(&format!("signals cannot be handled, so that an interrupted run has no report: {error}"));
    }
}
