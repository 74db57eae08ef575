//! Ctrl-C and SIGTERM: once to end with a report, twice to end at once.

use tokio_util::sync::CancellationToken;

use super::output::Output;

/// The exit code of an interrupted process.
const INTERRUPTED: i32 = 130;

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
    tokio::spawn(async move {
        signal().await;
        output.tell("interrupted: writing what is known so far (once more to stop at once)");
        token.cancel();
        signal().await;
        std::process::exit(INTERRUPTED);
    });
}
