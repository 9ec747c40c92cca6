//! `packaging/unified-platform.md` against the code.

use base64ct::{Base64, Encoding};
use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::base::values::{Fen, Secret};
use kaowu::machinery::gateway::unified::{Unified, UnifiedSettings};
use kaowu::machinery::gateway::wire::codes::{Again, Code};
use kaowu::machinery::gateway::wire::envelope::{Purpose, Seal, SigningKey, pkcs8, signed_text};
use kaowu::machinery::gateway::wire::{messages, read_moment, statement};
use kaowu::machinery::gateway::{Channel, Gateway, Notice};

const DOCUMENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/unified-platform.md"));

#[test]
fn the_signatures_of_the_document_are_ours() {
    for (name, purpose, side) in [
        ("create", Purpose::Request { path: "/v1/orders" }, "merchant"),
        ("ping", Purpose::Request { path: "/v1/ping" }, "merchant"),
        ("answer", Purpose::Answer { status: 200, to: "q7Zp2mX9bLr4TnVw8sKc" }, "platform"),
        ("notice", Purpose::Notice, "platform"),
    ] {
        let body = vector(&format!("{name}-body"));
        let text = vector(&format!("{name}-text"));
        let lines: Vec<&str> = text.lines().rev().collect();
        let (nonce, at) = (lines[1].to_owned(), read_moment(lines[2]).unwrap());
        let key = SigningKey::from_pkcs8(&pkcs8(&seed(side))).unwrap();

        let seal = Seal::make(&key, purpose, "KW310199", at, nonce.clone(), body.as_bytes());

        let ours = signed_text(purpose, "KW310199", at, &nonce, body.as_bytes());
        assert_eq!(ours, format!("{text}\n"), "{name}");
        assert_eq!(seal.signature, vector(&format!("{name}-signature")), "{name}");
        assert_eq!(Base64::encode_string(&key.public()), key_line(&format!("{side} public")));
        assert_eq!(seal.check(&key.public(), purpose, at, body.as_bytes()), Ok(()));
    }
}

#[test]
fn the_bodies_of_the_document_are_ours() {
    let create: messages::Create = serde_json::from_str(vector("create-body")).unwrap();
    let answer: messages::Answer<messages::Order> =
        serde_json::from_str(vector("answer-body")).unwrap();
    let notice: messages::Notice = serde_json::from_str(vector("notice-body")).unwrap();

    assert_eq!(serde_json::to_string(&create).unwrap(), vector("create-body"));
    assert_eq!(serde_json::to_string(&answer).unwrap(), vector("answer-body"));
    assert_eq!(serde_json::to_string(&notice).unwrap(), vector("notice-body"));
}

#[test]
fn the_notice_of_the_document_is_believed() {
    let settings = UnifiedSettings {
        base_url: "https://platform.example".to_owned(),
        merchant: "KW310199".to_owned(),
        our_key: Secret::new(pkcs8(&seed("merchant"))),
        platform_public: SigningKey::from_pkcs8(&pkcs8(&seed("platform"))).unwrap().public(),
    };
    let clock = Clock::standing(read_moment("2026-03-13T10:28:00+08:00").unwrap());
    let gateway = Unified::new(settings, clock, Chance::seeded(1)).unwrap();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());

    let told = gateway.read_notice(&Notice {
        headers: vec![
            header("pay-version", "1"),
            header("pay-merchant", "KW310199"),
            header("pay-timestamp", "2026-03-13T10:26:12+08:00"),
            header("pay-nonce", "platformNonce0000002"),
            header("pay-signature", vector("notice-signature")),
        ],
        body: vector("notice-body").as_bytes().to_vec(),
    });

    let told = told.unwrap();
    let success = told.success.unwrap();
    assert_eq!((told.notice_no.as_str(), success.attach.as_str()), ("N000000000001", "due-17"));
    assert_eq!((success.amount, success.channel), (Fen::of(10_000), Channel::Wechat));
    assert_eq!(success.trade_no, "20260313000001482913");
}

#[test]
fn the_statement_of_the_document_is_read_and_written_the_same() {
    let day = "2026-03-13".parse().unwrap();
    let text = format!("{}\r\n", vector("statement").replace('\n', "\r\n"));

    let lines = statement::read(day, text.as_bytes()).unwrap();
    let again = statement::write(day, lines.iter().rev().cloned().collect()).unwrap();

    assert_eq!(lines.len(), 3);
    assert_eq!(String::from_utf8(again).unwrap(), text);
}

#[test]
fn a_statement_whose_totals_do_not_agree_is_refused() {
    let day = "2026-03-13".parse().unwrap();
    let text = vector("statement");

    for (from, to) in [
        ("24000,2", "24000,3"),
        ("24000,2", "24001,2"),
        (",14000,1", ",13000,1"),
        ("PAYMENT_TOTAL", "PAYMENT"),
        ("REFUND_TOTAL,2026-03-13", "REFUND_TOTAL,2026-03-14"),
        ("kind,at", "at,kind"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert!(statement::read(day, changed.as_bytes()).is_err(), "{from} → {to}");
    }
    assert!(statement::read("2026-03-14".parse().unwrap(), text.as_bytes()).is_err());
}

#[test]
fn the_codes_of_the_document_are_the_codes() {
    let rows = DOCUMENT.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [code, status, _, again] = cells[..] else { return None };
        let code = code.strip_prefix('`')?.strip_suffix('`')?;
        Some(format!("{code} {} {again}", status.parse::<u16>().ok()?))
    });

    let ours = Code::ALL.iter().map(|it| {
        let again = match it.again() {
            Again::No => "no",
            Again::Mended => "mended",
            Again::Again => "again",
            Again::Later => "later",
        };
        format!("{it} {} {again}", it.status())
    });

    assert_eq!(rows.collect::<Vec<_>>(), ours.collect::<Vec<_>>());
}

/// The text of one fenced block of section 10.
fn vector(name: &str) -> &'static str {
    let mark = format!(" vector={name}\n");
    let (_, rest) = DOCUMENT.split_once(&mark).unwrap_or_else(|| panic!("no vector {name}"));
    rest.split_once("\n```").unwrap().0
}

/// What stands behind a name in the block of the keys.
fn key_line(name: &str) -> &'static str {
    let line = vector("keys").lines().find(|it| it.starts_with(name)).unwrap();
    line.split_whitespace().last().unwrap()
}

fn seed(side: &str) -> [u8; 32] {
    let hex = key_line(&format!("{side} seed"));
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    std::array::from_fn(byte)
}
