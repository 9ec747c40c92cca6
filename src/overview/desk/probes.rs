//! What programs ask that watch over the appliance: does it work, and how much is there of what.
//!
//! Nothing personal stands here, and no money: states and how many.

use std::fmt::Write;

use rocket::{Route, State as Managed};

use crate::app::App;
use crate::base::outcome::{Fault, refuse};
use crate::features::{orders, receipts};
use crate::machinery::db::ReadTx;
use crate::machinery::{mail, rounds};
use crate::web::{Answer, Nothing, Peer};

/// The doors of this face, to be mounted at `/`.
pub fn routes() -> Vec<Route> {
    rocket::routes![healthz, metrics]
}

/// 200 while the data can be read; else 500, and the log says why.
#[rocket::get("/healthz")]
async fn healthz(app: &Managed<App>) -> Answer<&'static str> {
    app.db.read(|tx| tx.fact("folder_id")).await?;
    Ok("ok\n")
}

/// For this machine alone, in the text format of Prometheus.
#[rocket::get("/metrics")]
async fn metrics(app: &Managed<App>, peer: Peer) -> Answer<String, Nothing> {
    if !peer.0.is_some_and(|it| it.is_loopback()) {
        return refuse(Nothing);
    }
    Ok(app.db.read(measured).await?)
}

fn measured(tx: &ReadTx<'_>) -> Result<String, Fault> {
    let mut text = String::new();
    let mut family = |name: &str, help: &str, of: &[(&str, i64)]| {
        let head = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        let lines = of.iter().try_for_each(|(label, count)| match *label {
            "" => writeln!(text, "{name} {count}"),
            label => writeln!(text, "{name}{{state=\"{label}\"}} {count}"),
        });
        head.and(lines).expect("a string takes all that is written to it");
    };
    let placed: Vec<_> =
        orders::counts(tx)?.into_iter().map(|(state, count)| (state.name(), count)).collect();
    family("kaowu_orders", "Orders by state.", &placed);
    let stock = receipts::stock(tx)?;
    family("kaowu_receipt_numbers_left", "Receipt numbers that are left.", &[("", stock.left)]);
    family("kaowu_receipts_waiting", "Receipts that wait for a number.", &[("", stock.waiting)]);
    let outbox = mail::outbox(tx)?;
    let letters =
        [("waiting", outbox.waiting), ("delayed", outbox.delayed), ("given_up", outbox.given_up)];
    family("kaowu_letters", "Letters in the outbox by state.", &letters);
    let done = rounds::all(tx)?;
    let failed = done.iter().filter(|it| it.trouble.is_some()).count();
    let failed = i64::try_from(failed).unwrap_or(i64::MAX);
    family("kaowu_jobs_failed", "Background jobs whose last round failed.", &[("", failed)]);
    let last = done.iter().map(|it| it.begun_at.as_second()).max().unwrap_or(0);
    family("kaowu_jobs_last_run_seconds", "When a job ran last, Unix time.", &[("", last)]);
    Ok(text)
}
