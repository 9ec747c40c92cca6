//! A person at a browser: finds things by what they are and what they are called, and waits for
//! what must come. Each verb panics with what the page says instead.
//!
//! ```text
//! let browser = Browser::start();
//! browser.visit(&url);
//! browser.fill("账号", "310115199003078515");
//! browser.press("登录");
//! browser.see("未缴费");
//! ```
//!
//! Tests that use it stand in a module with `browser` in its name: `tests/run --soon` skips those.
//! They are plain `#[test]` functions: the verbs block.

use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use tempfile::TempDir;

use axe::Finding;
use driver::{Session, Unmet};
use patience::Wait;

mod acts;
mod axe;
mod driver;
mod patience;
mod proof;
mod served;
mod shots;
mod windows;

/// What kind of browser it is.
#[derive(Clone, Copy)]
pub struct Settings {
    /// Width and height of the page in CSS pixels.
    pub size: (u32, u32),
    /// Whether pages may run scripts.
    pub javascript: bool,
    /// Whether a certificate nobody vouches for is accepted.
    pub any_certificate: bool,
    /// Whether pages may open windows.
    pub popups: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { size: (1280, 900), javascript: true, any_certificate: false, popups: true }
    }
}

/// A key with a name.
#[derive(Clone, Copy)]
pub enum Key {
    Tab,
    BackTab,
    Enter,
    Space,
}

/// A Chromium with an empty profile. It is closed when dropped.
pub struct Browser {
    session: Session,
    /// Goes after the session: Chromium writes to it until then.
    _profile: TempDir,
}

impl Browser {
    /// A desktop window in which scripts run.
    pub fn start() -> Browser {
        Browser::with(Settings::default())
    }

    /// A browser of a certain kind.
    pub fn with(settings: Settings) -> Browser {
        let profile = tempfile::tempdir().expect("there is room for a browser's profile");
        let (width, height) = settings.size;
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=zh-CN",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--window-size={width},{height}"));
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut prefs = json!({ "intl.accept_languages": "zh-CN,zh" });
        if !settings.javascript {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let session = Session::start(&json!({
            "acceptInsecureCerts": settings.any_certificate,
            "goog:chromeOptions": { "args": args, "prefs": prefs },
        }));
        let browser = Browser { session, _profile: profile };
        browser.resize(width, height);
        if !settings.popups {
            browser.blocks_windows();
        }
        browser
    }

    /// Pages get no window when they ask for one: what a blocker answers. Chromium's own blocks
    /// none that a press asks for, unlike those of other browsers.
    fn blocks_windows(&self) {
        let script = json!({ "source": "window.open = () => null" });
        must(self.session.devtools("Page.addScriptToEvaluateOnNewDocument", &script), "blocking");
    }

    /// Makes the page this large; a real window could not be as narrow as a phone.
    pub fn resize(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        must(self.session.devtools("Emulation.setDeviceMetricsOverride", &size), "resize");
    }

    /// By how many pixels the page is wider than the window. People should not scroll sideways.
    #[track_caller]
    pub fn overflow_px(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - innerWidth";
        must(self.session.run(script, &json!([])), "the width").as_i64().unwrap_or_default()
    }

    /// Types an address.
    #[track_caller]
    pub fn visit(&self, url: &str) {
        must(self.session.post("url", &json!({ "url": url })), url);
    }

    /// Presses the browser's own 后退.
    #[track_caller]
    pub fn back(&self) {
        must(self.session.post("back", &json!({})), "back");
    }

    /// Where the browser is.
    #[track_caller]
    pub fn url(&self) -> String {
        text(&must(self.session.get("url"), "the address"))
    }

    /// The page's title.
    #[track_caller]
    pub fn title(&self) -> String {
        text(&must(self.session.get("title"), "the title"))
    }

    /// All words on the page, with single spaces.
    pub fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let said = self.session.run(script, &json!([])).unwrap_or_default();
        plain(said.as_str().unwrap_or_default())
    }

    /// Waits for words.
    #[track_caller]
    pub fn see(&self, words: &str) {
        self.wait(|| match self.text().contains(&plain(words)) {
            true => Ok(()),
            false => Err(Wait::More(format!("「{words}」 is not to be seen"))),
        });
    }

    /// Waits until words are gone.
    #[track_caller]
    pub fn see_no_more(&self, words: &str) {
        self.wait(|| match self.text().contains(&plain(words)) {
            true => Err(Wait::More(format!("「{words}」 is still to be seen"))),
            false => Ok(()),
        });
    }

    /// Presses a key, wherever the focus is.
    #[track_caller]
    pub fn key(&self, key: Key) {
        let (shift, sign) = match key {
            Key::Tab => ("", "\u{E004}"),
            Key::BackTab => ("\u{E008}", "\u{E004}"),
            Key::Enter => ("", "\u{E007}"),
            Key::Space => ("", " "),
        };
        let strokes: Vec<Value> =
            [(shift, "keyDown"), (sign, "keyDown"), (sign, "keyUp"), (shift, "keyUp")]
                .iter()
                .filter(|(sign, _)| !sign.is_empty())
                .map(|(sign, stroke)| json!({ "type": stroke, "value": sign }))
                .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        must(self.session.post("actions", &actions), "the keys");
    }

    /// Types text, wherever the focus is.
    #[track_caller]
    pub fn types(&self, text: &str) {
        let strokes: Vec<Value> = text
            .chars()
            .flat_map(|sign| ["keyDown", "keyUp"].map(|it| json!({ "type": it, "value": sign })))
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        must(self.session.post("actions", &actions), "the keys");
    }

    /// The name of what has the focus; empty when nothing has.
    #[track_caller]
    pub fn focused(&self) -> String {
        text(&must(self.session.run(FIND, &json!(["focus"])), "the focus"))
    }

    /// A picture of the whole page, in `target/shots`.
    #[track_caller]
    pub fn screenshot(&self, name: &str) -> PathBuf {
        self.shoot(name).unwrap_or_else(|it| panic!("no picture: {}", it.message))
    }

    /// What on this page shuts somebody out (WCAG 2.2 AA). It needs a browser that runs scripts.
    #[track_caller]
    pub fn axe(&self) -> Vec<Finding> {
        axe::findings(&self.session).unwrap_or_else(|it| panic!("axe: {it:?}"))
    }

    fn shoot(&self, name: &str) -> Result<PathBuf, Unmet> {
        let how = json!({ "captureBeyondViewport": true });
        let taken = self.session.devtools("Page.captureScreenshot", &how)?;
        let picture = Base64::decode_vec(taken["data"].as_str().unwrap_or_default());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/shots");
        let path = folder.join(format!("{name}.png"));
        fs::create_dir_all(&folder).expect("target can be written");
        fs::write(&path, picture.expect("a picture is base64")).expect("target can be written");
        Ok(path)
    }
}

const FIND: &str = include_str!("find.js");

#[track_caller]
fn must(done: Result<Value, Unmet>, what: &str) -> Value {
    done.unwrap_or_else(|it| panic!("{what}: {}: {}", it.code, it.message))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn plain(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
