//! What an act must know of the house it happens in: whose receipts, letters and numbers these are.

use super::Machine;
use crate::app::App;
use crate::base::chance::Chance;

/// Whose receipts and letters go out when money moves, which machine draws the numbers, and the
/// dice for them.
#[derive(Clone)]
pub struct House {
    /// The dice.
    pub chance: Chance,
    /// The centre's name.
    pub centre: String,
    /// The appliance's address, without a final slash.
    pub site: String,
    /// What a folder that is not for production says of itself.
    pub banner: Option<&'static str>,
    /// What numbers are made of.
    pub machine: Machine,
}

impl House {
    /// The house that `app` is.
    pub fn of(app: &App) -> House {
        House {
            chance: app.chance.clone(),
            centre: app.config.centre_name.clone(),
            site: app.config.base_url(),
            banner: app.folder.mode.banner().map(|(_, words)| words),
            machine: Machine::of(app),
        }
    }
}
