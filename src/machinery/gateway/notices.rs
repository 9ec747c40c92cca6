//! What a platform says unasked, and what it wants to hear.

use super::Success;

/// What came in at the notice's door, raw.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Names and values as received.
    pub headers: Vec<(String, String)>,
    /// The bytes as received.
    pub body: Vec<u8>,
}

/// What a genuine notice tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The notice's own number, the same in all its deliveries.
    pub notice_no: String,
    /// The money; `None` for a kind of notice that we do not know, which is to be kept and
    /// answered.
    pub success: Option<Success>,
}

/// Why a notice is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forged {
    /// It has no signature, or one of another form.
    Unsigned,
    /// It is meant for another merchant.
    NotForUs,
    /// It was signed too long ago, or in the future: a replay, or a wrong clock.
    Stale,
    /// The platform did not sign this.
    BadSignature,
    /// The platform signed it, and still it makes no sense.
    Nonsense,
}

/// What became of a notice here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was genuine and is on disk, whatever follows from it.
    Kept,
    /// It was [`Forged`].
    Disbelieved,
    /// It could not be written down; the platform should try again.
    NotNow,
}

/// The answer that a platform wants to a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeAnswer {
    /// HTTP status.
    pub status: u16,
    /// MIME type of the body.
    pub content_type: &'static str,
    /// What to send.
    pub body: String,
}
