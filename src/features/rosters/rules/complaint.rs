use std::fmt;

/// What is wrong or odd in one place of a roster, in words for the clerk who mends it.
///
/// A document number is shown by its first characters only, a password not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The line in the file, from 1.
    pub line: usize,
    /// The heading with the column's letter, such as `证件号（B 列）`.
    pub column: String,
    /// What was read there; empty where nothing stands.
    pub read: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl Complaint {
    /// The headings of a list of complaints.
    pub const HEADINGS: [&str; 5] = ["行号", "列", "读到的内容", "问题", "处理办法"];

    /// The complaint as a row below [`Complaint::HEADINGS`].
    pub fn cells(&self) -> [String; 5] {
        let Complaint { line, column, read, reason, advice } = self.clone();
        [line.to_string(), column, read, reason, advice]
    }
}

/// One line: where, what was read, what is wrong, what to do.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Complaint { line, column, read, reason, advice } = self;
        write!(f, "第 {line} 行 {column}")?;
        if !read.is_empty() {
            write!(f, "“{read}”")?;
        }
        write!(f, "：{reason}。{advice}。")
    }
}

/// Parts a value's complaint, which says both in one sentence, into what is wrong and what to do.
pub(super) fn reason_and_advice(sentence: &str) -> (String, String) {
    match sentence.split_once("，请") {
        Some((reason, advice)) => (reason.to_owned(), format!("请{advice}")),
        None => (sentence.to_owned(), "请核对后重新填写".to_owned()),
    }
}

/// A text that should be a document number: at most its first six characters, and never one of the
/// last six, which are the initial password.
pub(super) fn masked(number: &str) -> String {
    let shown = number.chars().count().saturating_sub(6).min(6);
    number.chars().enumerate().map(|(at, it)| if at < shown { it } else { '*' }).collect()
}
