//! The unified public platform over HTTP, as `packaging/unified-platform.md` describes it (§).
//!
//! The adapter remembers nothing: what it says comes from a signed answer of the platform or is
//! [`Trouble`]. The demonstration's platform is `crate::simulator`; this room does not know that.

mod reading;

use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire::codes::Code;
use super::wire::envelope::{Broken, Purpose, Seal, SigningKey};
use super::wire::{self, messages, paths};
use super::{
    Bill, Checkout, Closing, Forged, Found, Gateway, Heard, Notice, NoticeAnswer, RefundBill,
    RefundStanding, Standing, StatementLine, Told, Trouble,
};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::outcome::Fault;
use crate::base::values::{OrderNo, RefundNo, Secret};

const CONNECT_WITHIN: Duration = Duration::from_secs(3);
const ANSWER_WITHIN: Duration = Duration::from_secs(8);
/// A day of a hundred thousand payments fits with room to spare.
const ANSWER_MAX_BYTES: u64 = 64 << 20;
/// Two hundred orders a page: more than any centre has.
const PAGES_MAX: usize = 5_000;

/// Where the platform is, and the keys of both sides.
pub struct UnifiedSettings {
    /// Its address without `/v1`: `https`, or `http` on loopback.
    pub base_url: String,
    /// Our merchant code.
    pub merchant: String,
    /// Our Ed25519 key in PKCS#8.
    pub our_key: Secret<Vec<u8>>,
    /// The platform's Ed25519 key.
    pub platform_public: [u8; 32],
}

/// The unified platform, seen from the merchant's side.
pub struct Unified {
    base_url: String,
    merchant: String,
    key: SigningKey,
    platform_public: [u8; 32],
    http: ureq::Agent,
    clock: Clock,
    chance: Chance,
}

impl Unified {
    /// Makes the adapter; nothing is sent yet.
    ///
    /// # Errors
    /// A fault when the key is none, the merchant code is malformed, or the address is neither
    /// `https` nor loopback.
    pub fn new(settings: UnifiedSettings, clock: Clock, chance: Chance) -> Result<Unified, Fault> {
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        if !is_safe(&base_url) {
            return Err(Fault::new("the platform's address is neither https nor on this machine"));
        }
        if !wire::is_merchant(&settings.merchant) {
            return Err(Fault::new("the merchant code is not 4 to 32 letters, digits, _ or -"));
        }
        let http = ureq::Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A connection kept from before the platform's restart would look like an outage.
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT_WITHIN))
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent("kaowu")
            .build()
            .new_agent();
        Ok(Unified {
            base_url,
            merchant: settings.merchant,
            key: SigningKey::from_pkcs8(settings.our_key.expose())?,
            platform_public: settings.platform_public,
            http,
            clock,
            chance,
        })
    }

    /// Sends one request and gives the body of a genuine answer, with its status.
    fn send(&self, path: &str, body: &impl Serialize) -> Result<(u16, Vec<u8>), Trouble> {
        let body = serde_json::to_vec(body).map_err(|_| Trouble::Nonsense("our own request"))?;
        let (nonce, at) = (self.chance.token(), self.clock.wall());
        let purpose = Purpose::Request { path };
        let seal = Seal::make(&self.key, purpose, &self.merchant, at, nonce.clone(), &body);
        let mut request = self
            .http
            .post(format!("{}{path}", self.base_url))
            .header("Content-Type", "application/json");
        for (name, value) in seal.headers() {
            request = request.header(name, value);
        }
        let mut answer = request.send(&body[..]).map_err(|_| Trouble::Unreachable)?;
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec();
        let bytes = bytes.map_err(|_| Trouble::Unreachable)?;
        let proof = Purpose::Answer { status, to: &nonce };
        let header = |name| answer.headers().get(name).and_then(|it| it.to_str().ok());
        match self.check(header, proof, &bytes) {
            Ok(()) => Ok((status, bytes)),
            // What stands between us and the platform has no key; its "not now" is no answer at
            // all.
            Err(_) if matches!(status, 502..=504) => Err(Trouble::Unreachable),
            Err(why) => Err(Trouble::Nonsense(reading::unbelieved(why))),
        }
    }

    fn check<'h>(
        &self,
        header: impl Fn(&'static str) -> Option<&'h str>,
        purpose: Purpose<'_>,
        body: &[u8],
    ) -> Result<(), Broken> {
        let seal = Seal::read(header)?;
        seal.check(&self.platform_public, purpose, self.clock.wall(), body)
    }

    /// Sends one request and reads the answer; every code but `OK` is an error with its data.
    fn call<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, (Trouble, Option<T>)> {
        let (status, bytes) = self.send(path, body).map_err(|it| (it, None))?;
        let nonsense = |what| (Trouble::Nonsense(what), None);
        let answer: messages::Answer<T> =
            serde_json::from_slice(&bytes).map_err(|_| nonsense("not the answer to this"))?;
        if answer.code == Code::Ok.name() && status == Code::Ok.status() {
            return answer.data.ok_or_else(|| nonsense("an answer without data"));
        }
        Err((reading::refusal(answer.code, answer.words), answer.data))
    }
}

impl Gateway for Unified {
    fn open(&self, bill: &Bill) -> Result<Checkout, Trouble> {
        let create = messages::Create {
            order_no: bill.order_no.to_string(),
            amount: bill.amount.fen(),
            subject: bill.subject.clone(),
            payer: bill.payer.clone(),
            attach: bill.attach.clone(),
            expires_at: bill.expires_at,
            return_url: bill.return_url.clone(),
            notify_url: bill.notify_url.clone(),
        };
        let order: messages::Order = plain(self.call(paths::ORDERS, &create))?;
        if !wire::is_address(&order.pay_url) {
            return Err(Trouble::Nonsense("the cashier's address"));
        }
        Ok(Checkout { pay_url: order.pay_url })
    }

