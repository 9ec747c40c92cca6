//! `kaowu serve`: the appliance on a data folder, until it is told to stop.

use std::sync::{Mutex, PoisonError};

use rocket::fairing::AdHoc;

use super::print::{print, start_log};
use super::{Done, Failed, Folder, open};
use crate::app::{App, Lock};
use crate::base::outcome::Fault;
use crate::entry::{jobs, server};

/// Run the appliance on a data folder
///
/// Example: kaowu serve --data /var/lib/kaowu
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn run(args: Args) -> Done {
    start_log();
    let app = open(&args.folder)?;
    let _lock = lock(&app)?;
    let address = app.config.base_url();
    serve(app, move || print(&format!("Kaowu serves {address} (Ctrl-C stops it)")))
}

/// Takes the folder's lock for the time it is served.
pub(super) fn lock(app: &App) -> Result<Lock, Failed> {
    let lock = Lock::take(&app.folder.dir)?;
    lock.ok_or_else(|| {
        let what = format!("{} is being served by another process", app.folder.dir.display());
        Failed::new(what, "stop that one first, or choose another folder with --data")
    })
}

/// Serves until Ctrl-C or SIGTERM; says `ready` once the doors are open. Requests and the job in
/// hand are finished, then the data is closed.
pub(super) fn serve(app: App, ready: impl FnOnce() + Send + 'static) -> Done {
    let port = app.config.port;
    let night = jobs::NightShift::begin(&app, jobs::JOBS)?;
    let ready = Mutex::new(Some(ready));
    let liftoff = AdHoc::on_liftoff("ready", move |_| {
        Box::pin(async move {
            let ready = ready.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(ready) = ready {
                ready();
            }
        })
    });
    let rocket = server::rocket(app).attach(liftoff);
    let ended = rocket::execute(async move { rocket.launch().await });
    drop(night);
    match ended {
        Ok(_) => Ok(()),
        Err(error) => Err(not_launched(&error, port)),
    }
}

fn not_launched(error: &rocket::Error, port: u16) -> Failed {
    use rocket::error::ErrorKind;
    match error.kind() {
        ErrorKind::Bind(_) => Failed::new(
            format!("port {port} is taken"),
            "choose another one with --port or in kaowu.toml",
        ),
        other => Fault::new(format!("the server did not start: {other}")).into(),
    }
}
