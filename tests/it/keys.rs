//! The centre's keys: made once, kept from others, opened again.

use jiff::{SignedDuration, Timestamp};
use kaowu::base::clock::Clock;
use kaowu::base::outcome::Error;
use kaowu::machinery::keys::{Keys, PublicKey, Refused, verify_ed25519};

#[test]
fn keys_are_made_once_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let mut made = Keys::make(&folder, "考试中心", &clock()).unwrap();
    let theirs: PublicKey = made.platform().public().to_string().parse().unwrap();
    made.meet_platform(theirs).unwrap();

    let opened = Keys::open(&folder).unwrap();

    assert_eq!(opened.receipts().certificate_der(), made.receipts().certificate_der());
    assert_eq!(opened.theirs(), Some(&theirs));
    assert_eq!(opened.list(), made.list());
    let again = Keys::make(&folder, "考试中心", &clock());
    assert!(matches!(again, Err(Error::Refused(Refused::Exists(_)))), "{again:?}");
    let signature = opened.platform().sign(b"amount=14000");
    assert!(verify_ed25519(&theirs, b"amount=14000", &signature));
    assert!(!verify_ed25519(&theirs, b"amount=1", &signature));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    Keys::make(&folder, "考试中心", &clock()).unwrap();
    for private in ["receipts.key", "platform.key", "authority.key"] {
        let path = folder.join(private);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();

        let opened = Keys::open(&folder);
        let Err(Error::Refused(refused)) = &opened else { panic!("{opened:?}") };
        assert_eq!(*refused, Refused::Exposed(path.clone()));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    }
}

#[test]
fn a_tls_certificate_serves_until_names_or_time_change() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let keys = Keys::make(&folder.path().join("keys"), "考试中心", &clock).unwrap();
    let names = ["kaoshi.lan".to_owned(), "192.168.1.20".to_owned(), "::1".to_owned()];

    let first = keys.tls(&names, &clock).unwrap();
    let same = keys.tls(&names, &clock).unwrap();
    let fewer = keys.tls(&names[..1], &clock).unwrap();
    clock.pass(SignedDuration::from_hours(24 * 340));
    let later = keys.tls(&names[..1], &clock).unwrap();

    assert_eq!(first.chain_pem, same.chain_pem);
    assert_ne!(first.chain_pem, fewer.chain_pem);
    assert_ne!(fewer.chain_pem, later.chain_pem);
    assert!(later.chain_pem.ends_with(keys.authority_pem()));
}

#[test]
fn a_centre_whose_name_has_no_room_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["", &"中".repeat(61)] {
        let made = Keys::make(&folder.path().join("keys"), name, &clock());
        assert!(matches!(made, Err(Error::Refused(Refused::NameHasNoRoom))), "{made:?}");
    }
}

fn clock() -> Clock {
    let at: Timestamp = "2026-03-13T10:28:02+08:00".parse().expect("it is written out");
    Clock::standing(at)
}
