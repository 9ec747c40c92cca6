//! THE DOORS: each face and where it is mounted; what every request passes; Rocket's settings.

mod around;
pub mod lessons;
mod panels;

use rocket::figment::Figment;
use rocket::{Build, Rocket, Route};

use crate::app::App;
use crate::features::candidates::login::Logins;
use crate::features::{
    bulletin, candidates, characters, exceptions, fees, identity, orders, receipts, reconciliation,
    rosters, staff,
};
use crate::overview::{desk, home, training};
use crate::web::{self, Around};

pub use self::around::menu;

/// The appliance's doors, ready to be launched.
pub fn rocket(app: App) -> Rocket<Build> {
    rocket::custom(figment(&app))
        .manage(identity::Desk::new(&app.chance))
        .manage(Logins::new())
        .manage(app)
        .manage(Around(around::scenery))
        .manage(candidates::console::Panels(panels::of))
        .manage(receipts::Pace::new())
        .manage(training::lessons::Lessons(lessons::of))
        .attach(web::Shield)
        .mount("/", site())
        .mount("/console", console())
        .mount("/", web::asset_routes())
        .mount("/", orders::notices::routes())
        .register("/", web::catchers())
        .register("/", candidates::site::catchers())
        .register("/console", staff::console::catchers())
}

/// The candidates' site.
fn site() -> Vec<Route> {
    [
        home::site::routes(),
        desk::probes::routes(),
        bulletin::site::routes(),
        candidates::site::routes(),
        orders::site::routes(),
        receipts::site::routes(),
        receipts::verification::routes(),
    ]
    .concat()
}

/// The staff's console.
fn console() -> Vec<Route> {
    [
        desk::console::routes(),
        staff::console::routes(),
        candidates::console::routes(),
        fees::console::routes(),
        bulletin::console::routes(),
        orders::console::routes(),
        exceptions::console::routes(),
        receipts::console::routes(),
        reconciliation::console::routes(),
        rosters::console::routes(),
        characters::console::routes(),
        training::console::routes(),
    ]
    .concat()
}

/// Rocket's settings, ours alone: no `ROCKET_…` in the environment changes them.
fn figment(app: &App) -> Figment {
    Figment::from(rocket::Config::default())
        .merge(("address", app.config.address))
        .merge(("port", app.config.port))
        .merge(("ident", false))
        // Trusted from anyone, it would let everybody choose the address that limits count by.
        .merge(("ip_header", false))
        .merge(("log_level", "off"))
        .merge(("cli_colors", false))
        .merge(("limits.form", 64 * 1024))
        // Twice what an upload may have: one that is too large is told so, not cut off.
        .merge(("limits.data-form", 64 * 1024 * 1024))
        .merge(("limits.file", 32 * 1024 * 1024))
        .merge(("temp_dir", app.folder.dir.join("tmp")))
        .merge(("shutdown.grace", 2))
        .merge(("shutdown.mercy", 1))
}
