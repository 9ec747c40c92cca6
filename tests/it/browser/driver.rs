//! The wire: a chromedriver of our own, and the WebDriver protocol spoken to it.
//!
//! WebDriver is JSON over HTTP. `ureq` speaks it as well as any client, and a test that waits
//! anyway reads best without `async`.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde_json::{Value, json};

/// No command of ours takes longer; chromedriver itself gives a page load five minutes.
const COMMAND_MAX: Duration = Duration::from_secs(60);

/// A page that is 20,000 pixels long makes some ten MiB of picture.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// The running chromedriver, if a browser is open; tests that run side by side share it.
static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());

/// A chromedriver on a port of its own choice. It goes when its last browser has gone: a test
/// binary ends without dropping its statics, so nothing may live longer than a test.
struct Driver {
    child: Child,
    /// Kept open: chromedriver must be able to go on writing.
    _said: BufReader<ChildStdout>,
    address: String,
    agent: ureq::Agent,
}

impl Driver {
    /// The running one, or a new one.
    fn lease() -> Arc<Driver> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return driver;
        }
        let driver = Arc::new(Driver::start());
        *running = Arc::downgrade(&driver);
        driver
    }

    /// It takes a port that is free for the moment; another may be quicker, so it tries again.
    fn start() -> Driver {
        let started = (0..5).find_map(|_| Driver::try_start());
        started.expect("chromedriver ends before it names its port, again and again")
    }

    fn try_start() -> Option<Driver> {
        let mut child = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .env("TZ", "Asia/Shanghai")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("browser tests need chromedriver; tests/run installs chromium-driver");
        let mut said = BufReader::new(child.stdout.take().expect("its output is piped"));
        let port = loop {
            let mut line = String::new();
            let read = said.read_line(&mut line).expect("chromedriver speaks UTF-8");
            if read == 0 {
                drop(child.wait());
                return None;
            }
            if let Some(port) = port_named(&line) {
                break port;
            }
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(COMMAND_MAX))
            .http_status_as_error(false)
            .proxy(None)
            .build();
        let address = format!("http://127.0.0.1:{port}");
        Some(Driver { child, _said: said, address, agent: config.into() })
    }
}

/// The port of "ChromeDriver was started successfully on port 34567."
fn port_named(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end().trim_end_matches('.').parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Why a command was not carried out.
#[derive(Debug)]
pub struct Unmet {
    /// The protocol's word for it: `stale element reference`.
    pub code: String,
    /// What chromedriver adds.
    pub message: String,
}

impl Unmet {
    /// Whether the page was only not ready for an act, which therefore did not happen.
    pub fn is_early(&self) -> bool {
        matches!(
            self.code.as_str(),
            "stale element reference"
                | "element click intercepted"
                | "element not interactable"
                | "no such element"
        )
    }

    /// Whether asking again can never help.
    pub fn is_final(&self) -> bool {
        matches!(self.code.as_str(), "wire" | "invalid session id" | "unexpected alert open")
    }
}

/// One browser's session. Closed when dropped, and Chromium with it.
pub struct Session {
    driver: Arc<Driver>,
    path: String,
}

impl Session {
    /// Starts a Chromium with these capabilities.
    pub fn start(capabilities: &Value) -> Session {
        let driver = Driver::lease();
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = Session { driver, path: "/session".into() };
        let made = session.send("", Some(&wanted)).expect("Chromium starts");
        let id = made["sessionId"].as_str().expect("a session has an id").to_owned();
        Session { driver: session.driver.clone(), path: format!("/session/{id}") }
    }

    /// Asks: `title`, `window/handles`.
    pub fn get(&self, what: &str) -> Result<Value, Unmet> {
        self.send(&format!("/{what}"), None)
    }

    /// Commands: `url`, `element/7/click`.
    pub fn post(&self, what: &str, with: &Value) -> Result<Value, Unmet> {
        self.send(&format!("/{what}"), Some(with))
    }

    /// Ends something: `window`.
    pub fn delete(&self, what: &str) -> Result<Value, Unmet> {
        read(self.driver.agent.delete(self.url(&format!("/{what}"))).call())
    }

    /// Runs the body of a function in the page. The page's content policy does not bind it. Where
    /// pages may run no scripts it runs all the same, but nothing it puts off ever happens.
    pub fn run(&self, script: &str, with: &Value) -> Result<Value, Unmet> {
        self.post("execute/sync", &json!({ "script": script, "args": with }))
    }

    /// A command of the DevTools protocol, for what WebDriver has no word.
    pub fn devtools(&self, command: &str, with: &Value) -> Result<Value, Unmet> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": with }))
    }

    fn send(&self, what: &str, body: Option<&Value>) -> Result<Value, Unmet> {
        let agent = &self.driver.agent;
        read(match body {
            Some(body) => {
                agent.post(self.url(what)).content_type("application/json").send(body.to_string())
            }
            None => agent.get(self.url(what)).call(),
        })
    }

    fn url(&self, what: &str) -> String {
        format!("{}{}{what}", self.driver.address, self.path)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.path.starts_with("/session/") {
            // A session that is lost is closed already.
            drop(self.driver.agent.delete(self.url("")).call());
        }
    }
}

/// Reads `{"value": …}`, where the value may be a complaint.
fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Unmet> {
    let wire = |it: &dyn std::fmt::Display| Unmet { code: "wire".into(), message: it.to_string() };
    let mut answer = answer.map_err(|it| wire(&it))?;
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    let mut said: Value =
        serde_json::from_str(&body.map_err(|it| wire(&it))?).map_err(|it| wire(&it))?;
    let value = said["value"].take();
    match value["error"].as_str() {
        Some(code) if !answer.status().is_success() => Err(Unmet {
            code: code.into(),
            message: value["message"]
                .as_str()
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or("")
                .into(),
        }),
        _ => Ok(value),
    }
}
