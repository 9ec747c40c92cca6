//! A real simulated platform on a loopback port, a merchant before it, and a payer at it.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::base::values::{Fen, OrderNo, Secret};
use kaowu::machinery::gateway::unified::{Unified, UnifiedSettings};
use kaowu::machinery::gateway::wire::envelope::{SigningKey, pkcs8};
use kaowu::machinery::gateway::{Bill, Gateway, Notice, Standing, Success};
use kaowu::simulator::notices::{Round, deliver_due};
use kaowu::simulator::{Merchant, Platform, Settings, server};
use rocket::Shutdown;
use rocket::fairing::AdHoc;
use tempfile::TempDir;

pub const MERCHANT: &str = "KW310199";
pub const SEED: [u8; 32] = [7; 32];
const PATIENCE: Duration = Duration::from_secs(20);

/// A platform that runs, and the appliance's side of it.
pub struct Running {
    pub dir: TempDir,
    pub clock: Clock,
    pub platform: Arc<Platform>,
    pub gateway: Unified,
    pub base: String,
    pub shop: Shop,
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

/// 2026-03-13 10:24:00 at the office.
pub fn morning() -> Timestamp {
    "2026-03-13T02:24:00Z".parse().unwrap()
}

impl Running {
    pub fn start() -> Running {
        Running::start_in(tempfile::tempdir().unwrap(), Clock::standing(morning()), false)
    }

    /// The same, telling merchants by itself.
    pub fn start_telling() -> Running {
        Running::start_in(tempfile::tempdir().unwrap(), Clock::standing(morning()), true)
    }

    pub fn start_in(dir: TempDir, clock: Clock, delivers: bool) -> Running {
        let shop = Shop::open();
        let platform =
            Platform::open(settings(dir.path(), &clock, &shop.prefix, delivers)).unwrap();
        let (tell, told) = channel();
        let rocket = server::rocket(Arc::clone(&platform));
        // Browsers keep connections open; a test need not wait for them.
        let hurried =
            rocket.figment().clone().merge(("shutdown.grace", 0)).merge(("shutdown.mercy", 0));
        let rocket =
            rocket.configure(hurried).attach(AdHoc::on_liftoff("tell the test", move |it| {
                tell.send(it.shutdown()).unwrap();
                Box::pin(async {})
            }));
        let thread = std::thread::spawn(|| {
            let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
            if let Err(ended) = runtime.block_on(rocket.launch()) {
                // Whoever is hurried out of the house calls it an error, and wants to be heard.
                let _ = ended.kind();
            }
        });
        let shutdown = told.recv_timeout(PATIENCE).unwrap();
        let base = platform.public_base().to_owned();
        let gateway = merchant_of(&platform, &base, &clock);
        Running { dir, clock, platform, gateway, base, shop, shutdown, thread: Some(thread) }
    }

    /// Lets so much time pass, for the platform and the appliance alike.
    pub fn pass(&self, by: SignedDuration) {
        self.clock.pass(by);
    }

    /// Lets the platform tell what is due.
    pub fn deliver(&self) -> Round {
        deliver_due(&self.platform, self.clock.now()).unwrap()
    }

    pub fn bill(&self, random: &str) -> Bill {
        Bill {
            order_no: format!("202603133101990101{random}").parse().unwrap(),
            amount: Fen::of(10_000),
            subject: "专科层次依法自主招生报名考试费".to_owned(),
            payer: Some("林*禾".to_owned()),
            attach: format!("due-{random}"),
            expires_at: self.clock.now() + SignedDuration::from_mins(30),
            return_url: "http://127.0.0.1:9/orders/17".to_owned(),
            notify_url: format!("{}notices", self.shop.prefix),
        }
    }

    /// Opens a bill and pays it by 模拟扫码.
    pub fn paid(&self, random: &str) -> Success {
        let bill = self.bill(random);
        let mut payer = Payer::at(&self.gateway.open(&bill).unwrap().pay_url);
        payer.press("/attempts", &[("channel", "WECHAT"), ("means", "BANK_CARD")]);
        payer.press("/scan", &[]);
        self.successes(&bill.order_no).remove(0)
    }

    pub fn successes(&self, order_no: &OrderNo) -> Vec<Success> {
        match self.gateway.ask(order_no).unwrap() {
            Standing::Paid(successes) => successes,
            Standing::Unknown | Standing::Waiting | Standing::Closed => Vec::new(),
        }
    }

    /// Ends the server; the folder stays.
    pub fn stop(mut self) -> (TempDir, Clock) {
        self.end();
        let empty = tempfile::tempdir().unwrap();
        (std::mem::replace(&mut self.dir, empty), self.clock.clone())
    }

