//! The simulated platform beside a [`World`](crate::world::World): a real one, on a loopback port,
//! with its own folder, at the world's time. It tells nothing by itself; tests have it told.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::base::values::Fen;
use kaowu::features::orders::rules::Order;
use kaowu::simulator::core::attempt::{Channel, Means};
use kaowu::simulator::core::{Books, refund};
use kaowu::simulator::{Merchant, Platform, Settings, server};
use rocket::Shutdown;
use rocket::fairing::AdHoc;

/// Our merchant number in the town.
pub const MERCHANT: &str = "KAOWU310199";

pub struct Town {
    pub platform: Arc<Platform>,
    pub url: String,
    clock: Clock,
    chance: Chance,
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
    _dir: tempfile::TempDir,
}

impl Town {
    /// Starts a platform at which the appliance with this key is a merchant.
    pub fn start(public_key: [u8; 32], clock: &Clock) -> Town {
        let dir = tempfile::tempdir().unwrap();
        let chance = Chance::seeded(11);
        let merchant = Merchant {
            code: MERCHANT.into(),
            name: "上海市云间区教育考试中心".into(),
            public_key,
            // Notices come to wherever a test serves its world.
            notify_prefix: "http://127.0.0.1:".into(),
        };
        let settings = Settings {
            dir: dir.path().to_owned(),
            bind: "127.0.0.1".parse().unwrap(),
            port: 0,
            public_base: None,
            merchants: vec![merchant],
            notice_root: None,
            delivers: false,
            clock: clock.clone(),
            chance: chance.clone(),
        };
        let platform = Platform::open(settings).unwrap();
        let (tell, told) = channel();
        let rocket = server::rocket(Arc::clone(&platform));
        // Keep-alive connections stay open; a test need not wait for them.
        let hurried =
            rocket.figment().clone().merge(("shutdown.grace", 0)).merge(("shutdown.mercy", 0));
        let rocket = rocket.configure(hurried).attach(AdHoc::on_liftoff("tell", move |it| {
            tell.send(it.shutdown()).unwrap();
            Box::pin(async {})
        }));
        let thread = std::thread::spawn(|| {
            let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(rocket.launch()).unwrap();
        });
        let shutdown = told.recv_timeout(Duration::from_secs(20)).unwrap();
        let url = platform.public_base().to_owned();
        let (clock, thread) = (clock.clone(), Some(thread));
        Town { platform, url, clock, chance, shutdown, thread, _dir: dir }
    }

    /// The payer opens a code for `channel` and has not paid it yet. Gives its place.
    pub fn opens(&self, order: &Order, channel: Channel) -> usize {
        let (now, token, code) = (self.clock.now(), token(order), self.chance.token());
        self.platform
            .act_now(|books| books.begin(now, &token, (channel, Means::BankCard), code))
            .unwrap()
            .unwrap()
    }

    /// A phone opens a code, and holds it open.
    pub fn scans(&self, order: &Order, at: usize) {
        let (now, token) = (self.clock.now(), token(order));
        let scanned = self.platform.act_now(|books| {
            let code = books.at_cashier(now, &token).unwrap().attempts[at].code.clone();
            books.scan(now, &code)
        });
        scanned.unwrap().unwrap();
    }

    /// The payer pays at the cashier, by their bank card behind `channel`.
    pub fn pays(&self, order: &Order, channel: Channel) {
        let at = self.opens(order, channel);
        self.bank_takes(order, at, order.amount);
    }

    /// Somebody pays at the cashier page at `url`, whoever made the order.
    pub fn pays_at(&self, url: &str, channel: Channel, amount: Fen) {
        let (now, token) = (self.clock.now(), token_of(url));
        let (code, tail) = (self.chance.token(), self.chance.digits(6));
        let taken = self.platform.act_now(|books| {
            let at = books.begin(now, &token, (channel, Means::BankCard), code).unwrap();
            let key = books.at_cashier(now, &token).unwrap().key();
            books.capture(now, &key, at, amount, "示例银行", &tail)
        });
        assert!(taken.unwrap().is_some(), "an attempt takes money once");
    }

    /// A bank takes this amount for an opened code, in time or not.
    pub fn bank_takes(&self, order: &Order, at: usize, amount: Fen) {
        let (now, token, tail) = (self.clock.now(), token(order), self.chance.digits(6));
        let taken = self.platform.act_now(|books| {
            let key = books.at_cashier(now, &token).unwrap().key();
            books.capture(now, &key, at, amount, "示例银行", &tail)
        });
        assert!(taken.unwrap().is_some(), "an attempt takes money once");
    }

    /// The bank gives back nothing of what it was asked to: the card is closed, say.
    pub fn bank_refuses_refunds(&self) {
        let now = self.clock.now();
        let refused = self.platform.act_now(|books| {
            let mut orders: Vec<_> = books.orders().cloned().collect();
            for refund in orders.iter_mut().flat_map(|it| &mut it.refunds) {
                refund.end(refund::Event::BankRefused, now);
            }
            *books = Books::restored(orders, books.faults().clone());
        });
        refused.unwrap();
    }

    /// How often each payment was to go back, and what came of it, oldest first.
    pub fn refunds(&self) -> Vec<refund::State> {
        let now = self.clock.now();
        let states = self.platform.act_now(|books| {
            books.bring_up_to(now);
            books.orders().flat_map(|it| it.refunds.iter().map(|it| it.state)).collect()
        });
        states.unwrap()
    }

    /// The platform is gone: nothing answers any more.
    pub fn goes_down(&mut self) {
        self.shutdown.clone().notify();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.goes_down();
    }
}

fn token(order: &Order) -> String {
    token_of(order.pay_url.as_deref().unwrap())
}

fn token_of(url: &str) -> String {
    url.rsplit('/').next().unwrap().to_owned()
}
