//! Values: text that has been read once, at the door, and found to be what it says.
//!
//! Inside the house nothing is a string that might be an identity number: it is an [`IdDocument`],
//! a [`Phone`], an [`OrderNo`]. Reading is the check, and the error of a reading is a complaint in
//! the reader's language: what is wrong and what to do.
//!
//! What a value prints (`Display`) it reads again (`FromStr`), so columns and forms are clothed by
//! lists in the database's and the web's rooms. Two go their own way: an [`IdDocument`] is read
//! together with its kind and printed by choosing how much to show, and a [`Secret`] is never
//! printed.
//!
//! The room promises: no web, no database, no clock; `Debug` tells nothing personal, so that a
//! value in a log line or a panic gives nobody away; a complaint never repeats what was typed.

/// A complaint that has one sentence.
macro_rules! complaint {
    ($(#[$doc:meta])+ $name:ident, $sentence:literal) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($sentence)
            }
        }

        impl std::error::Error for $name {}
    };
}

mod capitals;
mod centre_code;
mod digest;
mod document_kind;
mod email;
mod exam_no;
mod examine;
mod fen;
mod household;
mod id_document;
mod id_number;
mod login_name;
mod mask;
mod not_a_document;
mod order_no;
mod person_name;
mod phone;
mod refund_no;
mod secret;
mod sex;
mod typed;

pub use self::capitals::capitals;
pub use self::centre_code::{CentreCode, NotACentreCode};
pub use self::digest::{Digest, NotADigest};
pub use self::document_kind::{DocumentKind, NotADocumentKind};
pub use self::email::{Email, NotAnEmail};
pub use self::exam_no::{ExamNo, NotAnExamNo};
pub use self::fen::{Fen, NotAnAmount};
pub use self::household::household;
pub use self::id_document::IdDocument;
pub use self::login_name::{LoginName, NotALoginName};
pub use self::not_a_document::NotADocument;
pub use self::order_no::{NotAnOrderNo, OrderNo};
pub use self::person_name::{NotAName, PersonName};
pub use self::phone::{NotAPhone, Phone};
pub use self::refund_no::{NotARefundNo, RefundNo};
pub use self::secret::Secret;
pub use self::sex::{NotASex, Sex};
