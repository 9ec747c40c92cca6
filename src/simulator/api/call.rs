//! How a merchant's request is believed, and how its answer is signed (§3).

use std::io::Cursor;
use std::time::Duration;

use jiff::Timestamp;
use rocket::data::{self, Data, FromData, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::sleep;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::super::core::faults::{Road, Wire};
use super::super::core::{Books, Key};
use super::super::server::Shared;
use super::super::{Merchant, Platform};
use super::{Outcome, Refusal};
use crate::machinery::gateway::wire::codes::Code;
use crate::machinery::gateway::wire::envelope::{Purpose, Seal, headers};
use crate::machinery::gateway::wire::{BODY_MAX, is_merchant, is_nonce, messages};

/// A request that has been read, and not yet believed.
pub(super) struct Call {
    seal: Result<Seal, Code>,
    path: String,
    body: Vec<u8>,
}

/// Who asks, and when.
pub(super) struct Caller<'a> {
    pub platform: &'a Platform,
    pub merchant: &'a Merchant,
    pub now: Timestamp,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Call {
    type Error = std::convert::Infallible;

    async fn from_data(req: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Call> {
        let path = req.uri().path().as_str().to_owned();
        let refuse = |code, path| Call { seal: Err(code), path, body: Vec::new() };
        if !req.remote().is_some_and(|it| it.ip().to_canonical().is_loopback()) {
            return data::Outcome::Success(refuse(Code::PlainHttp, path));
        }
        let read = data.open(BODY_MAX.bytes()).into_bytes().await;
        let call = match read {
            Ok(body) if body.is_complete() => {
                let seal = Seal::read(|name| req.headers().get_one(name)).map_err(|it| it.code());
                Call { seal, path, body: body.into_inner() }
            }
            Ok(_) => refuse(Code::TooLarge, path),
            Err(_) => refuse(Code::Malformed, path),
        };
        data::Outcome::Success(call)
    }
}

impl Call {
    /// Believes the request or refuses it, runs `act` on the books, and signs what comes of it.
    pub(super) async fn answer<A, T, F>(self, platform: &Shared, act: F) -> Signed
    where
        A: DeserializeOwned,
        T: Serialize + Send + 'static,
        F: FnOnce(&Caller<'_>, &mut Books, A) -> Outcome<T> + Send + 'static,
    {
        let wire = self.wire(platform).await;
        match wire.road {
            Road::Down => return Signed::down(),
            Road::Whole | Road::CutOff => {}
        }
        let signed = match self.run(platform, act).await {
            Ok(value) => Signed::json(Code::Ok, &messages::Answer::new(Code::Ok, Some(value))),
            Err(refusal) => Signed::refusal(refusal),
        };
        Signed { road: wire.road, ..signed }
    }

    /// The same without the books, and whatever faults are switched on.
    pub(super) async fn answer_always<A, T, F>(self, platform: &Shared, act: F) -> Signed
    where
        A: DeserializeOwned,
        T: Serialize + Send + 'static,
        F: FnOnce(&Platform, &Merchant, A) -> Outcome<T> + Send + 'static,
    {
        let platform = Shared::clone(platform);
        let work = move || {
            let merchant = self.believe(&platform)?;
            act(&platform, merchant, read(&self.body)?)
        };
        match spawn_blocking(work).await.unwrap_or_else(|_| Err(Code::Fault.into())) {
            Ok(value) => Signed::json(Code::Ok, &messages::Answer::new(Code::Ok, Some(value))),
            Err(refusal) => Signed::refusal(refusal),
        }
    }

    /// The same for what is CSV where it succeeds.
    pub(super) async fn answer_csv<A, F>(self, platform: &Shared, act: F) -> Signed
    where
        A: DeserializeOwned,
        F: FnOnce(&Caller<'_>, &mut Books, A) -> Outcome<Vec<u8>> + Send + 'static,
    {
        let wire = self.wire(platform).await;
        match wire.road {
            Road::Down => return Signed::down(),
            Road::Whole | Road::CutOff => {}
        }
        let signed = match self.run(platform, act).await {
            Ok(body) => Signed { kind: ContentType::CSV, body, ..Signed::empty(Code::Ok) },
            Err(Refusal { code, field, .. }) => {
                Signed::refusal(Refusal { code, field, data: None::<Box<()>> })
            }
        };
        Signed { road: wire.road, ..signed }
    }

    /// How the faults that are switched on let this through; what is slow, is waited for here.
    async fn wire(&self, platform: &Shared) -> Wire {
        let key = self.names();
        let asked = platform.act(move |_, books| books.faults().wire(key.as_ref())).await;
        let wire = asked.unwrap_or_default();
        if wire.delay_s > 0 {
            sleep(Duration::from_secs(u64::from(wire.delay_s))).await;
        }
        wire
    }

    /// Which order the request names, believed or not.
    fn names(&self) -> Option<Key> {
        let merchant = self.seal.as_ref().ok()?.merchant.clone();
        let body: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        Some((merchant, body.get("order_no")?.as_str()?.to_owned()))
    }

    async fn run<A, T, F>(self, platform: &Shared, act: F) -> Outcome<T>
    where
        A: DeserializeOwned,
        T: Send + 'static,
        F: FnOnce(&Caller<'_>, &mut Books, A) -> Outcome<T> + Send + 'static,
    {
        let platform = Shared::clone(platform);
        let work = move || {
            let merchant = self.believe(&platform)?;
            let asked: A = read(&self.body)?;
            let by = Caller { platform: &platform, merchant, now: platform.clock.now() };
            let done = platform.store.act(|books| act(&by, books, asked));
            done.unwrap_or_else(|fault| {
                tracing::error!(act = "platform.answer", %fault, "an operation broke");
                Err(Code::Fault.into())
            })
        };
        spawn_blocking(work).await.unwrap_or_else(|_| Err(Code::Fault.into()))
    }

    /// Checks in the order of §3.3.
    fn believe<'p>(&self, platform: &'p Platform) -> Result<&'p Merchant, Code> {
        let seal = self.seal.as_ref().map_err(|code| *code)?;
        let merchant = platform.merchant(&seal.merchant).ok_or(Code::MerchantUnknown)?;
        let (purpose, wall) = (Purpose::Request { path: &self.path }, platform.clock.wall());
        seal.check(&merchant.public_key, purpose, wall, &self.body).map_err(|it| it.code())?;
        match platform.store.take_nonce(&merchant.code, &seal.nonce, wall) {
            Ok(true) => Ok(merchant),
            Ok(false) => Err(Code::Replayed),
            Err(fault) => {
                tracing::error!(act = "platform.believe", %fault, "a nonce was not kept");
                Err(Code::Busy)
            }
        }
    }
}

fn read<A: DeserializeOwned, T>(body: &[u8]) -> Result<A, Refusal<T>> {
    // A list of values in the right order would be read as well.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Code::Malformed.into());
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => {
            let said = error.to_string();
            let field = said.split(" at line").next().map(str::to_owned);
            Refusal { code: Code::Invalid, field, data: None }
        }
        Category::Io | Category::Syntax | Category::Eof => Code::Malformed.into(),
    })
}

/// An answer that is signed on its way out.
pub(super) struct Signed {
    code: Code,
    kind: ContentType,
    body: Vec<u8>,
    road: Road,
}

impl Signed {
    /// A refusal without data.
    pub(super) fn refused(code: Code) -> Signed {
        Signed::refusal(Refusal::<()>::from(code))
    }

    fn refusal<T: Serialize>(refusal: Refusal<T>) -> Signed {
        let mut answer = messages::Answer::new(refusal.code, refusal.data);
        if let Some(field) = refusal.field {
            answer.words = format!("{}：{field}", answer.words);
        }
        Signed::json(refusal.code, &answer)
    }

    fn json(code: Code, answer: &impl Serialize) -> Signed {
        let body = serde_json::to_vec(answer).expect("plain fields always become JSON");
        Signed { body, ..Signed::empty(code) }
    }

    fn empty(code: Code) -> Signed {
        Signed { code, kind: ContentType::JSON, body: Vec::new(), road: Road::Whole }
    }

    /// What a broken platform says: nothing, and unsigned.
    fn down() -> Signed {
        Signed { road: Road::Down, ..Signed::empty(Code::Busy) }
    }
}

impl<'r> Responder<'r, 'static> for Signed {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'static> {
        let platform = req.rocket().state::<Shared>().ok_or(Status::InternalServerError)?;
        match self.road {
            Road::Down => return Response::build().status(Status::ServiceUnavailable).ok(),
            Road::Whole | Road::CutOff => {}
        }
        let sent = |name, fits: fn(&str) -> bool| {
            req.headers().get_one(name).filter(|it| fits(it)).unwrap_or("-")
        };
        let purpose =
            Purpose::Answer { status: self.code.status(), to: sent(headers::NONCE, is_nonce) };
        let (merchant, wall) = (sent(headers::MERCHANT, is_merchant), platform.clock.wall());
        let nonce = platform.chance.token();
        let seal = Seal::make(&platform.key, purpose, merchant, wall, nonce, &self.body);
        let mut answer = Response::build();
        answer.status(Status::new(self.code.status())).header(self.kind);
        for (name, value) in seal.headers() {
            answer.raw_header(name, value);
        }
        let length = self.body.len();
        match self.road {
            Road::Whole | Road::Down => answer.sized_body(length, Cursor::new(self.body)).ok(),
            // More is promised than comes: the connection ends in the middle.
            Road::CutOff => {
                let half = self.body[..length / 2].to_vec();
                answer.sized_body(length, Cursor::new(half)).ok()
            }
        }
    }
}
