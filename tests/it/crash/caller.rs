//! A browser without JavaScript at the doors of one server, which may be gone at any moment.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body, Error};

/// What keeps somebody from going on.
#[derive(Debug)]
pub enum Trouble {
    /// Nobody answered, or the answer broke off.
    Gone(#[expect(dead_code, reason = "a test that fails shows it")] String),
    /// A page that says what is wrong: status and text.
    Told(u16, String),
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Where it leads; empty for a page.
    pub to: String,
    pub page: String,
}

pub struct Caller {
    http: Agent,
    base: String,
    cookies: BTreeMap<String, String>,
    /// Hears of each answer.
    pub bell: Option<Sender<()>>,
}

impl Caller {
    pub fn at(base: &str) -> Caller {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A connection kept open would not live through a kill.
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .proxy(None);
        let http = config.build().new_agent();
        Caller { http, base: base.to_owned(), cookies: BTreeMap::new(), bell: None }
    }

    /// Forgets who it was.
    pub fn is_somebody_else(&mut self) {
        self.cookies.clear();
    }

    pub fn get(&mut self, path: &str) -> Result<Answer, Trouble> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = request.header("Cookie", self.cookie()).call();
        self.take(answer)
    }

    /// Presses the button of the form on `page` whose action is this, having filled in `chosen`.
    pub fn press(
        &mut self,
        page: &str,
        action: &str,
        chosen: &[(&str, &str)],
    ) -> Result<Answer, Trouble> {
        let form = page.split("<form").skip(1).find(|it| between(it, "action=\"", "\"") == action);
        let form = form.unwrap_or_else(|| panic!("no form {action} on {page}"));
        let form = form.split("</form>").next().unwrap();
        let hidden = form.split("<input type=\"hidden\" ").skip(1).map(|it| {
            (between(it, "name=\"", "\""), between(it, "value=\"", "\"").replace("&#x2f;", "/"))
        });
        let typed = chosen.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let fields: Vec<(&str, String)> = hidden.chain(typed).collect();
        let request = self.http.post(format!("{}{action}", self.base));
        let answer = request.header("Cookie", self.cookie()).send_form(fields);
        self.take(answer)
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn take(&mut self, answer: Result<Response<Body>, Error>) -> Result<Answer, Trouble> {
        let gone = |error: Error| Trouble::Gone(error.to_string());
        let mut answer = answer.map_err(gone)?;
        let page = answer.body_mut().read_to_string().map_err(gone)?;
        for set in answer.headers().get_all("set-cookie") {
            let (name, value) = set.to_str().unwrap().split_once('=').unwrap();
            let (value, how) = value.split_once(';').unwrap_or((value, ""));
            if how.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(bell) = &self.bell {
            // Whoever counted may have stopped.
            bell.send(()).unwrap_or_default();
        }
        let status = answer.status().as_u16();
        if status >= 500 {
            return Err(Trouble::Told(status, page));
        }
        let to = answer.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
        Ok(Answer { status, to: to.unwrap_or_default(), page })
    }
}

/// What stands between two texts; nothing where the first is missing.
pub fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split(to).next().unwrap_or_default()
}
