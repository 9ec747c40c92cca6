//! Captchas shown and answered: each is signed, taken once, and void after ten minutes.
//!
//! A challenge's number says when it was shown and carries our signature; the picture and its
//! answer follow from the number and a key that nobody else has. So showing a login page writes
//! nothing, and only an answer leaves a row. Whoever cannot see the picture listens to digits
//! (听验证码), which are an answer to the same challenge. For those whom the picture does not serve there is a
//! challenge without an answer, good only after a wait (看不清也听不清？).

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use ring::hmac;

use super::rules::{CAPTCHA_LIFE, WAITING_PAGE};
use super::{captcha, store};
use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::machinery::db::WriteTx;

/// Which kind of challenge a number names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Picture,
    Wait,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was right.
    Right,
    /// It was wrong; a new picture is needed.
    Wrong,
    /// The picture was too old, or was answered before.
    Expired,
    /// The wait is not over.
    TooSoon,
}

impl Taken {
    /// What to tell the person; nothing when it was right.
    pub fn told(self) -> Option<&'static str> {
        match self {
            Taken::Right => None,
            Taken::Wrong => Some("验证码不正确，请输入新的验证码。"),
            Taken::Expired => Some("验证码已过期，请输入新的验证码。"),
            Taken::TooSoon => Some("等待时间还没有到，请再等几秒钟。"),
        }
    }
}

/// Makes challenges and knows their answers. Its key lives as long as the process: a restart
/// voids the pictures on screen, and nothing else.
#[derive(Clone)]
pub struct Challenges {
    key: hmac::Key,
}

const NONCE: usize = 12;
const SIGNED: usize = 1 + 8 + NONCE;

impl Challenges {
    /// A maker with a new key.
    pub fn new(chance: &Chance) -> Challenges {
        Challenges { key: hmac::Key::new(hmac::HMAC_SHA256, &chance.bytes::<32>()) }
    }

    /// The number of a new picture.
    pub fn picture(&self, chance: &Chance, wall: Timestamp) -> String {
        self.number(Form::Picture, chance, wall)
    }

    /// The number of a new wait.
    pub fn wait(&self, chance: &Chance, wall: Timestamp) -> String {
        self.number(Form::Wait, chance, wall)
    }

    /// When a wait is over. `None` when the number is not one of our waits.
    pub fn wait_ends(&self, no: &str) -> Option<Timestamp> {
        let (form, shown_at) = self.read(no)?;
        (form == Form::Wait).then(|| shown_at + WAITING_PAGE)
    }

    /// Draws the picture of a number, always the same one. `None` when it is not ours.
    pub fn draw(&self, no: &str) -> Option<Vec<u8>> {
        let (form, _) = self.read(no)?;
        let dice = self.dice(no, b"picture");
        (form == Form::Picture).then(|| captcha::draw(&self.answer(no), &dice))
    }

    /// Speaks the digits of a number (WAV), always the same way. `None` when it is not ours.
    pub fn speak(&self, no: &str) -> Option<Vec<u8>> {
        let (form, _) = self.read(no)?;
        let dice = self.dice(no, b"sound");
        (form == Form::Picture).then(|| captcha::sound::speak(&self.spoken(no), &dice))
    }

    /// Judges an answer, without taking the challenge. `fixed` is the answer that a training
    /// folder takes for every picture; empty: none.
    fn judge(&self, no: &str, given: &str, fixed: &str, wall: Timestamp) -> Taken {
        let Some((form, shown_at)) = self.read(no) else { return Taken::Expired };
        if wall >= shown_at + CAPTCHA_LIFE {
            return Taken::Expired;
        }
        match form {
            Form::Wait if wall >= shown_at + WAITING_PAGE => Taken::Right,
            Form::Wait => Taken::TooSoon,
            Form::Picture if captcha::same(given, &self.answer(no)) => Taken::Right,
            Form::Picture if captcha::same(given, &self.spoken(no)) => Taken::Right,
            Form::Picture if !fixed.is_empty() && captcha::same(given, fixed) => Taken::Right,
            Form::Picture => Taken::Wrong,
        }
    }

