//! What a payment roster says: who may pay, and in what each row is wrong.
//!
//! A *roster* (缴费名单) is a sheet with one person a row. Its headings are recognised by the many
//! names they go by; each row is read into values or into *complaints*, and every bad row is found
//! in one go, so that a clerk mends the file once. *Warnings* stand beside them: things that may be
//! right and should be looked at.
//!
//! Sources: 工作手册 of the payment service (who pays is on the roster), GB 11643-1999 for numbers,
//! GB 18030-2022 and 民委发〔2016〕33号 for names.

mod complaint;
mod doubts;
mod headings;
mod loading;
mod row;
mod school;

use std::collections::HashMap;

use jiff::civil::Date;

use self::headings::Columns;
use crate::base::values::{Fen, IdDocument, PersonName, Phone, Secret};
use crate::machinery::tables::{Sheet, Source};

pub use self::complaint::Complaint;
pub use self::headings::Field;
pub use self::loading::{Choice, Obstacle, Refused, Roster, Taken, Unusable};
pub use self::school::School;

/// One person of a roster.
#[derive(Debug)]
pub struct Entry {
    /// The line in the file, from 1.
    pub line: usize,
    /// 姓名.
    pub name: PersonName,
    /// 证件类型 and 证件号.
    pub document: IdDocument,
    /// 手机号.
    pub phone: Phone,
    /// 应缴金额; without it the project's own amount is owed.
    pub amount: Option<Fen>,
    /// 报考院校.
    pub school: Option<School>,
    /// 报考专业.
    pub programme: Option<String>,
    /// 初始密码, where the centre gives out its own; without it the rule's holds.
    pub initial_password: Option<Secret<String>>,
}

/// What a sheet came to. It may be taken over when there is no complaint.
#[derive(Debug)]
pub struct Reading {
    /// The people of the good rows, in their order.
    pub people: Vec<Entry>,
    /// What keeps rows out, by line. A row may have several.
    pub complaints: Vec<Complaint>,
    /// What should be looked at, by line. It keeps nobody out.
    pub warnings: Vec<Complaint>,
}

impl Reading {
    /// Whether every row can be taken over.
    pub fn is_clean(&self) -> bool {
        self.complaints.is_empty()
    }

    /// How many lines have complaints.
    pub fn bad_lines(&self) -> usize {
        let mut lines: Vec<_> = self.complaints.iter().map(|it| it.line).collect();
        lines.dedup();
        lines.len()
    }
}

/// Reads a roster as of `today`, after which nobody can be born.
///
/// `lacking` gives the characters of a text that our papers have neither a font nor a picture of.
pub fn read(sheet: &Sheet, today: Date, lacking: impl Fn(&str) -> Vec<char>) -> Reading {
    let mut notes = Notes::default();
    warn_of_unread_sheets(sheet, &mut notes);
    let mut people = Vec::new();
    if let Some(columns) = Columns::find(sheet, &mut notes) {
        people.reserve(sheet.rows.len());
        for row in &sheet.rows {
            people.extend(row::read(row, &columns, today, &lacking, &mut notes));
        }
        if sheet.rows.is_empty() {
            notes.complaints.push(Complaint {
                line: sheet.headings_line,
                column: "整个文件".to_owned(),
                read: String::new(),
                reason: "只有标题行，没有数据".to_owned(),
                advice: "请在标题行下填写名单后重新上传".to_owned(),
            });
        }
        people = without_repeats(people, &columns, &mut notes);
    }
    let Notes { mut complaints, mut warnings } = notes;
    complaints.sort_by_key(|it| it.line);
    warnings.sort_by_key(|it| it.line);
    Reading { people, complaints, warnings }
}

/// What is said while reading.
#[derive(Default)]
struct Notes {
    complaints: Vec<Complaint>,
    warnings: Vec<Complaint>,
}

/// Keeps the first row of each document and complains of the others.
fn without_repeats(people: Vec<Entry>, columns: &Columns, notes: &mut Notes) -> Vec<Entry> {
    let mut first_of: HashMap<String, (usize, PersonName)> = HashMap::with_capacity(people.len());
    let mut kept = Vec::with_capacity(people.len());
    for entry in people {
        let key = entry.document.match_key();
        let Some((line, name)) = first_of.get(&key) else {
            first_of.insert(key, (entry.line, entry.name.clone()));
            kept.push(entry);
            continue;
        };
        let is_same_name = name.shown() == entry.name.shown();
        let (reason, advice) = if is_same_name {
            (format!("与第 {line} 行是同一个人（证件相同）"), "请只保留其中一行")
        } else {
            (format!("与第 {line} 行证件相同而姓名不同"), "请核对两行的证件号和姓名，改正其中一行")
        };
        notes.complaints.push(Complaint {
            line: entry.line,
            column: columns.label(Field::Document),
            read: entry.document.masked_before_reset(),
            reason,
            advice: advice.to_owned(),
        });
    }
    kept
}

fn warn_of_unread_sheets(sheet: &Sheet, notes: &mut Notes) {
    let Source::Workbook { sheet: name, unread } = &sheet.source else { return };
    if unread.is_empty() {
        return;
    }
    notes.warnings.push(Complaint {
        line: sheet.headings_line,
        column: "整个文件".to_owned(),
        read: unread.join("、"),
        reason: format!("只读取了工作表“{name}”，其余工作表未读取"),
        advice: "如其中也有名单，请另存为单独的文件上传".to_owned(),
    });
}

#[cfg(test)]
mod tests;
