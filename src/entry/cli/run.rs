//! `kaowu run JOB`: one background job, now.

use super::print::print;
use super::{Done, Failed, Folder, open};
use crate::entry::jobs;

/// Run one background job now
///
/// Example: kaowu run orders.expire
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// Its name; without one, all names are listed
    job: Option<String>,
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn run(args: Args) -> Done {
    let names = || jobs::JOBS.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
    let Some(name) = args.job else {
        print(&names());
        return Ok(());
    };
    let app = open(&args.folder)?;
    match jobs::run_now(&app, &name)? {
        Some(did) => {
            print(&format!("{name}: {did} done"));
            Ok(())
        }
        None => Err(Failed::new(
            format!("there is no job '{name}'"),
            format!("choose one of: {}", names()),
        )),
    }
}