    /// Takes an answer: once, whatever it was, but for a wait that is not over.
    ///
    /// # Errors
    /// A fault when it cannot be written down.
    pub fn take(
        &self,
        tx: &WriteTx<'_>,
        no: &str,
        given: &str,
        fixed: &str,
    ) -> Result<Taken, Fault> {
        let judged = self.judge(no, given, fixed, tx.wall());
        match judged {
            Taken::Expired | Taken::TooSoon => Ok(judged),
            Taken::Right | Taken::Wrong => {
                let first = store::take_challenge(tx, no, tx.wall() + CAPTCHA_LIFE)?;
                Ok(if first { judged } else { Taken::Expired })
            }
        }
    }

    fn number(&self, form: Form, chance: &Chance, wall: Timestamp) -> String {
        let mut signed = vec![match form {
            Form::Picture => b'p',
            Form::Wait => b'w',
        }];
        signed.extend(wall.as_second().to_be_bytes());
        signed.extend(chance.bytes::<NONCE>());
        let tag = hmac::sign(&self.key, &signed);
        signed.extend(&tag.as_ref()[..16]);
        Base64UrlUnpadded::encode_string(&signed)
    }

    fn read(&self, no: &str) -> Option<(Form, Timestamp)> {
        let bytes = Base64UrlUnpadded::decode_vec(no).ok()?;
        let (signed, sent) = bytes.split_at_checked(SIGNED)?;
        let tag = hmac::sign(&self.key, signed);
        let ours: bool = subtle::ConstantTimeEq::ct_eq(&tag.as_ref()[..16], sent).into();
        let form = match signed[0] {
            b'p' => Form::Picture,
            b'w' => Form::Wait,
            _ => return None,
        };
        let second = i64::from_be_bytes(signed[1..9].try_into().ok()?);
        ours.then(|| Timestamp::from_second(second).ok().map(|at| (form, at))).flatten()
    }

    fn answer(&self, no: &str) -> String {
        captcha::answer(&self.dice(no, b"answer"))
    }

    fn spoken(&self, no: &str) -> String {
        captcha::sound::answer(&self.dice(no, b"spoken"))
    }

    fn dice(&self, no: &str, purpose: &[u8]) -> Chance {
        let tag = hmac::sign(&self.key, &[purpose, b"\n", no.as_bytes()].concat());
        let seed = tag.as_ref()[..8].try_into().expect("an HMAC-SHA256 tag has 32 bytes");
        Chance::seeded(u64::from_be_bytes(seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_773_370_000 + second).unwrap()
    }

    #[test]
    fn a_picture_is_answered_by_what_is_seen_or_heard() {
        let (chance, other) = (Chance::seeded(1), Challenges::new(&Chance::seeded(2)));
        let challenges = Challenges::new(&chance);
        let no = challenges.picture(&chance, at(0));
        let judged = |given: &str| challenges.judge(&no, given, "", at(1));
        assert_eq!(judged(&challenges.answer(&no).to_lowercase()), Taken::Right);
        assert_eq!(judged(&challenges.spoken(&no)), Taken::Right);
        assert_eq!(judged("no"), Taken::Wrong);
        assert_eq!(judged(""), Taken::Wrong);
        assert!(challenges.draw(&no).is_some() && challenges.speak(&no).is_some());
        assert_eq!(other.judge(&no, &challenges.answer(&no), "", at(1)), Taken::Expired);
        assert!(other.draw(&no).is_none() && other.speak(&no).is_none());
    }

    #[test]
    fn a_wait_has_neither_picture_nor_sound() {
        let chance = Chance::seeded(1);
        let challenges = Challenges::new(&chance);
        let no = challenges.wait(&chance, at(0));
        assert!(challenges.draw(&no).is_none() && challenges.speak(&no).is_none());
        assert_eq!(challenges.wait_ends(&no), Some(at(20)));
        assert_eq!(challenges.wait_ends(&challenges.picture(&chance, at(0))), None);
        let judged = |second| challenges.judge(&no, "", "", at(second));
        assert_eq!([judged(19), judged(20)], [Taken::TooSoon, Taken::Right]);
        assert_eq!(judged(600), Taken::Expired);
    }
}
