//! Telling merchants, until they say SUCCESS (§6).

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::Platform;
use super::api::shown_payment;
use super::core::attempt::Channel;
use super::core::forgery::Forged;
use super::core::notice::Delivery;
use crate::base::outcome::Fault;
use crate::machinery::gateway::wire::envelope::{Purpose, Seal, SigningKey, pkcs8};
use crate::machinery::gateway::wire::messages;

const CONNECT_WITHIN: Duration = Duration::from_secs(3);
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_MAX_BYTES: u64 = 4096;
/// How often the queue is looked at when nobody rings: business time may have been moved.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What a round of deliveries came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many were sent.
    pub sent: u32,
    /// How many of them were answered SUCCESS.
    pub heard: u32,
}

/// Sends every notice that is due at `now`, one after another, and what others forge; waits for
/// each answer.
///
/// # Errors
/// A fault when the queue could not be written.
pub fn deliver_due(platform: &Platform, now: Timestamp) -> Result<Round, Fault> {
    let mut round = Round::default();
    // A fault may let money come to an order that nobody looks at.
    platform.act_now(|books| {
        if !books.faults().is_quiet() {
            books.bring_up_to(now);
        }
    })?;
    while let Some(delivery) = platform.act_now(|books| books.next_notice(now))? {
        round.sent += 1;
        if !delivery.lost && deliver(platform, &delivery)? {
            round.heard += 1;
            platform.act_now(|books| books.heard(now, &delivery))?;
        }
    }
    while let Some(forged) = platform.act_now(|books| books.next_forgery(now))? {
        if let Some(believed) = forge(platform, &forged)? {
            platform.act_now(|books| books.forgery_answered(now, &forged, believed))?;
        }
    }
    Ok(round)
}

/// Sends a forged notice, signed by a key that is nobody's; whether it was believed, `None` when
/// nobody answered.
fn forge(platform: &Platform, forged: &Forged) -> Result<Option<bool>, Fault> {
    let Forged { key, notify_url, attach, forgery } = forged;
    let body = serde_json::to_vec(&messages::Notice {
        notice: format!("N8{:011}", forgery.serial),
        kind: "PAYMENT".to_owned(),
        order_no: key.1.clone(),
        attach: attach.clone(),
        payment: messages::Payment {
            trade_no: forgery.trade_no.clone(),
            amount: forgery.amount.fen(),
            channel: Channel::Wechat.code().to_owned(),
            bank: None,
            paid_at: forgery.made_at,
            refunded: 0,
        },
    })?;
    let stranger = SigningKey::from_pkcs8(&pkcs8(&platform.chance.bytes()))?;
    Ok(post(platform, &stranger, notify_url, &key.0, &body).map(is_success))
}

/// Posts a notice, signed by `key`; the answer, if there is one.
fn post(
    platform: &Platform,
    key: &SigningKey,
    url: &str,
    merchant: &str,
    body: &[u8],
) -> Option<ureq::http::Response<ureq::Body>> {
    let (nonce, at) = (platform.chance.token(), platform.clock.wall());
    let seal = Seal::make(key, Purpose::Notice, merchant, at, nonce, body);
    let mut request = platform.post.post(url).header("Content-Type", "application/json");
    for (name, value) in seal.headers() {
        request = request.header(name, value);
    }
    request.send(body).ok()
}

/// Sends one notice; `true` when the merchant has it.
fn deliver(platform: &Platform, delivery: &Delivery) -> Result<bool, Fault> {
    let refunded = platform.act_now(|books| {
        let (merchant, no) = &delivery.key;
        let order = books.find(platform.clock.now(), merchant, no);
        order.map_or(0, |it| it.refunded_of(&delivery.payment))
    })?;
    let body = serde_json::to_vec(&messages::Notice {
        notice: delivery.notice_no.clone(),
        kind: "PAYMENT".to_owned(),
        order_no: delivery.key.1.clone(),
        attach: delivery.attach.clone(),
        payment: shown_payment(&delivery.payment, refunded),
    })?;
    let answer = post(platform, &platform.key, &delivery.notify_url, &delivery.key.0, &body);
    Ok(answer.is_some_and(is_success))
}

fn is_success(mut answer: ureq::http::Response<ureq::Body>) -> bool {
    let ok = answer.status().as_u16() == 200;
    let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec();
    let said = body.ok().and_then(|it| serde_json::from_slice::<messages::NoticeAnswer>(&it).ok());
    ok && said.is_some_and(|it| it.code == "SUCCESS")
}

/// What carries the notices: no proxy, no redirect, no patience.
pub(super) fn agent(root: Option<&str>) -> Result<ureq::Agent, Fault> {
    let mut tls = ureq::tls::TlsConfig::builder();
    if let Some(pem) = root {
        let root = ureq::tls::Certificate::from_pem(pem.as_bytes()).map_err(anyhow::Error::from)?;
        tls = tls.root_certs(ureq::tls::RootCerts::new_with_certs(&[root]));
    }
    let config = ureq::Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(0)
        .timeout_connect(Some(CONNECT_WITHIN))
        .timeout_global(Some(ANSWER_WITHIN))
        .user_agent("kaowu-platform-simulator")
        .tls_config(tls.build())
        .build();
    Ok(config.new_agent())
}

/// Wakes the one who delivers.
#[derive(Default)]
pub(super) struct Bell {
    state: Mutex<Rung>,
    wake: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Rung {
    #[default]
    Quiet,
    Work,
    Stop,
}

impl Bell {
    /// There is something to deliver.
    pub(super) fn ring(&self) {
        self.set(Rung::Work);
    }

    /// The platform closes.
    pub(super) fn stop(&self) {
        self.set(Rung::Stop);
    }

    fn set(&self, next: Rung) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != Rung::Stop {
            *state = next;
        }
        self.wake.notify_all();
    }

    /// Waits for a ring, but not long; `false` when the platform closes.
    fn wait(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |it: &mut Rung| *it == Rung::Quiet;
        let waited = self.wake.wait_timeout_while(state, LOOK_EVERY, quiet);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let goes_on = *state != Rung::Stop;
        if goes_on {
            *state = Rung::Quiet;
        }
        goes_on
    }
}

/// Starts the thread that delivers until [`Bell::stop`].
pub(super) fn start(platform: Arc<Platform>) -> Result<JoinHandle<()>, Fault> {
    let work = move || {
        while platform.bell.wait() {
            if let Err(fault) = deliver_due(&platform, platform.clock.now()) {
                tracing::error!(act = "platform.deliver", %fault, "notices wait");
            }
        }
    };
    Ok(std::thread::Builder::new().name("platform-notices".to_owned()).spawn(work)?)
}
