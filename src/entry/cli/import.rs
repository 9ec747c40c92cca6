//! `kaowu import`: files of many rows.

use super::Done;

/// x
#[derive(clap::Subcommand)]
pub(super) enum Args {
    /// x
    Roster,
}

pub(super) fn run(_args: Args) -> Done {
    Ok(())
}
