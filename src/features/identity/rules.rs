//! What a good password is, how long a failed login waits, how long a session lasts.

use std::net::IpAddr;

use jiff::SignedDuration;

use super::common::is_common;
use crate::base::values::{Digest, household};

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A candidate's.
    Candidate,
    /// A member of staff's.
    Staff,
}

impl Kind {
    /// As it lies in the database and in cookies' names.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Candidate => "candidate",
            Kind::Staff => "staff",
        }
    }

    /// How long a session lasts without a request (`quality.md`, figures used everywhere).
    pub fn idle(self) -> SignedDuration {
        match self {
            Kind::Candidate => SignedDuration::from_mins(20),
            Kind::Staff => SignedDuration::from_mins(30),
        }
    }

    /// How long a session lasts at the most.
    pub fn whole(self) -> SignedDuration {
        match self {
            Kind::Candidate => SignedDuration::from_hours(8),
            Kind::Staff => SignedDuration::from_hours(10),
        }
    }
}

/// How long a captcha may be answered. Long enough for a slow reader; it is taken once anyway.
pub const CAPTCHA_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long the waiting page (看不清也听不清？) makes one wait instead of a captcha.
pub const WAITING_PAGE: SignedDuration = SignedDuration::from_secs(20);
/// How long a form that came after its session ended is kept.
pub const KEPT_FORM: SignedDuration = SignedDuration::from_mins(30);
/// How many kept forms may lie there whose owner is not known: anybody could fill the disk.
pub const STRANGERS_FORMS_MAX: i64 = 1_000;
/// How long an ended session is remembered, so that a form that comes late finds its owner.
pub const ENDED_SESSION: SignedDuration = SignedDuration::from_hours(24);
/// After this long without a failure the counting for a name from an address starts anew.
pub const FORGET_PAIR: SignedDuration = SignedDuration::from_hours(2);
/// After this long without a failure the counting for an address starts anew.
pub const FORGET_ADDRESS: SignedDuration = SignedDuration::from_mins(10);

/// How many failures in a row are free for one name from one address.
pub const FREE_FAILURES: i64 = 3;

/// How long the next try waits after so many failures in a row: 30 s, then 1, 2, 5, 15 min.
pub fn wait_after(failures: i64) -> Option<SignedDuration> {
    const LADDER_S: [i64; 5] = [30, 60, 120, 300, 900];
    let step = usize::try_from(failures - FREE_FAILURES).ok()?;
    Some(SignedDuration::from_secs(LADDER_S[step.min(LADDER_S.len() - 1)]))
}

/// The same for a whole address. Hundreds of people may sit behind one, and each mistypes once;
/// only a flood waits, and never long.
pub fn address_wait_after(failures: i64) -> Option<SignedDuration> {
    (failures >= 300 && failures % 20 == 0).then_some(SignedDuration::from_secs(20))
}

/// What all failures of a name are found by, from whichever address. A digest, as below.
pub fn name_key(kind: Kind, name: &str) -> String {
    Digest::of(format!("{}\n{name}", kind.name()).as_bytes()).to_string()
}

/// What failures are counted by: a name from an address, or the address alone.
///
/// A digest, so that the table holds no document numbers.
pub fn subject(kind: Kind, name: Option<&str>, address: IpAddr) -> String {
    let address = household(address);
    let what = format!("{}\n{address}\n{}", kind.name(), name.unwrap_or("\n"));
    Digest::of(what.as_bytes()).to_string()
}

/// What is wrong with a password somebody wants to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// A candidate's has not 8 to 16 characters.
    CandidateLength,
    /// A candidate's has characters that are no letters, digits or signs of a keyboard.
    CandidateCharacters,
    /// A candidate's lacks a digit or an English letter.
    CandidateMix,
    /// A staff member's has not 12 to 64 characters.
    StaffLength,
    /// It is the initial one.
    Initial,
    /// It is made of the person's own number, phone or name.
    OwnData,
    /// Everybody tries it first.
    Common,
    /// It is the one that holds now.
    Same,
}

impl Weak {
    /// What to tell the person.
    pub fn told(self) -> &'static str {
        match self {
            Weak::CandidateLength => "密码须为 8–16 位字符。",
            Weak::CandidateCharacters => {
                "密码只能用英文字母、数字和键盘上的符号，不能有空格或汉字。"
            }
            Weak::CandidateMix => "密码须同时包含数字和英文字母。",
            Weak::StaffLength => "密码须为 12–64 位字符。",
            Weak::Initial => "新密码不能与初始密码相同，请换一个。",
            Weak::OwnData => "密码不能含有本人的证件号码、手机号或姓名，请换一个。",
            Weak::Common => "这个密码太常见，很容易被猜到，请换一个。",
            Weak::Same => "新密码不能与当前密码相同，请换一个。",
        }
    }
}

