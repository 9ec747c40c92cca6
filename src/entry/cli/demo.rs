//! `kaowu demo`: the main job with nothing to set up.

mod folder;
mod listing;
mod past;
mod platform;
mod ports;

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rocket::tokio::time::sleep;

use self::platform::Beside;
use self::ports::{address_on_lan, free_port};
use super::print::{print, start_log};
use super::{Done, Failed, init, not_opened, private, serve};
use crate::app::{App, Folder, database};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::{Config, Mode};
use crate::base::outcome::{Error, Fault, Never};
use crate::machinery::db::{Actor, Db};
use crate::overview::training::hours::{self, HoursNow};
use crate::overview::training::stage::{self, Passwords};
use crate::overview::training::time;

/// Make a demonstration with fictitious people and run it, the payment platform beside it
///
/// Example: kaowu demo
/// Example: kaowu demo --fresh --at 2026-03-13T10:24:00+08:00 --port 9000
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// The demonstration's folder, made where it is missing
    #[arg(long, env = "KAOWU_DATA", default_value = "kaowu-demo", value_name = "FOLDER")]
    data: PathBuf,
    /// The appliance's port; the platform takes the next one. 0 takes free ones
    #[arg(long, default_value_t = 8800)]
    port: u16,
    /// Throw the folder away and start over
    #[arg(long)]
    fresh: bool,
    /// The house's time at the start, such as 2026-03-13T10:24:00+08:00
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Serve the network, too, so that phones can scan: TLS, and passwords of its own
    #[arg(long)]
    lan: bool,
    /// Print one JSON object on one line when ready, instead of the list
    #[arg(long)]
    json: bool,
}

/// What a demonstration's captchas take beside their own answers, so that a script can log in.
const CAPTCHA: &str = "2468";

/// Our merchant number at the platform beside us.
pub(super) const MERCHANT: &str = "KAOWU310199";

/// The file that says where the platform beside us is, for commands that run beside it.
pub(super) const ADDRESS: &str = "platform/address";

/// The file with the passwords that were drawn for a folder.
const PASSWORDS: &str = "demo-passwords.json";

pub(super) fn run(mut args: Args) -> Done {
    start_log();
    loop {
        run_once(&args)?;
        if !is_to_start_over(&args.data)? {
            return Ok(());
        }
        args.fresh = true;
    }
}

/// How often it is looked whether a trainer wants to start over.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Ends when a trainer wants to start over.
async fn start_over_asked(db: Db) {
    loop {
        sleep(LOOK_EVERY).await;
        if matches!(db.read(time::is_to_start_over).await, Ok(true)) {
            // Whoever asked is to read the answer first.
            sleep(LOOK_EVERY).await;
            return;
        }
    }
}

/// Has a trainer left the mark to start over?
fn is_to_start_over(dir: &Path) -> Result<bool, Fault> {
    if !database(dir).exists() {
        return Ok(false);
    }
    Db::open(&database(dir), Clock::real())?.read_now(time::is_to_start_over)
}

fn run_once(args: &Args) -> Done {
    let dir = args.data.clone();
    let folder = folder::take(&dir, args.fresh)?;
    platform::last_one_ended(&dir)?;
    ports::must_be_free(args)?;
    if folder.is_to_make() {
        folder.clear()?;
    }
    let config = config(args)?;
    if folder.is_to_make() {
        let centre = "310199".parse().map_err(|it| Failed::new(it, "report this"))?;
        init::make(&dir, Mode::Demo, &centre, 1, &config, &Chance::system())?;
    }
    private::close(&dir)?;
    let clock = clock(args, &dir)?;
    let made = make_ready(args, &dir, config, &clock)?;
    folder.is_whole_now()?;
    let listing = listing::Listing {
        url: made.app.config.base_url(),
        platform_url: made.platform.url().to_owned(),
        training_url: format!("{}/training", made.app.config.platform_url),
        captcha: made.app.config.captcha_answer.clone(),
        passwords: made.passwords,
        hours: made.hours,
        data: dir,
    };
    let json = args.json;
    let over = start_over_asked(made.app.db.clone());
    serve::serve_until(made.app, over, move || {
        if json {
            print(&listing.json());
        } else {
            listing.lines().iter().for_each(|line| print(line));
        }
    })?;
    made.platform.stop();
    Ok(())
}

