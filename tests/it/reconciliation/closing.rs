//! Days that are closed, what comes afterwards, and months.

use base64ct::{Base64, Encoding};
use kaowu::base::values::Digest;
use kaowu::features::reconciliation::rules::{Head, Kind, Refused, Standing};
use kaowu::features::reconciliation::{self, Closing};
use kaowu::machinery::db::FormKey;
use kaowu::machinery::pdf;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use x509_cert::der::Decode;

use super::{Books, DAY, refused};

fn paper(books: &Books, closing: &Closing) -> Vec<u8> {
    reconciliation::paper(&books.world.app, books.zheng(), closing.id).unwrap().1
}

#[test]
fn a_day_that_agrees_is_closed_once_with_a_signed_sheet() {
    let books = Books::open(2);
    books.pays(0);
    books.pays(1);
    books.hours_pass(24);
    assert_eq!(refused(books.closes(books.wu(), DAY)), Refused::NoStatement);
    books.fetches(DAY).unwrap();

    let closing = books.closes(books.wu(), DAY).unwrap();

    assert_eq!((closing.part, closing.ours.payments, closing.ours.payments_fen), (0, 2, 20_000));
    assert_eq!(closing.ours, closing.theirs);
    assert_eq!(books.standing(DAY), Standing::Closed);
    let Refused::ClosedBefore { by, at } = refused(books.closes(books.zheng(), DAY)) else {
        panic!("closed twice")
    };
    assert_eq!((by, at), (closing.closed_by, closing.closed_at));
    let sheet = paper(&books, &closing);
    assert!(pdf::verify(&sheet).is_whole_by(books.world.app.keys.receipts().certificate_der()));
    assert_eq!(paper(&books, &closing), sheet);
}

#[test]
fn the_head_of_the_audit_chain_is_signed() {
    let books = Books::open(1);
    books.pays(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let head = books.closes(books.wu(), DAY).unwrap().face.head;

    let line = head.line;
    let written = books.world.app.db.read_now(|tx| {
        tx.one("select hash from audit where line = ?1", [line], |row| row.get::<_, String>(0))
    });
    assert_eq!(written.unwrap(), Some(head.hash.clone()));
    let der = books.world.app.keys.receipts().certificate_der();
    assert_eq!(head.certificate, Digest::of(der).to_string());
    let certificate = x509_cert::Certificate::from_der(der).unwrap();
    let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.raw_bytes());
    let signature = Base64::decode_vec(&head.signature).unwrap();
    let text = Head::text("310199", DAY, head.line, &head.hash);
    assert!(key.verify(text.as_bytes(), &signature).is_ok());
    let other = Head::text("310199", DAY, head.line + 1, &head.hash);
    assert!(key.verify(other.as_bytes(), &signature).is_err());
}

#[test]
fn of_two_who_close_at_once_one_wins_and_the_other_is_told() {
    let books = Books::open(1);
    books.pays(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();

    let clerks = [books.wu(), books.zheng()].map(|by| {
        let app = books.world.app.clone();
        let key = FormKey::draw(&app.chance);
        std::thread::spawn(move || reconciliation::close(&app, by, DAY, key))
    });
    let ended = clerks.map(|it| it.join().unwrap());

    let (done, told): (Vec<_>, Vec<_>) = ended.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), told.len()), (1, 1));
    for it in told {
        assert!(matches!(refused(it), Refused::ClosedBefore { .. }));
    }
    assert_eq!(books.seen(DAY).0.closings.len(), 1);
}

#[test]
fn a_difference_keeps_a_day_open() {
    let books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    assert_eq!(refused(books.closes(books.wu(), DAY)), Refused::Unsettled(1));
}

#[test]
fn what_comes_late_is_closed_in_a_supplement_and_the_month_adds_up() {
    let books = Books::open(2);
    books.pays(0);
    let late = books.places(1);
    books.hours_pass(24);
    let early = books.file(DAY);
    books.brings(DAY, &early).unwrap();
    let first = books.closes(books.wu(), DAY).unwrap();
    let sheet = paper(&books, &first);

    // The platform's second statement has one more line.
    let line = format!(
        "PAYMENT,2026-03-13T23:59:50+08:00,{},T-LATE,,10000,1,WECHAT,\r\nPAYMENT_TOTAL",
        late.no
    );
    let file = early
        .replace("PAYMENT_TOTAL", &line)
        .replace(",10000,1,,\r\nREFUND", ",20000,2,,\r\nREFUND");
    books.brings(DAY, &file).unwrap();
    let found = books.the_difference(DAY);
    assert_eq!((found.found.kind, books.standing(DAY)), (Kind::TheirsOnly, Standing::Unsettled(1)));
    let minutes =
        books.world.app.clock.now().duration_since("2026-03-13T15:59:50Z".parse().unwrap());
    books.hears(&late, "T-LATE", minutes);
    reconciliation::compare(&books.world.app, books.wu(), DAY).unwrap();
    assert_eq!(books.standing(DAY), Standing::Late);
    let second = books.closes(books.zheng(), DAY).unwrap();

    assert_eq!((second.part, second.ours.payments, second.ours.payments_fen), (1, 1, 10_000));
    assert_eq!(second.face.differences.len(), 1);
    assert_eq!(books.standing(DAY), Standing::Closed);
    assert_eq!(paper(&books, &first), sheet, "the first sheet stays as it was");
    let month = books.world.app.db.read_now(|tx| reconciliation::month(tx, DAY)).unwrap();
    let (ours, theirs) = month.total();
    assert_eq!((ours.payments, ours.payments_fen), (2, 20_000));
    assert_eq!(ours, first.ours.plus(second.ours));
    assert_eq!(ours, theirs);
    assert_eq!(month.open(), []);
    assert_eq!(refused(books.closes(books.wu(), DAY)).clone(), closed(&second));
}

fn closed(closing: &Closing) -> Refused {
    Refused::ClosedBefore { by: closing.closed_by, at: closing.closed_at }
}
