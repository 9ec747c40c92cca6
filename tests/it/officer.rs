//! A member of staff at a browser, logged in without a login.

use kaowu::features::staff::rules::DutyKind;
use rocket::http::{ContentType, Cookie, Status};
use rocket::local::blocking::LocalResponse;

use crate::visitors;
use crate::world::{World, hidden};

/// A member of staff at a browser.
pub struct Officer<'w> {
    world: &'w World,
    cookie: Cookie<'static>,
}

impl<'w> Officer<'w> {
    pub fn new(world: &'w World, duties: &[DutyKind]) -> Officer<'w> {
        Officer::called(world, "zhoumin", "周敏", duties)
    }

    pub fn called(world: &'w World, login: &str, name: &str, duties: &[DutyKind]) -> Officer<'w> {
        Officer { world, cookie: visitors::officer(world, login, name, duties) }
    }

    pub fn get(&self, path: &str) -> LocalResponse<'w> {
        self.world.client.get(path.to_owned()).cookie(self.cookie.clone()).dispatch()
    }

    pub fn page(&self, path: &str) -> String {
        self.get(path).into_string().unwrap_or_default()
    }

    /// The hidden fields of the form on a page.
    pub fn tokens(&self, path: &str) -> Vec<(&'static str, String)> {
        let page = self.page(path);
        ["_csrf", "_key"].map(|it| (it, hidden(&page, it))).into()
    }

    pub fn submit(
        &self,
        from: &str,
        to: &str,
        fields: &[(&'static str, &str)],
    ) -> LocalResponse<'w> {
        let mut all = self.tokens(from);
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.post(to, &all)
    }

    pub fn post(&self, to: &str, fields: &[(&str, String)]) -> LocalResponse<'w> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send(to, ContentType::Form, body.join("&").into_bytes())
    }

    /// Posts a body as it stands.
    pub fn send(&self, to: &str, kind: ContentType, body: Vec<u8>) -> LocalResponse<'w> {
        let request = self.world.client.post(to.to_owned()).cookie(self.cookie.clone());
        request.header(kind).body(body).dispatch()
    }

    /// Where an answer leads on to.
    pub fn location(&self, answer: &LocalResponse<'_>) -> String {
        assert_eq!(answer.status(), Status::SeeOther);
        answer.headers().get_one("Location").unwrap().to_owned()
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
