//! `kaowu check`: proves the data folder.

use std::path::Path;

use super::demo::{ADDRESS, MERCHANT};
use super::print::{note, print};
use super::{Done, Failed, Folder};
use crate::app::{NotOpened, database};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::base::outcome::Error;
use crate::overview::keeping::{self, Finding, Grade, Report, Task};

/// Prove the data folder: database, ledger, receipt numbers, audit log, files, keys
///
/// Reads only, and works beside a running `kaowu serve`. Each line is good, to be looked at, or
/// wrong, with what to do. Ends with 0 when nothing is wrong, with 1 when something is.
///
/// Example: kaowu check --data /var/lib/kaowu --platform
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    #[command(flatten)]
    folder: Folder,
    /// Compare with the payment platform as well, order by order
    #[arg(long)]
    platform: bool,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args) -> Done {
    let dir = &args.folder.data;
    if !database(dir).exists() {
        return Err(super::not_opened(Error::Refused(NotOpened::NoFolder(dir.clone()))));
    }
    let task = Task {
        dir,
        config: Config::read(dir).map(|it| with_demo_platform(dir, it)),
        with_platform: args.platform,
        clock: Clock::real(),
        chance: Chance::system(),
    };
    let report = keeping::check(&task, &note);
    if args.json {
        print(&report.json().to_string());
    } else {
        lines(&report).iter().for_each(|line| print(line));
    }
    match report.count(Grade::Wrong) {
        0 => Ok(()),
        wrong => Err(Failed::new(
            format!("{wrong} of {} findings in {} are wrong", report.findings.len(), dir.display()),
            "do what stands at each of them, then run `kaowu check` again",
        )),
    }
}

/// A demonstration's platform is wherever it was started last; it says so in its own folder.
fn with_demo_platform(dir: &Path, config: Config) -> Config {
    let address = std::fs::read_to_string(dir.join(ADDRESS)).unwrap_or_default();
    if !config.platform_url.is_empty() || address.is_empty() {
        return config;
    }
    Config { platform_url: address, platform_merchant: MERCHANT.to_owned(), ..config }
}

fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for Finding { grade, what, said, what_to_do } in &report.findings {
        lines.push(format!("{:13} {what}: {said}", grade.name()));
        if !what_to_do.is_empty() {
            lines.push(format!("{:13} → {what_to_do}", ""));
        }
    }
    let count = |grade| report.count(grade);
    lines.push(format!(
        "{} good, {} to look at, {} wrong",
        count(Grade::Good),
        count(Grade::Look),
        count(Grade::Wrong)
    ));
    lines
}