    fn end(&mut self) {
        self.shutdown.clone().notify();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

pub fn settings(dir: &Path, clock: &Clock, prefix: &str, delivers: bool) -> Settings {
    let public_key = SigningKey::from_pkcs8(&pkcs8(&SEED)).unwrap().public();
    Settings {
        dir: dir.to_owned(),
        bind: Ipv4Addr::LOCALHOST.into(),
        port: 0,
        public_base: None,
        merchants: vec![Merchant {
            code: MERCHANT.to_owned(),
            name: "上海市云间区教育考试中心".to_owned(),
            public_key,
            notify_prefix: prefix.to_owned(),
        }],
        notice_root: None,
        delivers,
        clock: clock.clone(),
        chance: Chance::seeded(17),
    }
}

pub fn merchant_of(platform: &Platform, base: &str, clock: &Clock) -> Unified {
    let settings = UnifiedSettings {
        base_url: base.to_owned(),
        merchant: MERCHANT.to_owned(),
        our_key: Secret::new(pkcs8(&SEED)),
        platform_public: platform.public_key(),
    };
    Unified::new(settings, clock.clone(), Chance::system()).unwrap()
}

/// Where notices go: a door that answers as it is told.
pub struct Shop {
    pub prefix: String,
    answers: Arc<Mutex<VecDeque<String>>>,
    notices: Receiver<Notice>,
}

impl Shop {
    fn open() -> Shop {
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let prefix = format!("http://{}/gateway/", door.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let (keep, notices) = channel();
        let plan = Arc::clone(&answers);
        std::thread::spawn(move || {
            for visitor in door.incoming() {
                let notice = read_request(visitor.as_ref().unwrap());
                let answer = plan.lock().unwrap().pop_front();
                let answer = answer.unwrap_or_else(|| answer_of(200, r#"{"code":"SUCCESS"}"#));
                // The test may be over and nobody listening.
                let _ = visitor.unwrap().write_all(answer.as_bytes());
                if keep.send(notice).is_err() {
                    return;
                }
            }
        });
        Shop { prefix, answers, notices }
    }

    /// The next visitor is answered so; an empty answer hangs up.
    pub fn will_answer(&self, answer: String) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// The next notice that came, waiting for it.
    pub fn notice(&self) -> Notice {
        self.notices.recv_timeout(PATIENCE).expect("a notice comes")
    }
}

pub fn answer_of(status: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

fn read_request(visitor: &TcpStream) -> Notice {
    let mut reader = BufReader::new(visitor);
    let mut headers = Vec::new();
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    Notice { headers, body }
}

/// A browser without JavaScript that presses what is on the page.
pub struct Payer {
    http: ureq::Agent,
    cookie: String,
    pub url: String,
    pub status: u16,
    pub page: String,
}

impl Payer {
    pub fn at(url: &str) -> Payer {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        let http = config.build().new_agent();
        let (cookie, page) = (String::new(), String::new());
        let mut payer = Payer { http, cookie, url: url.to_owned(), status: 0, page };
        payer.look();
        payer
    }

    /// Loads the page anew (查看最新状态).
    pub fn look(&mut self) {
        let answer = self.http.get(&self.url).header("Cookie", &self.cookie).call().unwrap();
        self.take(answer);
    }

    /// Posts the form whose action ends so, with what was chosen in it.
    pub fn press(&mut self, action: &str, chosen: &[(&str, &str)]) {
        let form =
            self.page.split("<form").find(|it| between(it, "action=\"", "\"").ends_with(action));
        let form = form.unwrap_or_else(|| panic!("no form {action} on {}", self.page));
        let to = self.absolute(between(form, "action=\"", "\""));
        let token = between(form, "name=\"csrf\" value=\"", "\"").to_owned();
        let fields = [chosen, &[("csrf", token.as_str())]].concat();
        let answer = self.http.post(&to).header("Cookie", &self.cookie).send_form(fields).unwrap();
        self.url = to;
        self.take(answer);
    }

    /// The address of the link whose text is so.
    pub fn link(&self, text: &str) -> String {
        let before = self.page.split(&format!(">{text}<")).next().unwrap();
        let tag = before.rsplit("<a ").next().unwrap();
        self.absolute(between(tag, "href=\"", "\""))
    }

    pub fn sees(&self, words: &str) -> bool {
        self.page.contains(words)
    }

    fn absolute(&self, href: &str) -> String {
        if href.starts_with("http") {
            return href.to_owned();
        }
        let host = self.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        format!("{host}{href}")
    }

    fn take(&mut self, mut answer: ureq::http::Response<ureq::Body>) {
        if let Some(set) = answer.headers().get("set-cookie") {
            self.cookie = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        self.status = answer.status().as_u16();
        if let Some(next) = answer.headers().get("location") {
            assert_eq!(self.status, 303);
            self.url = self.absolute(next.to_str().unwrap());
            return self.look();
        }
        self.page = answer.body_mut().read_to_string().unwrap();
    }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split(to).next().unwrap_or_default()
}
