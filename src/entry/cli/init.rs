//! `kaowu init`: an empty data folder for a centre, with its keys and its first administrator.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;

use super::print::print;
use super::{Done, Failed, Folder};
use crate::app::{App, database};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::{Config, Mode};
use crate::base::outcome::{Error, Never};
use crate::base::values::CentreCode;
use crate::features::identity::password::Hasher;
use crate::features::staff;
use crate::features::staff::rules::DutyKind;
use crate::machinery::db::{Actor, Db};
use crate::machinery::keys::Keys;

/// Make an empty data folder for a centre
///
/// Example: kaowu init --data /var/lib/kaowu --centre 310117 --name 上海市云间区教育考试中心
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    #[command(flatten)]
    folder: Folder,
    /// The centre's code, six digits
    #[arg(long, value_name = "CODE")]
    centre: CentreCode,
    /// The centre's name, on every page and receipt
    #[arg(long, value_name = "NAME", value_parser = centre_name)]
    name: String,
    /// Which of the centre's machines this is, 1 to 99
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=99))]
    machine: u8,
    /// For a training room: simulated platform, movable clock
    #[arg(long)]
    training: bool,
}

fn centre_name(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("a centre has a name"),
        name => Ok(name.to_owned()),
    }
}

/// Every setting with its meaning and its default, switched off.
const SETTINGS: &str = include_str!("../../../packaging/kaowu.toml");

pub(super) fn run(args: Args) -> Done {
    let mode = if args.training { Mode::Training } else { Mode::Production };
    let dir = args.folder.data;
    let config = Config { centre_name: args.name, ..Config::default() };
    must_be_free(&dir)?;
    make(&dir, mode, &args.centre, args.machine, &config, &Chance::system())?;
    let app = App::open(&dir, Clock::real(), Chance::system()).map_err(super::not_opened)?;
    let password = first_administrator(&app)?;
    print(&format!("Made {} ({}).", dir.display(), mode.name()));
    print("First administrator: admin");
    print(&format!("One-time password:   {password}"));
    for key in app.keys.list() {
        print(&format!("Key {:16} {} {}", key.name, key.kind, key.fingerprint));
    }
    print(&format!(
        "Next: set the addresses in {}, then kaowu serve --data {}",
        Config::file(&dir).display(),
        dir.display()
    ));
    Ok(())
}

/// Nothing of anybody's may lie where a data folder is to be made.
pub(super) fn must_be_free(dir: &Path) -> Done {
    let choose = "choose an empty folder, or one that is not there yet, with --data";
    if database(dir).exists() {
        let what = format!("{} is a data folder already", dir.display());
        return Err(Failed::new(what, "choose another one with --data"));
    }
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Failed::new(format!("{} is no folder", dir.display()), choose));
        }
        Err(error) => return Err(Failed::at(dir, &error)),
    };
    // A lock is what a start leaves that did not come far; a disk of its own has a lost+found.
    let is_free = |name: &OsStr| name == "kaowu.lock" || name == "lost+found";
    if entries.flatten().all(|it| is_free(&it.file_name())) {
        return Ok(());
    }
    let what = format!("{} is not empty, and what lies there is not ours", dir.display());
    Err(Failed::new(what, choose))
}

/// Makes the folder: its facts, its keys, its settings. Nobody is in it.
pub(super) fn make(
    dir: &Path,
    mode: Mode,
    centre: &CentreCode,
    machine: u8,
    config: &Config,
    chance: &Chance,
) -> Done {
    std::fs::create_dir_all(dir).map_err(|error| Failed::at(dir, &error))?;
    super::private::close(dir)?;
    let clock = Clock::real();
    match Keys::make(&dir.join("keys"), &config.centre_name, &clock) {
        Ok(_) => {}
        Err(Error::Refused(why)) => {
            return Err(Failed::new(why, "choose an empty folder, or put the old one back"));
        }
        Err(Error::Fault(fault)) => return Err(fault.into()),
    }
    std::fs::write(Config::file(dir), settings(config))?;
    let db = Db::open(&database(dir), clock)?;
    let facts = [
        ("mode", mode.name().to_owned()),
        ("centre_code", centre.to_string()),
        ("machine_no", machine.to_string()),
        ("incarnation", "1".to_owned()),
        ("folder_id", chance.digits(8)),
    ];
    let made = db.write_now::<(), Never>(Actor::Operator, move |tx| {
        for (fact, value) in &facts {
            tx.set_fact(fact, value)?;
        }
        tx.note("folder.made", "folder");
        Ok(())
    });
    Ok(made.map_err(crate::base::outcome::Fault::from)?)
}

/// The page of settings, with the centre's name set.
fn settings(config: &Config) -> String {
    let lines = SETTINGS.lines().map(|line| match line.starts_with("# centre_name = ") {
        // What JSON escapes in a text, TOML reads as JSON does.
        true => format!("centre_name = {}\n", serde_json::json!(config.centre_name)),
        false => format!("{line}\n"),
    });
    lines.collect()
}

fn first_administrator(app: &App) -> Result<String, Failed> {
    let password = staff::one_time_password(&app.chance);
    let phc = Hasher::new(&app.chance).hash_now(&password, &app.chance)?;
    let wish = staff::Wish {
        login: "admin".parse().map_err(|it| Failed::new(it, "report this"))?,
        name: "系统管理员".parse().map_err(|it| Failed::new(it, "report this"))?,
        school: None,
        duties: [DutyKind::System].into_iter().collect(),
    };
    let added = app.db.write_now(Actor::Operator, move |tx| staff::add(tx, &wish, &phc));
    match added {
        Ok(_) => Ok(password.expose().clone()),
        Err(Error::Fault(fault)) => Err(fault.into()),
        Err(Error::Refused(why)) => Err(Failed::new(format!("{why:?}"), "report this")),
    }
}
