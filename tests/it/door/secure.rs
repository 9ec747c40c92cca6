//! TLS, and plain HTTP where it is spoken.

use std::io::ErrorKind;
use std::sync::Arc;

use kaowu::app::App;
use kaowu::base::clock::Clock;
use kaowu::base::config::Config;
use kaowu::base::values::Digest;
use kaowu::entry::door::{Limits, Secure};
use kaowu::entry::jobs;
use kaowu::machinery::keys::{Keys, Tls};
use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};
use rocket::tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::passing::door;
use super::{House, SOON, assert_told, parcel, patient};
use crate::world::World;

#[test]
fn who_trusts_the_centre_speaks_tls() {
    let centre = Centre::new();
    let house = House::with(patient(), Some(Secure::new(&centre.tls()).unwrap()));
    let sent = parcel(3 * 1024 * 1024 + 1);
    let agent = centre.agent();

    let url = format!("https://{}", house.address);
    let mut heard = agent.post(format!("{url}/parcels")).send(&sent[..]).unwrap();
    let got = agent.get(format!("{url}/parcels/{}", sent.len())).call().unwrap();
    let got = got.into_body().with_config().limit(1 << 25).read_to_vec().unwrap();
    let address = agent.get(format!("{url}/address")).call().unwrap();

    assert_eq!(heard.body_mut().read_to_string().unwrap(), Digest::of(&sent).to_string());
    assert!(got == sent, "other bytes came");
    assert_eq!(address.into_body().read_to_string().unwrap(), "127.0.0.1");
}

#[test]
fn a_house_on_the_network_shows_its_own_certificate() {
    let world = World::new();
    let mut app = world.app.clone();
    assert!(Secure::of(&app).unwrap().is_none());

    let config = Config { address: "0.0.0.0".parse().unwrap(), ..(*app.config).clone() };
    app.config = Arc::new(config);

    assert!(Secure::of(&app).unwrap().is_some());
    assert!(world.dir().join("keys/tls.crt").exists());
}

