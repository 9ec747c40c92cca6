//! `kaowu serve`: the appliance on a data folder, until it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use rocket::tokio::runtime;
use rocket::tokio::select;
use rocket::tokio::signal::ctrl_c;

use super::print::{print, start_log};
use super::{Done, Failed, Folder, open};
use crate::app::{App, Lock};
use crate::base::outcome::{Error, Fault};
use crate::entry::door::{Door, Limits, Secure};
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

/// How many threads may wait for a disk, a hash or the platform at once.
const WAITING_THREADS: usize = 128;

pub(super) fn run(args: Args) -> Done {
    start_log();
    let app = open(&args.folder)?;
    let _lock = lock(&app)?;
    let address = app.config.base_url();
    serve(app, move || print(&format!("Kaowu serves {address} (Ctrl-C stops it)")))
}

/// Takes the folder's lock for the time it is served.
fn lock(app: &App) -> Result<Lock, Failed> {
    let lock = Lock::take(&app.folder.dir)?;
    lock.ok_or_else(|| {
        let what = format!("{} is being served by another process", app.folder.dir.display());
        Failed::new(what, "stop that one first, or choose another folder with --data")
    })
}

/// Serves until Ctrl-C or SIGTERM; says `ready` once the doors are open. Requests and the job in
/// hand are finished, then the data is closed.
pub(super) fn serve(app: App, ready: impl FnOnce()) -> Done {
    serve_until(app, std::future::pending(), ready)
}

/// The same, or until `over`.
pub(super) fn serve_until(app: App, over: impl Future<Output = ()>, ready: impl FnOnce()) -> Done {
    let night = jobs::start(&app)?;
    let runtime = runtime::Builder::new_multi_thread()
        .max_blocking_threads(WAITING_THREADS)
        .enable_all()
        .build()?;
    let served = runtime.block_on(doors(app, over, ready));
    drop(night);
    served
}

async fn doors(app: App, over: impl Future<Output = ()>, ready: impl FnOnce()) -> Done {
    // Heard before `ready` is said: whoever waits for that may tell us to stop at once.
    let stop = told_to_stop()?;
    let public = SocketAddr::new(app.config.address, app.config.port);
    let secure = match Secure::of(&app) {
        Ok(secure) => secure,
        Err(Error::Fault(fault)) => return Err(fault.into()),
        Err(Error::Refused(why)) => {
            return Err(Failed::new(why, "put the folder `keys` back as it was"));
        }
    };
    let limits = Limits::fitting(public.ip());
    let opened = Door::before(server::rocket(app), public, secure, limits).await;
    let opened = opened.map_err(|error| not_opened(&error, public.port()))?;
    ready();
    let stop = async {
        select! {
            () = stop => {}
            () = over => {}
        }
    };
    Ok(opened.serve(stop).await?)
}

/// What ends when somebody wants us to stop.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use rocket::tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        select! {
            _ = terminate.recv() => {}
            _ = ctrl_c() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(ctrl_c().await) })
}

fn not_opened(error: &io::Error, port: u16) -> Failed {
    match error.kind() {
        io::ErrorKind::AddrInUse => Failed::new(
            format!("port {port} is taken"),
            "choose another one with --port or in kaowu.toml",
        ),
        _ => Fault::new(format!("the server did not start: {error}")).into(),
    }
}
