//! What the operator sets: `kaowu.toml` in the data folder, and the same keys as `KAOWU_…` in the
//! environment. Read once; an unknown key is an error that names the nearest known one.
//! `packaging/kaowu.toml` documents every key.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use rocket::figment::error::Kind;
use rocket::figment::providers::{Env, Format, Serialized, Toml};
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{self, Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};

/// What a folder is for; fixed when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real people, real money.
    Production,
    /// A training room: the platform and the calendar may be simulated.
    Training,
    /// A demonstration with fictitious people.
    Demo,
}

impl Mode {
    /// As it lies in the folder and in commands.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Production => "production",
            Mode::Training => "training",
            Mode::Demo => "demo",
        }
    }

    /// Reads [`Mode::name`] back.
    pub fn from_name(name: &str) -> Option<Mode> {
        [Mode::Production, Mode::Training, Mode::Demo].into_iter().find(|it| it.name() == name)
    }

    /// The two parts of the banner that every page shows; none in production.
    pub fn banner(self) -> Option<(&'static str, &'static str)> {
        match self {
            Mode::Production => None,
            Mode::Training => Some(("培训环境", "仅供培训使用，不会产生真实扣款。")),
            Mode::Demo => Some(("演示环境", "人员、金额与票据均为虚构，不会产生真实扣款。")),
        }
    }

    /// May this folder use the simulated platform, a shifted clock and a fixed captcha answer?
    pub fn may_pretend(self) -> bool {
        match self {
            Mode::Production => false,
            Mode::Training | Mode::Demo => true,
        }
    }
}

/// The settings, all with working defaults.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The centre's name, on every page and receipt.
    pub centre_name: String,
    /// Where the appliance listens. Beyond loopback it speaks TLS.
    pub address: IpAddr,
    /// On which port.
    pub port: u16,
    /// How browsers reach it, without a final slash; empty: made of address and port.
    pub site_url: String,
    /// Names and addresses in the TLS certificate beside `address`.
    pub tls_names: Vec<String>,
    /// The payment platform's address, without a final slash.
    pub platform_url: String,
    /// Our merchant number there.
    pub platform_merchant: String,
    /// `smtp://user:password@host:port`, `smtps://…`; empty: letters become files in `mail/`.
    pub mail_server: String,
    /// The sender of letters.
    pub mail_from: String,
    /// Training and demo: the answer that every captcha takes; empty: its own.
    pub captcha_answer: String,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            centre_name: "考试中心".into(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8800,
            site_url: String::new(),
            tls_names: Vec::new(),
            platform_url: String::new(),
            platform_merchant: String::new(),
            mail_server: String::new(),
            mail_from: "kaowu@localhost".into(),
            captcha_answer: String::new(),
        }
    }
}

/// Why the settings cannot be used; one sentence for the operator.
#[derive(Debug)]
pub struct WrongConfig(pub String);

impl std::fmt::Display for WrongConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongConfig {}

impl Config {
    /// The settings' file in a data folder.
    pub fn file(dir: &Path) -> PathBuf {
        dir.join("kaowu.toml")
    }

    /// Reads the folder's settings and the environment's.
    ///
    /// # Errors
    /// [`WrongConfig`] names the key, and the nearest known one when it is unknown.
    pub fn read(dir: &Path) -> Result<Config, WrongConfig> {
        let file = Config::file(dir);
        Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::file(&file))
            .merge(Environment)
            .extract()
            .map_err(|error| worded(&error))
    }

    /// How browsers reach the appliance, without a final slash.
    pub fn base_url(&self) -> String {
        if self.site_url.is_empty() {
            let scheme = if self.speaks_tls() { "https" } else { "http" };
            format!("{scheme}://{}:{}", self.address, self.port)
        } else {
            self.site_url.clone()
        }
    }

    /// Plain HTTP never leaves the machine.
    pub fn speaks_tls(&self) -> bool {
        !self.address.is_loopback()
    }
}

/// The settings in the environment. A text is taken as it stands: read as TOML, the merchant number
/// `0310199` would be a number without its zero.
struct Environment;

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment (KAOWU_…)")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let defaults = Value::serialize(Config::default())?;
        // KAOWU_DATA names the folder itself, KAOWU_LOG what is logged; both are the command line's.
        let set = Env::prefixed("KAOWU_").ignore(&["data", "log"]);
        let values = set.iter().map(|(key, text)| {
            let default = defaults.find_ref(key.as_str());
            let value = match default.and_then(Value::as_str) {
                Some(_) => Value::from(text),
                None => text.parse().unwrap_or_else(|never: Infallible| match never {}),
            };
            (key.into_string(), value)
        });
        Ok(Profile::Default.collect(values.collect()))
    }
}

fn worded(error: &figment::Error) -> WrongConfig {
    let place = error.metadata.as_ref().map_or_else(String::new, |it| {
        let file = it.source.as_ref().and_then(|it| it.file_path());
        file.map_or_else(|| format!(" in {}", it.name), |file| format!(" in {}", file.display()))
    });
    WrongConfig(match &error.kind {
        Kind::UnknownField(name, known) => {
            let near = known.iter().max_by(|a, b| {
                strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b))
            });
            let near = near.map_or_else(String::new, |it| format!("; did you mean '{it}'?"));
            format!("there is no setting '{name}'{place}{near}")
        }
        other => format!("the setting '{}'{place}: {other}", error.path.join(".")),
    })
}