    fn ask(&self, order_no: &OrderNo) -> Result<Standing, Trouble> {
        let asked = messages::ByOrder { order_no: order_no.to_string() };
        match plain(self.call::<messages::Order>(paths::STANDING, &asked)) {
            Ok(order) => reading::standing(order_no, &order),
            Err(trouble) if reading::is(&trouble, Code::OrderUnknown) => Ok(Standing::Unknown),
            Err(trouble) => Err(trouble),
        }
    }

    fn close(&self, order_no: &OrderNo) -> Result<Closing, Trouble> {
        let asked = messages::ByOrder { order_no: order_no.to_string() };
        let order = match self.call::<messages::Order>(paths::CLOSING, &asked) {
            Ok(order) => order,
            Err((trouble, Some(order))) if reading::is(&trouble, Code::AlreadyPaid) => order,
            Err((trouble, _)) if reading::is(&trouble, Code::OrderUnknown) => {
                return Ok(Closing::Unknown);
            }
            Err((trouble, _)) => return Err(trouble),
        };
        match reading::standing(order_no, &order)? {
            Standing::Paid(successes) => Ok(Closing::AlreadyPaid(successes)),
            Standing::Closed => Ok(Closing::Closed),
            Standing::Waiting | Standing::Unknown => Err(Trouble::Nonsense("closed, yet waiting")),
        }
    }

    fn refund(&self, bill: &RefundBill) -> Result<RefundStanding, Trouble> {
        let asked = messages::AskRefund {
            refund_no: bill.refund_no.to_string(),
            order_no: bill.order_no.to_string(),
            trade_no: bill.trade_no.clone(),
            amount: bill.amount.fen(),
            reason: bill.reason.clone(),
        };
        let refund: messages::Refund = plain(self.call(paths::REFUNDS, &asked))?;
        reading::refund_standing(&bill.refund_no, &refund)
    }

    fn ask_refund(&self, refund_no: &RefundNo) -> Result<RefundStanding, Trouble> {
        let asked = messages::ByRefund { refund_no: refund_no.to_string() };
        match plain(self.call::<messages::Refund>(paths::REFUND_STANDING, &asked)) {
            Ok(refund) => reading::refund_standing(refund_no, &refund),
            Err(trouble) if reading::is(&trouble, Code::RefundUnknown) => {
                Ok(RefundStanding::Unknown)
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn statement(&self, day: Date) -> Result<Vec<StatementLine>, Trouble> {
        let (status, bytes) =
            self.send(paths::STATEMENTS, &messages::ByDay { day: day.to_string() })?;
        if status != Code::Ok.status() {
            let answer: messages::Answer<()> =
                serde_json::from_slice(&bytes).map_err(|_| Trouble::Nonsense("a refusal"))?;
            return Err(reading::refusal(answer.code, answer.words));
        }
        let lines = wire::statement::read(day, &bytes).map_err(|it| Trouble::Nonsense(it.0))?;
        lines.into_iter().map(reading::statement_line).collect()
    }

    fn since(&self, since: Timestamp) -> Result<Vec<Found>, Trouble> {
        let (mut found, mut after) = (Vec::new(), None);
        for _ in 0..PAGES_MAX {
            let asked = messages::Since { since, after: after.take() };
            let page: messages::Orders = plain(self.call(paths::LIST, &asked))?;
            after = page.orders.last().map(|it| it.order_no.clone());
            for order in &page.orders {
                found.push(reading::found_order(order)?);
            }
            if !page.more {
                return Ok(found);
            }
        }
        Err(Trouble::Nonsense("a list without end"))
    }

    fn ping(&self) -> Result<Timestamp, Trouble> {
        let pong: messages::Pong = plain(self.call(paths::PING, &messages::Nothing {}))?;
        Ok(pong.time)
    }

    fn travel(&self, shift: SignedDuration) -> Result<Timestamp, Trouble> {
        let asked = messages::MoveClock { shift_s: shift.as_secs() };
        let pong: messages::Pong = plain(self.call(paths::CLOCK, &asked))?;
        Ok(pong.time)
    }

    fn read_notice(&self, notice: &Notice) -> Result<Told, Forged> {
        let header = |name: &'static str| {
            let found = notice.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str())
        };
        let seal = Seal::read(header).map_err(reading::forged)?;
        if seal.merchant != self.merchant {
            return Err(Forged::NotForUs);
        }
        seal.check(&self.platform_public, Purpose::Notice, self.clock.wall(), &notice.body)
            .map_err(reading::forged)?;
        reading::told(&notice.body).ok_or(Forged::Nonsense)
    }

    fn answer_notice(&self, heard: Heard) -> NoticeAnswer {
        let (status, code) = match heard {
            Heard::Kept => (200, "SUCCESS"),
            Heard::Disbelieved => (401, "BAD_SIGNATURE"),
            Heard::NotNow => (503, "BUSY"),
        };
        let body = format!(r#"{{"code":"{code}"}}"#);
        NoticeAnswer { status, content_type: "application/json", body }
    }
}

fn is_safe(base_url: &str) -> bool {
    let loopback = ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"];
    wire::is_address(base_url)
        && (base_url.starts_with("https://") || loopback.iter().any(|it| base_url.starts_with(it)))
}

fn plain<T>(answer: Result<T, (Trouble, Option<T>)>) -> Result<T, Trouble> {
    answer.map_err(|(trouble, _)| trouble)
}
