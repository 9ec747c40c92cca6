use std::fmt;
use std::str::FromStr;

use self::DocumentKind::{
    ChinesePassport, ForeignPassport, ForeignPermanentResident, HkMacaoPermit,
    HkMacaoTaiwanResident, Military, Other, ResidentId, TaiwanPermit,
};
use super::typed::compact;

/// 证件类型: which identity document it is. With the number it names one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// 居民身份证 (GB 11643), the 15-digit form of before 2013 included.
    ResidentId,
    /// 港澳居民来往内地通行证 (回乡证).
    HkMacaoPermit,
    /// 台湾居民来往大陆通行证 (台胞证).
    TaiwanPermit,
    /// 港澳台居民居住证: built like a 居民身份证, beginning with 81, 82 or 83.
    HkMacaoTaiwanResident,
    /// 中国护照.
    ChinesePassport,
    /// 外国护照.
    ForeignPassport,
    /// 外国人永久居留身份证: 15 characters, since 2023 18 beginning with 9.
    ForeignPermanentResident,
    /// 军官证, 士兵证, 警官证 and their like: free text.
    Military,
    /// 其他证件: free text.
    Other,
}

impl DocumentKind {
    /// Every kind, in the order of a list to choose from.
    pub const ALL: [DocumentKind; 9] = [
        ResidentId,
        HkMacaoPermit,
        TaiwanPermit,
        HkMacaoTaiwanResident,
        ChinesePassport,
        ForeignPassport,
        ForeignPermanentResident,
        Military,
        Other,
    ];

    /// The name in the database, in forms and in archives; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            ResidentId => "resident_id",
            HkMacaoPermit => "hk_macao_permit",
            TaiwanPermit => "taiwan_permit",
            HkMacaoTaiwanResident => "hk_macao_taiwan_resident",
            ChinesePassport => "chinese_passport",
            ForeignPassport => "foreign_passport",
            ForeignPermanentResident => "foreign_permanent_resident",
            Military => "military",
            Other => "other",
        }
    }

    /// The document's own name, in Chinese.
    pub const fn label(self) -> &'static str {
        match self {
            ResidentId => "居民身份证",
            HkMacaoPermit => "港澳居民来往内地通行证",
            TaiwanPermit => "台湾居民来往大陆通行证",
            HkMacaoTaiwanResident => "港澳台居民居住证",
            ChinesePassport => "中国护照",
            ForeignPassport => "外国护照",
            ForeignPermanentResident => "外国人永久居留身份证",
            Military => "军人证件",
            Other => "其他证件",
        }
    }

    /// The letter before a number in a match key; it never changes.
    pub(super) const fn letter(self) -> char {
        match self {
            ResidentId => 'R',
            HkMacaoPermit => 'H',
            TaiwanPermit => 'T',
            HkMacaoTaiwanResident => 'S',
            ChinesePassport => 'C',
            ForeignPassport => 'F',
            ForeignPermanentResident => 'P',
            Military => 'M',
            Other => 'O',
        }
    }

    /// Finds what [`DocumentKind::code`] named.
    pub fn from_code(code: &str) -> Option<DocumentKind> {
        DocumentKind::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Reads a roster's column 证件类型 by what people write there: 身份证, 回乡证, 台胞证 …
    ///
    /// A remark in brackets behind the name is passed over. `None` for an empty column too: whoever
    /// imports knows what that means there.
    pub fn from_label(text: &str) -> Option<DocumentKind> {
        let text = compact(text);
        let plain = text.split('(').next().unwrap_or_default();
        alias(&text).or_else(|| alias(plain)).or_else(|| {
            DocumentKind::ALL.into_iter().find(|it| it.code().eq_ignore_ascii_case(&text))
        })
    }
}

fn alias(text: &str) -> Option<DocumentKind> {
    Some(match text {
        "居民身份证"
        | "身份证"
        | "身份证号"
        | "身份证件"
        | "二代身份证"
        | "第二代身份证"
        | "第二代居民身份证"
        | "一代身份证"
        | "第一代身份证"
        | "临时身份证"
        | "临时居民身份证"
        | "中华人民共和国居民身份证" => ResidentId,
        "港澳居民来往内地通行证"
        | "港澳居民往来内地通行证"
        | "港澳居民通行证"
        | "港澳来往内地通行证"
        | "回乡证" => HkMacaoPermit,
        "台湾居民来往大陆通行证"
        | "台湾居民往来大陆通行证"
        | "台湾居民来往内地通行证"
        | "台湾居民通行证"
        | "台胞证" => TaiwanPermit,
        "港澳台居民居住证"
        | "港澳居民居住证"
        | "台湾居民居住证"
        | "港澳台居住证"
        | "港澳居住证"
        | "台湾居住证" => HkMacaoTaiwanResident,
        "中国护照"
        | "护照(中国)"
        | "中华人民共和国护照"
        | "中国公民护照"
        | "因私护照"
        | "普通护照" => ChinesePassport,
        // A Chinese number fits the foreign form as well, never the other way round.
        "外国护照" | "护照(外国)" | "外籍护照" | "护照" => ForeignPassport,
        "外国人永久居留身份证"
        | "外国人永久居留证"
        | "永久居留身份证"
        | "境外永久居住证"
        | "五星卡" => ForeignPermanentResident,
        "军人证件"
        | "军人证"
        | "军官证"
        | "士兵证"
        | "士官证"
        | "义务兵证"
        | "文职干部证"
        | "文职人员证"
        | "部队离退休证"
        | "军队离退休干部证"
        | "警官证"
        | "人民警察证"
        | "武警警官证"
        | "武警士兵证"
        | "军人身份证件" => Military,
        "其他证件" | "其它证件" | "其他" | "其它" => Other,
        _ => return None,
    })
}

/// The code.
impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Reads the code.
///
/// # Errors
/// [`NotADocumentKind`] for anything else.
impl FromStr for DocumentKind {
    type Err = NotADocumentKind;

    fn from_str(code: &str) -> Result<DocumentKind, NotADocumentKind> {
        DocumentKind::from_code(code).ok_or(NotADocumentKind)
    }
}

complaint! {
    /// A text that is no code of a [`DocumentKind`].
    NotADocumentKind, "没有这种证件类型，请从列表中选择一种"
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::DocumentKind;

    #[test]
    fn columns_of_rosters_are_read() {
        for (text, kind) in [
            ("身份证", Some(DocumentKind::ResidentId)),
            (" 二代 身份证", Some(DocumentKind::ResidentId)),
            ("港澳居民来往内地通行证（回乡证）", Some(DocumentKind::HkMacaoPermit)),
            ("台胞证", Some(DocumentKind::TaiwanPermit)),
            ("台湾居民居住证", Some(DocumentKind::HkMacaoTaiwanResident)),
            ("护照（中国）", Some(DocumentKind::ChinesePassport)),
            ("护照", Some(DocumentKind::ForeignPassport)),
            ("五星卡", Some(DocumentKind::ForeignPermanentResident)),
            ("军官证", Some(DocumentKind::Military)),
            ("其它", Some(DocumentKind::Other)),
            ("taiwan_permit", Some(DocumentKind::TaiwanPermit)),
            ("驾驶证", None),
            ("", None),
        ] {
            assert_eq!(DocumentKind::from_label(text), kind, "{text}");
        }
    }

    #[test]
    fn every_kind_is_found_by_its_code_and_its_label() {
        let mut letters = HashSet::new();
        for kind in DocumentKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(DocumentKind::from_label(kind.label()), Some(kind));
            assert!(letters.insert(kind.letter()), "{kind}");
        }
    }
}
