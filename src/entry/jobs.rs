//! THE NIGHT SHIFT: what is done without anybody asking, how often, and in which lane.
//!
//! A job is an act like any other: `kaowu run JOB` and the tests call it directly. Two lanes, so
//! that a mail server that hangs cannot keep orders from closing; within a lane one job at a time.

mod lane;

use std::time::Duration;

use jiff::SignedDuration;

use crate::app::App;
use crate::base::outcome::{Error, Fault, Never};
use crate::features::{identity, orders, receipts, reconciliation, rosters};
use crate::machinery::db::{Actor, WriteTx};
use crate::machinery::{keys, mail};
use crate::overview::desk::health::PING;

pub use self::lane::{NightShift, run_now, start};

/// Every job.
pub const JOBS: &[Job] = &[
    job("mail.deliver", secs(15), Lane::Network, deliver_mail),
    job(PING, mins(1), Lane::Network, ping_platform),
    job("receipts.number_waiting", secs(30), Lane::Database, number_receipts),
    job("rosters.carry_on", secs(30), Lane::Database, rosters::carry_on),
    job("orders.expire", mins(1), Lane::Network, orders::platform::expire),
    job("orders.chase", mins(5), Lane::Network, orders::platform::chase),
    // Hourly, since a lane knows periods alone: the act itself waits for 03:30.
    job("reconciliation.fetch", mins(60), Lane::Network, reconciliation::fetch_missing),
    job("orders.refund", secs(15), Lane::Network, orders::refunding::carry_on),
    job("identity.forget", mins(60), Lane::Database, forget_sign_ins),
    job("forms.forget", mins(60), Lane::Database, forget_forms),
    job("tls.renew", mins(60), Lane::Database, renew_certificate),
];

/// One job of the night shift.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// What commands and the audit log call it.
    pub name: &'static str,
    /// How long after its last start it starts again.
    pub every: Duration,
    /// Beside which jobs it runs.
    pub lane: Lane,
    /// How long it may take before its lane goes on without it.
    pub deadline: Duration,
    /// What it does, and how many things it did.
    pub act: fn(&App) -> Result<i64, Fault>,
}

/// What a job waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Only for our own disk.
    Database,
    /// For somebody else's machine.
    Network,
}

/// How long a posted form's key is kept, so that an old page posted again is known.
const FORM_KEYS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The desk reads from this job whether the platform can be reached.
fn ping_platform(app: &App) -> Result<i64, Fault> {
    app.gateway.ping().map_err(|trouble| Fault::new(trouble.to_string()))?;
    Ok(1)
}

fn deliver_mail(app: &App) -> Result<i64, Fault> {
    let transport = mail::transport(&app.config, &app.folder.dir)?;
    mail::deliver(&app.db, transport.as_ref(), &app.config.mail_from)
}

fn number_receipts(app: &App) -> Result<i64, Fault> {
    let work = |tx: &WriteTx<'_>| receipts::number_waiting(tx).map_err(Error::<Never>::Fault);
    app.db.write_now(Actor::Job("receipts.number_waiting"), work).map_err(Fault::from)
}

fn forget_sign_ins(app: &App) -> Result<i64, Fault> {
    app.db.keep_now(|tx| Ok(identity::forget(tx)? as i64))
}

fn forget_forms(app: &App) -> Result<i64, Fault> {
    app.db.keep_now(|tx| Ok(tx.forget_form_keys(tx.wall() - FORM_KEYS)? as i64))
}

/// Makes a new TLS certificate when the last one is running down; the door shows it by itself.
fn renew_certificate(app: &App) -> Result<i64, Fault> {
    if !app.config.speaks_tls() {
        return Ok(0);
    }
    let before = app.keys.tls_made();
    match app.keys.tls(&keys::names(&app.config), &app.clock) {
        Ok(_) => Ok((app.keys.tls_made() - before) as i64),
        Err(Error::Refused(why)) => Err(Fault::new(why.to_string())),
        Err(Error::Fault(fault)) => Err(fault),
    }
}

const fn job(
    name: &'static str,
    every: Duration,
    lane: Lane,
    act: fn(&App) -> Result<i64, Fault>,
) -> Job {
    let deadline = match lane {
        Lane::Database => mins(2),
        Lane::Network => mins(10),
    };
    Job { name, every, lane, deadline, act }
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn mins(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}
