use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;

use super::complaint::{masked, reason_and_advice};
use super::headings::{Columns, Field};
use super::{Complaint, Entry, Notes, School};
use crate::base::values::{DocumentKind, Fen, IdDocument, PersonName, Phone, Secret};
use crate::machinery::tables::{Cell, Form, Row};

/// Reads one row: the person, or complaints of everything that is wrong in it.
pub(super) fn read(
    row: &Row,
    columns: &Columns,
    today: Date,
    lacking: &impl Fn(&str) -> Vec<char>,
    notes: &mut Notes,
) -> Option<Entry> {
    let said_before = notes.complaints.len();
    let mut reader = Reader { row, columns, notes };
    if reader.is_headings_again() || reader.has_too_many_cells() {
        return None;
    }
    let name = reader.value::<PersonName>(Field::Name);
    let document = reader.document(today);
    let phone = reader.value::<Phone>(Field::Phone);
    let amount = reader.amount();
    let school = reader.school();
    let programme = reader.text(Field::Programme).map(str::to_owned);
    let initial_password = reader.initial_password();
    if let Some(name) = &name {
        reader.look_at_name(name, lacking);
    }
    if let Some(document) = &document {
        reader.compare_sex(document);
        reader.compare_birth_date(document);
    }
    if notes.complaints.len() > said_before {
        return None;
    }
    Some(Entry {
        line: row.line,
        name: name?,
        document: document?,
        phone: phone?,
        amount,
        school,
        programme,
        initial_password,
    })
}

/// Reads the cells of one row and says what is wrong in them.
pub(super) struct Reader<'r> {
    row: &'r Row,
    columns: &'r Columns,
    notes: &'r mut Notes,
}

