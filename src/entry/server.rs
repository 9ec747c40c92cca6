//! THE DOORS: each face and where it is mounted; what every request passes; Rocket's settings.

use rocket::figment::Figment;
use rocket::{Build, Rocket, Route};

use super::{around, jobs};
use crate::app::App;
use crate::features::candidates::console::Panels;
use crate::features::candidates::login::Logins;
use crate::features::{candidates, identity, staff};
use crate::overview::desk;
use crate::web;

/// The appliance's doors, ready to be launched.
pub fn rocket(app: App) -> Rocket<Build> {
    let desk = identity::Desk::new(&app.chance);
    rocket::custom(figment(&app))
        .manage(desk)
        .manage(Logins::new())
        .manage(app)
        .manage(web::Around(around::scenery))
        .manage(desk::Rounds(jobs::rounds))
        .manage(Panels(around::panels))
        .attach(web::Shield)
        .mount("/", site())
        .mount("/console", console())
        .mount("/", web::asset_routes())
        .register("/", web::catchers())
        .register("/", candidates::site::catchers())
        .register("/console", staff::console::catchers())
}

/// The candidates' site.
fn site() -> Vec<Route> {
    [candidates::site::routes()].concat()
}

/// The staff's console.
fn console() -> Vec<Route> {
    [desk::console::routes(), staff::console::routes(), candidates::console::routes()].concat()
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
        .merge(("limits.data-form", 16 * 1024 * 1024))
        .merge(("limits.file", 16 * 1024 * 1024))
        .merge(("temp_dir", app.folder.dir.join("tmp")))
        .merge(("shutdown.grace", 2))
        .merge(("shutdown.mercy", 1))
}
