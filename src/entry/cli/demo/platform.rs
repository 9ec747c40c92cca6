//! The simulated platform beside a demonstration: a process of its own, with its own truth.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::ports::{address_on_lan, free_port};
use super::{ADDRESS, Args, MERCHANT};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::base::outcome::Error;
use crate::entry::cli::print::note;
use crate::entry::cli::{Done, Failed};
use crate::machinery::keys::Keys;
use crate::simulator::{Merchant, Platform, Settings};

/// The platform's folder within the demonstration's.
const FOLDER: &str = "platform";

/// Where the platform beside us is, and how it is started.
pub(super) struct Plan {
    /// Its address for browsers and for us, without a final slash.
    pub(super) url: String,
    pub(super) dir: PathBuf,
    pub(super) port: u16,
    public: String,
    lan: bool,
    clock: Clock,
    authority: PathBuf,
}

pub(super) fn settings(
    args: &Args,
    dir: &Path,
    config: &Config,
    clock: &Clock,
) -> Result<Plan, Failed> {
    let port = if args.port == 0 { free_port()? } else { config.port.saturating_add(1) };
    let host = if args.lan { address_on_lan()? } else { IpAddr::V4(Ipv4Addr::LOCALHOST) };
    Ok(Plan {
        url: format!("http://127.0.0.1:{port}"),
        public: format!("http://{host}:{port}"),
        dir: dir.join(FOLDER),
        port,
        lan: args.lan,
        clock: clock.clone(),
        authority: dir.join("keys/authority.crt"),
    })
}

impl Plan {
    /// The platform within this process, delivering nothing: for what happened before the start.
    pub(super) fn here(&self) -> Settings {
        Settings {
            dir: self.dir.clone(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: self.port,
            public_base: Some(self.public.clone()),
            merchants: Vec::new(),
            notice_root: None,
            delivers: false,
            clock: self.clock.clone(),
            chance: Chance::system(),
        }
    }
}

/// How long the platform of a start that was killed is waited for: it answers those whose money it
/// has before it ends.
const ENDS_WITHIN: Duration = Duration::from_secs(15);
/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Waits until the platform of an earlier start has ended.
pub(super) fn last_one_ended(dir: &Path) -> Done {
    let dir = dir.join(FOLDER);
    let begun = Instant::now();
    let mut said = false;
    while Platform::is_running(&dir)? {
        if begun.elapsed() > ENDS_WITHIN {
            let what = format!("another simulated platform runs on {}", dir.display());
            return Err(Failed::new(what, "stop that one, or choose another folder with --data"));
        }
        if !said {
            note("waiting for the simulated platform of the last start to end");
            said = true;
        }
        sleep(LOOK_EVERY);
    }
    Ok(())
}

/// Makes the appliance and the platform known to each other: keys both ways.
pub(super) fn introduce(dir: &Path, plan: &Plan, config: &Config) -> Done {
    let mut keys = match Keys::open(&dir.join("keys")) {
        Ok(keys) => keys,
        Err(Error::Refused(why)) => {
            return Err(Failed::new(why, "start over with --fresh"));
        }
        Err(Error::Fault(fault)) => return Err(fault.into()),
    };
    let merchant = Merchant {
        code: MERCHANT.to_owned(),
        name: config.centre_name.clone(),
        public_key: *keys.platform().public().bytes(),
        notify_prefix: format!("{}/gateway/", config.base_url()),
    };
    let platform = Platform::open(Settings { merchants: vec![merchant], ..plan.here() })?;
    let theirs = crate::machinery::keys::PublicKey::of(platform.public_key());
    std::fs::write(dir.join(ADDRESS), &plan.url)?;
    Ok(keys.meet_platform(theirs)?)
}

/// The platform's process. It ends with us: when we close its standard input, or are killed.
pub(super) struct Beside {
    child: Child,
    url: String,
}

impl Beside {
    pub(super) fn start(plan: &Plan) -> Result<Beside, Failed> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("platform-simulator")
            .arg("--with-parent")
            .arg("--data")
            .arg(&plan.dir)
            .args(["--port", &plan.port.to_string(), "--public", &plan.public])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // Always, so that it forgets where it was moved when it last ran.
        command.args(["--shift-s", &plan.clock.shift().as_secs().to_string()]);
        if plan.lan {
            command.arg("--lan").arg("--trust").arg(&plan.authority);
        }
        let mut child = command.spawn()?;
        let mut first = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut first)?;
        }
        if first.is_empty() {
            drop(child.wait());
            let what = format!("the simulated platform did not start on port {}", plan.port);
            return Err(Failed::new(what, "choose another port with --port"));
        }
        Ok(Beside { child, url: plan.public.clone() })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Lets it finish what it does and waits for it.
    pub(super) fn stop(mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