impl<'r> Reader<'r> {
    fn cell(&self, field: Field) -> Option<&'r Cell> {
        let cell = self.row.cell(self.columns.place(field)?);
        Some(cell).filter(|it| !it.is_empty())
    }

    /// The text of a field, if the file has the column and something stands in it.
    pub(super) fn text(&mut self, field: Field) -> Option<&'r str> {
        let cell = self.cell(field)?;
        if cell.form() == Form::Broken {
            let (reason, advice) = ("这个单元格的公式出错", "请改为直接填写内容后重新上传");
            self.complain(field, cell.text(), (reason.to_owned(), advice.to_owned()));
            return None;
        }
        Some(cell.text())
    }

    fn complain(&mut self, field: Field, read: &str, (reason, advice): (String, String)) {
        let complaint = self.note(field, read, reason, advice);
        self.notes.complaints.push(complaint);
    }

    pub(super) fn warn(&mut self, field: Field, read: &str, reason: String, advice: &str) {
        let warning = self.note(field, read, reason, advice.to_owned());
        self.notes.warnings.push(warning);
    }

    fn note(&self, field: Field, read: &str, reason: String, advice: String) -> Complaint {
        let (line, column) = (self.row.line, self.columns.label(field));
        Complaint { line, column, read: read.to_owned(), reason, advice }
    }

    /// Whether lists were pasted together, headings and all.
    fn is_headings_again(&mut self) -> bool {
        let repeats =
            |it: Field| self.cell(it).is_some_and(|cell| cell.text() == self.columns.heading(it));
        let is_so = repeats(Field::Name) && repeats(Field::Document);
        if is_so {
            let advice = "请删去这一行".to_owned();
            self.complain(Field::Name, "", ("这一行又是标题行".to_owned(), advice));
        }
        is_so
    }

    /// Whether something stands where there is no heading: a separator inside a cell has moved the
    /// rest of the row, and nothing of it can be trusted.
    fn has_too_many_cells(&mut self) -> bool {
        let count = self.columns.count();
        let is_so = self.row.cells.len() > count;
        if is_so {
            self.notes.complaints.push(Complaint {
                line: self.row.line,
                column: self.columns.label_at(self.row.cells.len() - 1),
                read: String::new(),
                reason: format!("这一行的内容比标题行多（标题行只有 {count} 列）"),
                advice: "请检查是否有未加引号的逗号，或删去多余的内容".to_owned(),
            });
        }
        is_so
    }

    /// A field that must be filled in.
    fn value<T: FromStr<Err: Display>>(&mut self, field: Field) -> Option<T> {
        let Some(text) = self.text(field) else {
            self.complain_of_nothing(field);
            return None;
        };
        let refused = match text.parse() {
            Ok(value) => return Some(value),
            Err(refused) => reason_and_advice(&refused.to_string()),
        };
        self.complain(field, text, refused);
        None
    }

    fn complain_of_nothing(&mut self, field: Field) {
        // A broken formula has been complained of already.
        if self.cell(field).is_none() {
            let advice = format!("请填写{}", field.label());
            self.complain(field, "", ("没有填写".to_owned(), advice));
        }
    }

    fn document(&mut self, today: Date) -> Option<IdDocument> {
        let kind = self.document_kind();
        let Some(text) = self.text(Field::Document) else {
            self.complain_of_nothing(Field::Document);
            return None;
        };
        if let Some(said) = self.spoilt_by_spreadsheet(text) {
            self.complain(Field::Document, &masked(text), said);
            return None;
        }
        // `'` is how a clerk, and Excel, say that digits are text.
        let number = text.trim_start_matches(['\'', '’', '‘']);
        let refused = match IdDocument::read(kind?, number) {
            Ok(document) if document.born_after(today) => {
                ("号码中的出生日期在今天之后".to_owned(), "请核对第 7 位起的出生日期".to_owned())
            }
            Ok(document) => return Some(document),
            Err(refused) => {
                let (reason, advice) = reason_and_advice(&refused.to_string());
                let is_presumed = self.cell(Field::DocumentKind).is_none();
                let is_other = number.starts_with(|it: char| !it.is_ascii_digit());
                let remark = "；如不是居民身份证，请在“证件类型”列注明";
                (reason, if is_presumed && is_other { advice + remark } else { advice })
            }
        };
        self.complain(Field::Document, &masked(number), refused);
        None
    }

    /// The kind that is said, a 居民身份证 where none is; `None` when it cannot be read.
    fn document_kind(&mut self) -> Option<DocumentKind> {
        if self.cell(Field::DocumentKind).is_none() {
            return Some(DocumentKind::ResidentId);
        }
        let text = self.text(Field::DocumentKind)?;
        let kind = DocumentKind::from_label(text);
        if kind.is_none() {
            let labels: Vec<_> = DocumentKind::ALL.iter().map(|it| it.label()).collect();
            let advice = format!("请填写其中之一：{}", labels.join("、"));
            let said = ("不认识这种证件类型".to_owned(), advice);
            self.complain(Field::DocumentKind, text, said);
        }
        kind
    }

    /// Excel keeps 15 digits of a number and puts zeros in the place of the rest. One row in
    /// eleven passes the check all the same, so three zeros at the end are not believed unless
    /// the clerk vouches for them with a `'`.
    fn spoilt_by_spreadsheet(&self, text: &str) -> Option<(String, String)> {
        let is_number = self.cell(Field::Document)?.form() == Form::Number;
        let has_lost_digits = text.len() > 15 && text.bytes().all(|it| it.is_ascii_digit());
        let as_text = "请把该列设为“文本”格式，从原始资料重新填写完整号码";
        if is_number && has_lost_digits {
            let reason = "Excel 把它当成了数值，第 15 位以后的数字已丢失".to_owned();
            return Some((reason, as_text.to_owned()));
        }
        if has_lost_digits && text.ends_with("000") {
            let reason = "以 000 结尾，多半是 Excel 丢失了末尾几位".to_owned();
            let vouch = "；如证件上确实如此，请在号码前加一个英文单引号（'）";
            return Some((reason, as_text.to_owned() + vouch));
        }
        None
    }

    fn amount(&mut self) -> Option<Fen> {
        let text = self.text(Field::Amount)?;
        let plain = text.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
        let refused = match plain.parse::<Fen>() {
            Ok(amount) if amount.is_zero() => {
                ("金额是 0".to_owned(), "请填写应缴金额；免缴的考生请不要列入名单".to_owned())
            }
            Ok(amount) => return Some(amount),
            Err(refused) => reason_and_advice(&refused.to_string()),
        };
        self.complain(Field::Amount, text, refused);
        None
    }

    fn school(&mut self) -> Option<School> {
        School::read(self.text(Field::SchoolCode), self.text(Field::SchoolName))
    }

    fn initial_password(&mut self) -> Option<Secret<String>> {
        let text = self.text(Field::InitialPassword)?;
        let is_number = self.cell(Field::InitialPassword)?.form() == Form::Number;
        let reason = if is_number {
            "Excel 把它当成了数值，开头的 0 可能已丢失"
        } else if !(6..=32).contains(&text.len()) || !text.bytes().all(|it| it.is_ascii_graphic()) {
            "初始密码应为 6 至 32 位数字、字母或符号，不含空格"
        } else {
            return Some(Secret::new(text.to_owned()));
        };
        let advice = "请把该列设为“文本”格式后重新填写".to_owned();
        self.complain(Field::InitialPassword, "（不显示）", (reason.to_owned(), advice));
        None
    }
}
