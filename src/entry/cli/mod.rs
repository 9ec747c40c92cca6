//! The command line: a third face on the same rooms, for whoever runs the machine.
//!
//! A command calls the acts that the pages call, on behalf of the operator. It ends with 0 when it
//! was done, 1 when it was refused or failed, 2 when it was called wrongly; an error is one
//! sentence with the name of the thing, then a hint what to do.

mod check;
mod demo;
mod doors;
mod import;
mod init;
mod platform_simulator;
mod print;
mod private;
mod run;
mod serve;
mod staff;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::print::print_error;
use crate::app::{App, NotOpened, database};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::outcome::{Error, Fault};

/// Exam fees, e-receipts and applications for a small exam centre, in one program
#[derive(Parser)]
#[command(name = "kaowu", version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Serve(serve::Args),
    PlatformSimulator(platform_simulator::Args),
    #[command(subcommand)]
    Import(import::Args),
    #[command(subcommand)]
    Staff(staff::Args),
    Check(check::Args),
    Run(run::Args),
    Doors(doors::Args),
}

/// Which folder a command is about.
#[derive(clap::Args)]
struct Folder {
    /// The data folder
    #[arg(long, env = "KAOWU_DATA", default_value = "kaowu-data", value_name = "FOLDER")]
    data: PathBuf,
}

/// Why a command failed: what is wrong, and what to do.
#[derive(Debug)]
struct Failed {
    what: String,
    hint: String,
}

type Done = Result<(), Failed>;

impl Failed {
    fn new(what: impl fmt::Display, hint: impl Into<String>) -> Failed {
        Failed { what: what.to_string(), hint: hint.into() }
    }

    /// What went wrong with one file or folder.
    fn at(path: &Path, error: &std::io::Error) -> Failed {
        let hint = "look at the disk and at who may write there, or choose another folder";
        Failed::new(format!("{}: {error}", path.display()), hint)
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed::new(fault, "look at the disk and at the folder's permissions, then try again")
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Fault::from(error).into()
    }
}

/// Runs a command line and tells how it ended.
pub fn run(line: impl IntoIterator<Item = OsString>) -> ExitCode {
    private::from_now_on();
    let line = match Line::try_parse_from(line) {
        Ok(line) => line,
        Err(error) => {
            // Help and version are printed to stdout and end well; the rest is wrong usage.
            let wrong = error.use_stderr();
            drop(error.print());
            return if wrong { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let done = match line.command {
        Command::Demo(args) => demo::run(args),
        Command::Init(args) => init::run(args),
        Command::Serve(args) => serve::run(args),
        Command::PlatformSimulator(args) => platform_simulator::run(args),
        Command::Import(args) => import::run(args),
        Command::Staff(args) => staff::run(args),
        Command::Check(args) => check::run(args),
        Command::Run(args) => run::run(args),
        Command::Doors(args) => doors::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            print_error(&failed.what, &failed.hint);
            ExitCode::FAILURE
        }
    }
}

/// Opens the folder of a command.
fn open(folder: &Folder) -> Result<App, Failed> {
    if database(&folder.data).exists() {
        private::close(&folder.data)?;
    }
    App::open(&folder.data, Clock::real(), Chance::system()).map_err(not_opened)
}

fn not_opened(error: Error<NotOpened>) -> Failed {
    match error {
        Error::Fault(fault) => fault.into(),
        Error::Refused(why) => {
            let hint = match &why {
                NotOpened::NoFolder(_) => "make one with `kaowu init`, or try `kaowu demo`",
                NotOpened::Config(_) => "mend kaowu.toml, or the KAOWU_… variable of that name",
                NotOpened::Keys(_) => "put the folder `keys` back as it was",
                NotOpened::Pretends(_) => "take it out of kaowu.toml and the environment",
                NotOpened::PlatformKeyMissing => "put the platform's public key into that file",
            };
            Failed::new(why, hint)
        }
    }
}