#[test]
fn inside_tls_is_http_1_1() {
    let centre = Centre::new();
    let house = House::with(patient(), Some(Secure::new(&centre.tls()).unwrap()));

    let lin = house.runtime.block_on(centre.call(&house));

    let (_, spoken) = lin.get_ref();
    assert_eq!(spoken.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert_eq!(spoken.protocol_version(), Some(ProtocolVersion::TLSv1_3));
}

#[test]
fn deadlines_and_limits_hold_under_tls() {
    let centre = Centre::new();
    // Long enough for another to come and be refused meanwhile.
    let limits = Limits { header: SOON * 5, per_address_max: 1, ..patient() };
    let house = House::with(limits, Some(Secure::new(&centre.tls()).unwrap()));
    house.runtime.block_on(async {
        let mut lin = centre.call(&house).await;
        lin.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();

        let mut wang = centre.call(&house).await;
        wang.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();

        let mut heard = String::new();
        wang.read_to_string(&mut heard).await.unwrap();
        assert_told(&heard, "503", "您所在的网络同时打开的连接太多");
        let mut heard = String::new();
        lin.read_to_string(&mut heard).await.unwrap();
        assert_told(&heard, "408", "请求没有在规定时间内送达");
    });
}

#[test]
fn who_shakes_no_hands_is_left() {
    let centre = Centre::new();
    let limits = Limits { header: SOON, ..patient() };
    let house = House::with(limits, Some(Secure::new(&centre.tls()).unwrap()));
    let mut lin = house.call();

    lin.say("\u{16}\u{3}\u{1}");

    assert_eq!(lin.hear_all(), "");
}

#[test]
fn plain_http_is_sent_to_the_same_page_under_tls() {
    let centre = Centre::new();
    let house = House::with(patient(), Some(Secure::new(&centre.tls()).unwrap()));
    let own = house.address.to_string();
    for (line, host, to) in [
        ("GET /orders?a=1&b=2", "kaoshi.lan:8800", "https://kaoshi.lan:8800/orders?a=1&b=2"),
        ("POST /session", "[::1]:8800", "https://[::1]:8800/session"),
        // What may not stand in a header or a page is not said again.
        ("GET /\"><b>", "kaoshi.lan", "https://kaoshi.lan/"),
        ("GET http://elsewhere/", "a/b", &format!("https://{own}/")),
    ] {
        let mut lin = house.call();
        lin.say(&format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n"));

        let heard = lin.hear_all();

        assert_told(&heard, "308", "本系统只使用加密的连接");
        assert!(heard.contains(&format!("\r\nLocation: {to}\r\n")), "{heard}");
        let shown = to.replace('&', "&amp;");
        assert!(heard.contains(&format!("<a href=\"{shown}\">")), "{heard}");
    }
}

#[test]
fn a_new_certificate_is_shown_from_then_on() {
    let [old, new] = [Centre::new(), Centre::new()];
    let secure = Secure::new(&old.tls()).unwrap();
    let house = House::with(patient(), Some(secure.clone()));
    let url = format!("https://{}/", house.address);
    assert!(old.agent().get(&url).call().is_ok());
    assert!(new.agent().get(&url).call().is_err());

    secure.renew(&new.tls()).unwrap();

    assert!(new.agent().get(&url).call().is_ok());
    assert!(old.agent().get(&url).call().is_err());
}

#[test]
fn a_certificate_that_runs_down_is_renewed_while_the_house_is_open() {
    let world = World::new();
    let (centre, days) = (Centre::new(), |it: i64| jiff::SignedDuration::from_hours(24 * it));
    // So that both certificates hold by the machine's time, which clients go by.
    let clock = Clock::standing(Clock::real().wall() - days(340));
    let config = Config { address: "0.0.0.0".parse().unwrap(), ..(*world.app.config).clone() };
    let centre = Centre { clock: clock.clone(), ..centre };
    let keys = Arc::new(Keys::open(&centre.dir.path().join("keys")).unwrap());
    let app = App { config: Arc::new(config), keys, clock, ..world.app.clone() };
    let house = House::with(patient(), Secure::of(&app).unwrap());
    let shown = || {
        let lin = house.runtime.block_on(centre.call(&house));
        lin.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    let (first, renews) = (shown(), || jobs::run_now(&app, "tls.renew").unwrap());

    app.clock.pass(days(320));
    assert_eq!(renews(), Some(0), "it has two months left");
    assert_eq!(shown(), first);
    app.clock.pass(days(11));
    assert_eq!(renews(), Some(1));

    let second = shown();
    assert_ne!(second, first);
    assert_eq!(renews(), Some(0), "once is enough");
    assert_eq!(shown(), second);
}

#[test]
fn plain_http_never_leaves_the_machine() {
    let runtime = Runtime::new().unwrap();
    let inner = "127.0.0.1:1".parse().unwrap();
    for public in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let opened = runtime.block_on(door(public.parse().unwrap(), inner).open());
        assert_eq!(opened.err().map(|it| it.kind()), Some(ErrorKind::InvalidInput), "{public}");
    }
}

#[test]
fn a_certificate_that_is_none_is_refused() {
    let tls = Tls { chain_pem: "考务".into(), key_pem: String::new().into() };
    assert_eq!(Secure::new(&tls).err().map(|it| it.kind()), Some(ErrorKind::InvalidInput));
}

/// A centre with an authority of its own.
struct Centre {
    keys: Keys,
    clock: Clock,
    dir: tempfile::TempDir,
}

impl Centre {
    fn new() -> Centre {
        let dir = tempfile::tempdir().unwrap();
        // Clients go by the machine's time.
        let clock = Clock::standing(Clock::real().wall() - jiff::SignedDuration::from_hours(1));
        let keys = Keys::make(&dir.path().join("keys"), "考试中心", &clock).unwrap();
        Centre { keys, clock, dir }
    }

    fn tls(&self) -> Tls {
        self.keys.tls(&["localhost".into(), "127.0.0.1".into()], &self.clock).unwrap()
    }

    /// A client that trusts this centre and nobody else.
    fn agent(&self) -> ureq::Agent {
        let authority = Certificate::from_pem(self.keys.authority_pem().as_bytes()).unwrap();
        let roots = RootCerts::new_with_certs(&[authority]);
        let tls = TlsConfig::builder().root_certs(roots).build();
        ureq::Agent::config_builder().tls_config(tls).build().into()
    }

    /// A connection that would rather speak HTTP/2.
    async fn call(&self, house: &House) -> TlsStream<rocket::tokio::net::TcpStream> {
        let mut roots = RootCertStore::empty();
        let pem = self.keys.authority_pem().as_bytes();
        roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
        let mut config =
            ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = rocket::tokio::net::TcpStream::connect(house.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}
