//! A training folder with people who owe money, and the two processes: the appliance on it, and the
//! simulated platform with a folder of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use kaowu::app::App;
use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::machinery::keys::{Keys, PublicKey};
use kaowu::simulator::{Merchant, Platform, Settings};

use super::payer::{Crowd, Habit, Payer};
use super::people::furnish;

pub const CAPTCHA: &str = "7K3M";
const MERCHANT: &str = "KAOWU310199";
const KAOWU: &str = env!("CARGO_BIN_EXE_kaowu");

pub struct House {
    /// The appliance's folder.
    pub dir: PathBuf,
    pub platform_dir: PathBuf,
    pub crowd: Crowd,
    url: String,
    platform_url: String,
    platform_port: u16,
    _dir: tempfile::TempDir,
}

impl House {
    pub fn new(people: usize) -> House {
        let dir = tempfile::tempdir().unwrap();
        let centre = dir.path().join("centre");
        House::made(dir, centre, people)
    }

    /// One whose folder lies in a place of its own.
    pub fn made(dir: tempfile::TempDir, centre: PathBuf, people: usize) -> House {
        let (port, platform_port) = (port(), port());
        let mut house = House {
            dir: centre,
            platform_dir: dir.path().join("platform"),
            crowd: Mutex::default(),
            url: format!("http://127.0.0.1:{port}"),
            platform_url: format!("http://127.0.0.1:{platform_port}"),
            platform_port,
            _dir: dir,
        };
        let init = ["init", "--training", "--centre", "310199", "--name", "云间区考试中心"];
        let made = house.kaowu(&init);
        assert!(made.status.success(), "{made:?}");
        let settings = format!(
            "centre_name = \"云间区考试中心\"\nport = {port}\nplatform_url = \"{}\"\n\
             platform_merchant = \"{MERCHANT}\"\ncaptcha_answer = \"{CAPTCHA}\"\n",
            house.platform_url
        );
        fs::write(house.dir.join("kaowu.toml"), settings).unwrap();
        house.introduce();
        let app = App::open(&house.dir, Clock::real(), Chance::seeded(7)).unwrap();
        house.crowd = Mutex::new(furnish(&app, people));
        house
    }

    /// Makes the appliance and the platform known to each other.
    fn introduce(&self) {
        let mut keys = Keys::open(&self.dir.join("keys")).unwrap();
        let merchant = Merchant {
            code: MERCHANT.into(),
            name: "云间区考试中心".into(),
            public_key: *keys.platform().public().bytes(),
            notify_prefix: format!("{}/gateway/", self.url),
        };
        let settings = Settings {
            dir: self.platform_dir.clone(),
            bind: Ipv4Addr::LOCALHOST.into(),
            port: self.platform_port,
            public_base: None,
            merchants: vec![merchant],
            notice_root: None,
            delivers: false,
            clock: Clock::real(),
            chance: Chance::system(),
        };
        let platform = Platform::open(settings).unwrap();
        keys.meet_platform(PublicKey::of(platform.public_key())).unwrap();
    }

    pub fn payer(&self, habit: Habit) -> Payer {
        Payer::at(&self.url, &self.platform_url, habit)
    }

    /// A command on the folder, beside whatever runs there.
    pub fn kaowu(&self, args: &[&str]) -> Output {
        let mut command = Command::new(KAOWU);
        command.args(args).arg("--data").arg(&self.dir).output().unwrap()
    }

    /// The appliance, ready.
    pub fn appliance(&self) -> Process {
        self.tries_to_start().unwrap_or_else(|| panic!("it does not start: {}", self.log()))
    }

    /// The appliance, if it can be had where things are as they are.
    pub fn tries_to_start(&self) -> Option<Process> {
        self.start(Command::new(KAOWU))
    }

    /// The appliance under `strace` with these faults; `None` if it did not live to be ready.
    pub fn appliance_under(&self, faults: &[&str]) -> Option<Process> {
        let mut strace = Command::new("strace");
        // -D: it is our own child that is traced, so that killing it is killing the appliance.
        strace.args(["-D", "-f", "-qqq", "-o", "/dev/null"]).args(faults);
        strace.arg(KAOWU);
        self.start(strace)
    }

    fn start(&self, mut command: Command) -> Option<Process> {
        let log = fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        command.args(["serve", "--data"]).arg(&self.dir).stderr(log);
        Process::start(command)
    }

    pub fn platform(&self) -> Process {
        let mut command = Command::new(KAOWU);
        command.args(["platform-simulator", "--with-parent", "--data"]).arg(&self.platform_dir);
        command.args(["--port", &self.platform_port.to_string()]).stderr(Stdio::null());
        Process::start(command).expect("the platform starts")
    }

    /// What the appliance said to its operator, all lives together.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        Path::new(self._dir.path()).join("appliance.log")
    }
}

/// A process that has said that it is ready. Dropped, it is killed.
pub struct Process {
    child: Child,
    pub ready_after: Duration,
}

impl Process {
    fn start(mut command: Command) -> Option<Process> {
        let begun = Instant::now();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|it| panic!("{command:?}: {it}"));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let process = Process { child, ready_after: begun.elapsed() };
        line.contains("serves").then_some(process)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Did it end by itself?
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// SIGKILL.
    pub fn dies(mut self) {
        self.kill();
    }

    fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A free port below those that the system gives away by itself, so that it is still free when the
/// process that had it has been killed.
fn port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 300).unwrap() * 40;
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let mut tries = (0..40).map(|_| first + NEXT.fetch_add(1, Ordering::Relaxed) % 40);
    tries.find(free).expect("one of forty ports is free")
}
