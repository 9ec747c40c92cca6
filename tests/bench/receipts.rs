//! How long does a receipt take to draw and sign? The bar is 20 ms.

use std::sync::Arc;

use kaowu::base::clock::Clock;
use kaowu::base::values::Fen;
use kaowu::machinery::fiscal::{Face, Issuer, Item, Specimen};
use kaowu::machinery::keys::Keys;

use crate::kit;

/// Runs the question.
pub fn run() {
    let dir = tempfile::tempdir().expect("a bench has a folder for itself");
    let keys = Keys::make(&dir.path().join("keys"), "上海市云间区教育考试中心", &Clock::real())
        .map_err(|_| "keys")
        .expect("a new folder has no keys");
    let issuer = Specimen::new(Arc::new(keys));
    let common = face("林晓禾");
    let rare = face("古丽努尔·阿卜杜热合曼·刘𰻞𬀩𫖯");
    kit::table(
        "a receipt, drawn and signed (bar: 20 ms)",
        vec![
            kit::measure("common name", || issuer.issue(&common).map(|it| it.len()).ok()),
            kit::measure("long name, rare characters", || {
                issuer.issue(&rare).map(|it| it.len()).ok()
            }),
        ],
    );
}

fn face(payer: &str) -> Face {
    let at = "2026-03-13T02:28:02Z".parse().expect("a timestamp");
    let fee = Fen::of(10_000);
    Face {
        title: "非税收入统一票据（电子）".into(),
        code: "31010126".into(),
        number: "0000000042".into(),
        check_code: "656aa9".into(),
        payer: payer.into(),
        pictures: kaowu::machinery::pdf::Pictures::default(),
        payer_code: "310199********1244".into(),
        issued_at: at,
        items: vec![Item {
            code: "103040199".into(),
            name: "报名考试费".into(),
            unit: "人次".into(),
            quantity: 1,
            standard: fee,
            amount: fee,
            note: String::new(),
        }],
        total: fee,
        other: String::new(),
        payee: "上海市云间区教育考试中心".into(),
        checker: "系统".into(),
        cashier: "系统".into(),
        verify_url: "https://127.0.0.1:8800/verification?code=31010126&number=0000000042".into(),
        order_no: "2026031331019901011234567890".into(),
        channel: "微信".into(),
        paid_at: at,
        reverses: None,
    }
}