/// What is known of the person who sets a password; none of it may be the password.
#[derive(Clone, Debug, Default)]
pub struct OwnData {
    /// The initial password; empty when there is none.
    pub initial: String,
    /// Document number, phone, login: six characters in a row of one are too many.
    pub numbers: Vec<String>,
    /// Names in letters; Chinese ones cannot occur in a candidate's password.
    pub names: Vec<String>,
}

/// Judges a new password: the manual's rule for candidates (8–16 characters with digits and
/// English letters), length alone for staff, and for both the list of common ones and the
/// person's own data.
pub fn judge(kind: Kind, password: &str, own: &OwnData) -> Result<(), Weak> {
    let length = password.chars().count();
    match kind {
        Kind::Candidate => {
            if !(8..=16).contains(&length) {
                return Err(Weak::CandidateLength);
            }
            if !password.chars().all(|it| it.is_ascii_graphic()) {
                return Err(Weak::CandidateCharacters);
            }
            let has = |what: fn(&char) -> bool| password.chars().any(|it| what(&it));
            if !has(char::is_ascii_digit) || !has(char::is_ascii_alphabetic) {
                return Err(Weak::CandidateMix);
            }
        }
        Kind::Staff => {
            if !(12..=64).contains(&length) {
                return Err(Weak::StaffLength);
            }
        }
    }
    let lower = password.to_lowercase();
    if !own.initial.is_empty() && lower == own.initial.to_lowercase() {
        return Err(Weak::Initial);
    }
    if holds_own_data(&lower, own) {
        return Err(Weak::OwnData);
    }
    if is_common(password) {
        return Err(Weak::Common);
    }
    Ok(())
}

fn holds_own_data(lower: &str, own: &OwnData) -> bool {
    let numbers = own.numbers.iter().map(|it| it.to_lowercase());
    let mut runs = numbers.flat_map(|number| {
        let characters: Vec<char> = number.chars().collect();
        characters.windows(6).map(|run| run.iter().collect()).collect::<Vec<String>>()
    });
    let long_names = own.names.iter().map(|it| it.to_lowercase()).filter(|it| it.len() >= 4);
    runs.any(|run| lower.contains(&run)) || long_names.into_iter().any(|it| lower.contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> OwnData {
        OwnData {
            initial: "05118X".into(),
            numbers: vec!["31019919880615118X".into(), "19900001234".into()],
            names: vec![],
        }
    }

    #[test]
    fn a_candidates_password_follows_the_manual() {
        let judged = |it| judge(Kind::Candidate, it, &own());
        assert_eq!(judged("Gui7hua5"), Ok(()));
        assert_eq!(judged("gui7hua"), Err(Weak::CandidateLength));
        assert_eq!(judged("gui7hua5gui7hua5g"), Err(Weak::CandidateLength));
        assert_eq!(judged("guihuagui"), Err(Weak::CandidateMix));
        assert_eq!(judged("73519462"), Err(Weak::CandidateMix));
        assert_eq!(judged("gui7 hua5"), Err(Weak::CandidateCharacters));
        assert_eq!(judged("桂花gui7hua5"), Err(Weak::CandidateCharacters));
        assert_eq!(judged("a15118Xb"), Err(Weak::OwnData));
        assert_eq!(judged("00001234a"), Err(Weak::OwnData));
    }

    #[test]
    fn what_everybody_tries_is_refused_and_nothing_else() {
        let judged = |it| judge(Kind::Candidate, it, &own());
        for common in ["password1", "Abc12345", "a1234567", "qwerty123", "1qaz2wsx", "aaaa1111"] {
            assert_eq!(judged(common), Err(Weak::Common), "{common}");
        }
        for fine in ["Demo2026pay", "Kaowu2026a", "Test1234abcd", "Kaowu2026!", "abc19991231"] {
            assert_eq!(judged(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn staff_may_use_any_long_sentence() {
        assert_eq!(judge(Kind::Staff, "桂花 开了 满城 都香啊 真好", &OwnData::default()), Ok(()));
        assert_eq!(judge(Kind::Staff, "Gui7hua5", &OwnData::default()), Err(Weak::StaffLength));
    }

    #[test]
    fn failures_climb_a_ladder() {
        let waits: Vec<i64> =
            (1..=9).map(|it| wait_after(it).map_or(0, |it| it.as_secs())).collect();
        assert_eq!(waits, [0, 0, 30, 60, 120, 300, 900, 900, 900]);
    }

    #[test]
    fn an_ipv6_host_cannot_hide_among_its_own_addresses() {
        let subject = |it: &str| subject(Kind::Candidate, Some("x"), it.parse().unwrap());
        assert_eq!(subject("2001:db8::1"), subject("2001:db8::2"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_eq!(subject("::ffff:192.0.2.1"), subject("192.0.2.1"));
    }
}