/// What stands when everything is ready but the doors.
struct Made {
    app: App,
    platform: Beside,
    passwords: Passwords,
    hours: HoursNow,
}

fn make_ready(args: &Args, dir: &Path, config: Config, clock: &Clock) -> Result<Made, Failed> {
    let platform = platform::settings(args, dir, &config, clock)?;
    platform::introduce(dir, &platform, &config)?;
    let config =
        Config { platform_url: platform.url.clone(), platform_merchant: MERCHANT.into(), ..config };
    let app = App::with(dir, config, clock.clone(), Chance::system()).map_err(not_opened)?;
    let passwords = passwords(args, &app)?;
    if app.db.read_now(stage::was_set)?.is_none() {
        stage::set(&app, &passwords)?;
        past::play(&app, &platform)?;
    }
    let hours = hours::reopen(&app)?;
    let platform = Beside::start(&platform)?;
    Ok(Made { app, platform, passwords, hours })
}

/// The settings: the folder's and the environment's, and what the command line says.
fn config(args: &Args) -> Result<Config, Failed> {
    let set = Config::read(&args.data)
        .map_err(|it| Failed::new(it, "mend kaowu.toml, or the KAOWU_… variable of that name"))?;
    let port = if args.port == 0 { free_port()? } else { args.port };
    let mut config = Config {
        centre_name: "上海市云间区教育考试中心".into(),
        port,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        site_url: String::new(),
        ..set
    };
    if config.captcha_answer.is_empty() && !args.lan {
        config.captcha_answer = CAPTCHA.into();
    }
    if args.lan {
        let here = address_on_lan()?;
        config.address = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        config.site_url = format!("https://{here}:{port}");
        config.tls_names = vec![here.to_string(), "localhost".into(), "127.0.0.1".into()];
    }
    Ok(config)
}

/// The folder's clock; `--at` sets it anew.
fn clock(args: &Args, dir: &Path) -> Result<Clock, Failed> {
    let clock = Clock::real();
    let db = Db::open(&database(dir), clock.clone())?;
    if let Some(at) = args.at {
        let shift = at.duration_since(clock.wall()).as_secs();
        let moved = db.write_now::<(), Never>(Actor::Operator, move |tx| {
            tx.set_fact("clock_shift_s", &shift.to_string())?;
            tx.note("clock.moved", format_args!("{shift} s"));
            Ok(())
        });
        moved.map_err(Fault::from)?;
    }
    let folder = db.read_now(|tx| Folder::read(tx, dir))?;
    clock.set_shift(folder.shift);
    Ok(clock)
}

/// The passwords that the folder was made with, or is about to be.
fn passwords(args: &Args, app: &App) -> Result<Passwords, Failed> {
    let file = app.folder.dir.join(PASSWORDS);
    match app.db.read_now(stage::was_set)?.as_deref() {
        Some("drawn") => read_passwords(&file),
        Some(_) if args.lan => Err(Failed::new(
            "this demonstration has passwords that everybody knows",
            "make one for the network with --lan --fresh",
        )),
        Some(_) => Ok(Passwords::OfTheStories),
        None if args.lan => {
            let draw = || crate::features::staff::one_time_password(&app.chance).expose().clone();
            let (staff, candidates) = (draw(), app.chance.digits(8));
            let text = serde_json::json!({ "staff": staff, "candidates": candidates });
            write_secret(&file, &text.to_string())?;
            Ok(Passwords::Drawn { staff, candidates })
        }
        None => Ok(Passwords::OfTheStories),
    }
}

fn read_passwords(file: &Path) -> Result<Passwords, Failed> {
    let text = std::fs::read_to_string(file)?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(Fault::from)?;
    let of = |name: &str| value.get(name).and_then(|it| it.as_str()).unwrap_or("").to_owned();
    Ok(Passwords::Drawn { staff: of("staff"), candidates: of("candidates") })
}

/// Writes a file and puts it on the disk. Like all that we make it is for its owner alone.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = std::fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// What a refusal that cannot be means here.
fn odd<R: std::fmt::Debug>(error: Error<R>) -> Fault {
    match error {
        Error::Fault(fault) => fault,
        Error::Refused(why) => Fault::new(format!("the stage refuses: {why:?}")),
    }
}
