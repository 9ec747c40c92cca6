//! What neither side believes.

use jiff::{SignedDuration, Timestamp};
use kaowu::base::chance::Chance;
use kaowu::base::values::Secret;
use kaowu::machinery::gateway::unified::{Unified, UnifiedSettings};
use kaowu::machinery::gateway::wire::codes::Code;
use kaowu::machinery::gateway::wire::envelope::{Purpose, Seal, SigningKey, headers, pkcs8};
use kaowu::machinery::gateway::wire::messages;
use kaowu::machinery::gateway::{Forged, Gateway, Notice, Trouble};
use kaowu::simulator::server;
use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::Client;

use super::running::{MERCHANT, Running, SEED, morning, settings};

const NONCE: &str = "A1B2C3D4E5F6G7H8";

#[test]
fn a_request_is_believed_once() {
    let town = Running::start();
    let seal = sealed(&SEED, MERCHANT, morning(), "/v1/ping", b"{}");

    assert_eq!(post(&town, "/v1/ping", &seal, b"{}"), Code::Ok);
    assert_eq!(post(&town, "/v1/ping", &seal, b"{}"), Code::Replayed);
}

#[test]
fn a_nonce_is_remembered_longer_than_its_timestamp_is_good() {
    let town = Running::start();
    let ahead = morning() + SignedDuration::from_secs(300);
    let seal = sealed(&SEED, MERCHANT, ahead, "/v1/ping", b"{}");
    assert_eq!(post(&town, "/v1/ping", &seal, b"{}"), Code::Ok);

    town.pass(SignedDuration::from_secs(600));

    assert_eq!(post(&town, "/v1/ping", &seal, b"{}"), Code::Replayed);
}

#[test]
fn what_is_not_the_merchants_is_refused() {
    let town = Running::start();
    let (early, late) = (SignedDuration::from_secs(-301), SignedDuration::from_secs(301));
    let good = || sealed(&SEED, MERCHANT, morning(), "/v1/ping", b"{}");

    for (seal, expected) in [
        (sealed(&SEED, MERCHANT, morning() + early, "/v1/ping", b"{}"), Code::ClockSkew),
        (sealed(&SEED, MERCHANT, morning() + late, "/v1/ping", b"{}"), Code::ClockSkew),
        (sealed(&SEED, "KW310200", morning(), "/v1/ping", b"{}"), Code::MerchantUnknown),
        (sealed(&[8; 32], MERCHANT, morning(), "/v1/ping", b"{}"), Code::BadSignature),
        (sealed(&SEED, MERCHANT, morning(), "/v1/orders", b"{}"), Code::BadSignature),
        (sealed(&SEED, MERCHANT, morning(), "/v1/ping", b"{ }"), Code::BadSignature),
        (Seal { nonce: "B1B2C3D4E5F6G7H8".to_owned(), ..good() }, Code::BadSignature),
        (Seal { nonce: "short".to_owned(), ..good() }, Code::Unsigned),
        (Seal { signature: "not base64".to_owned(), ..good() }, Code::BadSignature),
        (good(), Code::Ok),
    ] {
        assert_eq!(post(&town, "/v1/ping", &seal, b"{}"), expected, "{seal:?}");
    }
}

#[test]
fn what_is_not_a_request_is_refused_with_its_reason() {
    let town = Running::start();
    let long = format!("{{\"order_no\":\"{}\"}}", "1".repeat(65_536));

    for (path, body, expected) in [
        ("/v1/orders/standing", "", Code::Malformed),
        ("/v1/orders/standing", "[\"2026031331019901010000000001\"]", Code::Malformed),
        ("/v1/orders/standing", "{\"order_no\":", Code::Malformed),
        ("/v1/orders/standing", "{}", Code::Invalid),
        ("/v1/orders/standing", "{\"order_no\":17}", Code::Invalid),
        ("/v1/orders/standing", "{\"order_no\":\"x\",\"more\":1}", Code::Invalid),
        ("/v1/orders/standing", &long, Code::TooLarge),
        ("/v1/orders/other", "{}", Code::Unsupported),
    ] {
        let nonce = Chance::system().token();
        let key = SigningKey::from_pkcs8(&pkcs8(&SEED)).unwrap();
        let purpose = Purpose::Request { path };
        let seal = Seal::make(&key, purpose, MERCHANT, morning(), nonce, body.as_bytes());
        assert_eq!(post(&town, path, &seal, body.as_bytes()), expected, "{path} {body:.40}");
    }
}

#[test]
fn the_operations_serve_their_own_machine_only() {
    let town = Running::start();
    let dir = tempfile::tempdir().unwrap();
    let platform =
        kaowu::simulator::Platform::open(settings(dir.path(), &town.clock, "http://x/", false));
    let client = Client::untracked(server::rocket(platform.unwrap())).unwrap();
    let seal = sealed(&SEED, MERCHANT, morning(), "/v1/ping", b"{}");

    let mut request = client.post("/v1/ping").header(ContentType::JSON).body("{}");
    for (name, value) in seal.headers() {
        request = request.header(Header::new(name, value));
    }
    let answer = request.remote("192.168.1.7:40000".parse().unwrap()).dispatch();

    assert_eq!(answer.status(), Status::Forbidden);
    assert!(answer.into_string().unwrap().contains("PLAIN_HTTP"));
}

