//! The only place that prints to the terminal.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Prints a line of an answer. A reader that has gone away wants no more lines.
pub(super) fn print(line: &str) {
    use std::io::Write;
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// Prints why a command failed, and what to do.
pub(super) fn print_error(what: &str, hint: &str) {
    eprintln!("error: {what}\nhint: {hint}");
}

/// Says what a command is at while it takes its time.
pub(super) fn note(what: &str) {
    eprintln!("… {what}");
}

/// Sends the log to stderr, from where journald or the terminal takes it. Called once a process.
pub(super) fn start_log() {
    let filter =
        EnvFilter::try_from_env("KAOWU_LOG").unwrap_or_else(|_| EnvFilter::new("warn,rocket=off"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    // A second start in one process, as in tests, keeps the first log.
    drop(log.try_init());
}
