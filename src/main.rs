//! Parses the command line, runs it, turns the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaowu::entry::cli::run(std::env::args_os())
}
