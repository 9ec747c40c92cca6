//! `kaowu doors`: who may enter where.

use super::print::print;
use super::{Done, Folder, open};
use crate::entry::server;

/// Print every door of the appliance: method, path and what stands behind it
///
/// Example: kaowu doors --data ./kaowu-demo
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn run(args: Args) -> Done {
    let app = open(&args.folder)?;
    let rocket = server::rocket(app);
    let mut doors: Vec<String> = rocket
        .routes()
        .map(|route| {
            let handler = route.name.as_deref().unwrap_or_default();
            format!("{:5} {:44} {handler}", route.method.as_str(), route.uri.to_string())
        })
        .collect();
    doors.sort();
    doors.iter().for_each(|door| print(door));
    Ok(())
}