#[test]
fn an_answer_of_another_platform_is_nonsense() {
    let town = Running::start();
    let settings = UnifiedSettings {
        base_url: town.base.clone(),
        merchant: MERCHANT.to_owned(),
        our_key: Secret::new(pkcs8(&SEED)),
        platform_public: SigningKey::from_pkcs8(&pkcs8(&[9; 32])).unwrap().public(),
    };
    let deceived = Unified::new(settings, town.clock.clone(), Chance::system()).unwrap();

    let answer = deceived.ask(&town.bill("0000000001").order_no);

    assert_eq!(answer, Err(Trouble::Nonsense("its signature is not the platform's")));
}

#[test]
fn a_platform_that_is_not_there_is_unreachable() {
    let town = Running::start();
    let order_no = town.bill("0000000001").order_no;
    let (base, platform) = (town.base.clone(), town.platform.clone());
    let gateway = super::running::merchant_of(&platform, &base, &town.clock);
    let _folder = town.stop();

    assert_eq!(gateway.ask(&order_no), Err(Trouble::Unreachable));
}

#[test]
fn plain_http_beyond_this_machine_is_no_setting() {
    let town = Running::start();
    for base_url in ["http://192.168.1.7:8101", "http://127.0.0.1.example:80", "ftp://127.0.0.1:1"]
    {
        let settings = UnifiedSettings {
            base_url: base_url.to_owned(),
            merchant: MERCHANT.to_owned(),
            our_key: Secret::new(pkcs8(&SEED)),
            platform_public: [0; 32],
        };
        assert!(
            Unified::new(settings, town.clock.clone(), Chance::seeded(1)).is_err(),
            "{base_url}"
        );
    }
}

#[test]
fn a_notice_that_was_changed_is_forged() {
    let town = Running::start();
    town.paid("0000000001");
    town.deliver();
    let genuine = town.shop.notice();

    let changed = |name: &str, value: &str| {
        let headers = genuine.headers.iter().map(|(it, old)| {
            let same = it.eq_ignore_ascii_case(name);
            (it.clone(), if same { value.to_owned() } else { old.clone() })
        });
        Notice { headers: headers.collect(), body: genuine.body.clone() }
    };
    let body = String::from_utf8(genuine.body.clone()).unwrap().replace("10000", "10001");
    let more = Notice { headers: genuine.headers.clone(), body: body.into_bytes() };
    let bare = Notice { headers: Vec::new(), body: genuine.body.clone() };

    for (notice, expected) in [
        (more, Forged::BadSignature),
        (bare, Forged::Unsigned),
        (changed(headers::MERCHANT, "KW310200"), Forged::NotForUs),
        (changed(headers::NONCE, NONCE), Forged::BadSignature),
        (changed(headers::TIMESTAMP, "2026-03-13T10:24:01+08:00"), Forged::BadSignature),
        (changed(headers::TIMESTAMP, "yesterday"), Forged::Unsigned),
    ] {
        assert_eq!(town.gateway.read_notice(&notice), Err(expected));
    }
    assert!(town.gateway.read_notice(&genuine).is_ok());
    town.pass(SignedDuration::from_secs(301));
    assert_eq!(town.gateway.read_notice(&genuine), Err(Forged::Stale));
}

fn sealed(seed: &[u8; 32], merchant: &str, at: Timestamp, path: &str, body: &[u8]) -> Seal {
    let key = SigningKey::from_pkcs8(&pkcs8(seed)).unwrap();
    Seal::make(&key, Purpose::Request { path }, merchant, at, NONCE.to_owned(), body)
}

/// Sends a request as it is, checks that the answer is the platform's, and gives its code.
fn post(town: &Running, path: &str, seal: &Seal, body: &[u8]) -> Code {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    let mut request = config.build().new_agent().post(format!("{}{path}", town.base));
    for (name, value) in seal.headers() {
        request = request.header(name, value);
    }
    let mut answer = request.send(body).unwrap();
    let bytes = answer.body_mut().read_to_vec().unwrap();
    let status = answer.status().as_u16();
    let proof = Seal::read(|name| answer.headers().get(name).and_then(|it| it.to_str().ok()));
    let to = if seal.nonce.len() < 16 { "-" } else { &seal.nonce };
    let purpose = Purpose::Answer { status, to };
    let public = town.platform.public_key();
    assert_eq!(proof.unwrap().check(&public, purpose, town.clock.wall(), &bytes), Ok(()));
    let said: messages::Answer<serde_json::Value> = serde_json::from_slice(&bytes).unwrap();
    let code: Code = said.code.parse().unwrap();
    assert_eq!(code.status(), status);
    code
}
