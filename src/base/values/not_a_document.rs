use std::fmt;

use super::document_kind::DocumentKind;

/// Why a text is not the number of a document of that kind.
///
/// Its sentence is for the person who typed it or wrote the list; it never repeats the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADocument {
    /// Nothing was typed.
    Missing(DocumentKind),
    /// A spreadsheet has made a floating number of it; its last digits are lost.
    Spoilt(DocumentKind),
    /// It should have 18 characters (居民身份证: or 15) and has another number of them.
    Length {
        /// What it should be.
        kind: DocumentKind,
        /// How many characters there are.
        found: usize,
    },
    /// It does not look like a number of this kind.
    Shape(DocumentKind),
    /// It does not begin with the code of a province.
    Region(DocumentKind),
    /// It is a number of another kind of document.
    OfAnotherKind {
        /// What it was said to be.
        said: DocumentKind,
        /// What its first digits say.
        looks_like: DocumentKind,
    },
    /// The birth date in it never was, or lies before 1900.
    BirthDate(DocumentKind),
    /// The check character does not agree with the other seventeen.
    Check(DocumentKind),
}

impl fmt::Display for NotADocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            NotADocument::Missing(kind) => write!(f, "请填写{}", name(kind)),
            NotADocument::Spoilt(kind) => write!(
                f,
                "{}被表格软件改成了数值，末尾几位已丢失，请把该列设为“文本”格式后重新填写完整号码",
                name(kind)
            ),
            NotADocument::Length { kind, found } => {
                write!(f, "{}应为 18 位，现在是 {found} 位，请核对后重新填写", name(kind))
            }
            NotADocument::Shape(kind) => {
                write!(f, "{}{}，请核对后重新填写", name(kind), form(kind))
            }
            NotADocument::Region(kind) => {
                write!(f, "{}的前两位不是{}，请核对开头两位", name(kind), region(kind))
            }
            NotADocument::OfAnotherKind { said, looks_like } => write!(
                f,
                "这不是{}，而像是{}，请核对号码，或把证件类型改为“{}”",
                name(said),
                name(looks_like),
                looks_like.label()
            ),
            NotADocument::BirthDate(kind) => {
                write!(
                    f,
                    "{}中的出生日期（第 7 位起）不存在或早于 1900 年，请核对后重新填写",
                    name(kind)
                )
            }
            NotADocument::Check(kind) => {
                write!(f, "{}的校验位不对，请核对最后一位，再逐位核对其余数字", name(kind))
            }
        }
    }
}

impl std::error::Error for NotADocument {}

/// What people call the number of such a document.
fn name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ResidentId => "身份证号",
        DocumentKind::HkMacaoPermit => "港澳居民来往内地通行证号码",
        DocumentKind::TaiwanPermit => "台湾居民来往大陆通行证号码",
        DocumentKind::HkMacaoTaiwanResident => "港澳台居民居住证号码",
        DocumentKind::ChinesePassport => "中国护照号码",
        DocumentKind::ForeignPassport => "外国护照号码",
        DocumentKind::ForeignPermanentResident => "外国人永久居留身份证号码",
        DocumentKind::Military => "军人证件号码",
        DocumentKind::Other => "证件号码",
    }
}

/// What such a number looks like, said after its name.
fn form(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ResidentId | DocumentKind::HkMacaoTaiwanResident => {
            "应为 17 位数字加 1 位校验码（数字或 X）"
        }
        DocumentKind::HkMacaoPermit => "应为字母 H 或 M 加 8 位数字（旧证加 10 位数字）",
        DocumentKind::TaiwanPermit => "应为 8 位数字（旧证为 10 位数字加括号和字母，如 (B)）",
        DocumentKind::ChinesePassport => {
            "应为 9 位：以 E、G、D、S 或 P 开头，第二位是数字或字母，其余是数字"
        }
        DocumentKind::ForeignPassport => "应为 5 至 20 位数字和英文字母",
        DocumentKind::ForeignPermanentResident => {
            "应为以 9 开头的 18 位号码，旧证为 3 位字母加 12 位数字"
        }
        DocumentKind::Military | DocumentKind::Other => "应为 4 至 30 个字符，不含换行等控制字符",
    }
}

/// What the first two digits should be.
fn region(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::HkMacaoTaiwanResident => "81（香港）、82（澳门）或 83（台湾）",
        DocumentKind::ResidentId
        | DocumentKind::HkMacaoPermit
        | DocumentKind::TaiwanPermit
        | DocumentKind::ChinesePassport
        | DocumentKind::ForeignPassport
        | DocumentKind::ForeignPermanentResident
        | DocumentKind::Military
        | DocumentKind::Other => "省级地区代码",
    }
}
