//! `kaowu platform-simulator`: the simulated payment platform, a program of its own.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rocket::fairing::AdHoc;

use super::print::{print, start_log};
use super::{Done, Failed, private};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::outcome::Fault;
use crate::simulator::{Platform, Settings, server};

/// Run the simulated payment platform alone, with its own folder and keys
///
/// Payers come to the cashier pages that merchants lead them to. Trainers open /training on this
/// machine: it shows every order as it truly is, switches on what can go wrong (lost, late, doubled
/// and forged notices, wrong amounts, a second payment, money after closing, a platform that is slow,
/// down or lies, refunds that fail, misprinted statements), and makes things happen now.
///
/// Example: kaowu platform-simulator --data ./platform --port 8801
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// Its folder, made where it is missing
    #[arg(long, default_value = "kaowu-platform", value_name = "FOLDER")]
    data: PathBuf,
    /// Its port; 0 takes a free one
    #[arg(long, default_value_t = 8801)]
    port: u16,
    /// Let phones on the network open its pages, too
    #[arg(long)]
    lan: bool,
    /// Its address as phones see it, such as http://192.0.2.7:8801
    #[arg(long, value_name = "URL")]
    public: Option<String>,
    /// Its business time at the start, such as 2026-03-13T10:24:00+08:00; else as it was moved last
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// The same, as seconds ahead of the real clock: for a parent process
    #[arg(long, hide = true, allow_negative_numbers = true, conflicts_with = "at")]
    shift_s: Option<i64>,
    /// A certificate (PEM) that its notices trust: the appliance's own authority
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Stop when standard input ends: for a parent process
    #[arg(long, hide = true)]
    with_parent: bool,
}

pub(super) fn run(args: Args) -> Done {
    start_log();
    private::close(&args.data)?;
    let clock = Clock::real();
    let notice_root = args.trust.map(std::fs::read_to_string).transpose()?;
    let bind = if args.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    let platform = Platform::open(Settings {
        dir: args.data,
        bind: IpAddr::V4(bind),
        port: args.port,
        public_base: args.public,
        merchants: Vec::new(),
        notice_root,
        delivers: true,
        clock: clock.clone(),
        chance: Chance::system(),
    })?;
    let at = args.at.map(|at| at.duration_since(clock.wall()));
    let shift = args.shift_s.map(SignedDuration::from_secs);
    platform.travel(match at.or(shift) {
        Some(asked) => asked,
        None => platform.remembered_shift()?,
    })?;
    let said = Arc::clone(&platform);
    let with_parent = args.with_parent;
    let liftoff = AdHoc::on_liftoff("ready", move |rocket| {
        let stop = rocket.shutdown();
        Box::pin(async move {
            print(&format!("The simulated platform serves {}", said.public_base()));
            if with_parent {
                stop_with_parent(stop);
            }
        })
    });
    let rocket = server::rocket(platform).attach(liftoff);
    match rocket::execute(async move { rocket.launch().await }) {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), rocket::error::ErrorKind::Bind(_)) => Err(
            Failed::new(format!("port {} is taken", args.port), "choose another one with --port"),
        ),
        Err(error) => Err(Fault::new(format!("the platform did not start: {error}")).into()),
    }
}

/// A parent that is killed closes our standard input; then there is nobody left to serve for.
fn stop_with_parent(stop: rocket::Shutdown) {
    let waits = std::thread::Builder::new().name("parent".into()).spawn(move || {
        let mut rest = Vec::new();
        drop(std::io::stdin().lock().read_to_end(&mut rest));
        stop.notify();
    });
    if let Err(error) = waits {
        tracing::warn!(%error, "cannot watch the parent process");
    }
}
