use super::{Complaint, Notes};
use crate::machinery::tables::{Sheet, column_name};

/// What a column of a roster may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 姓名
    Name,
    /// 证件类型
    DocumentKind,
    /// 证件号
    Document,
    /// 手机号
    Phone,
    /// 院校代码
    SchoolCode,
    /// 院校名称
    SchoolName,
    /// 专业
    Programme,
    /// 性别, only compared with the document number
    Sex,
    /// 出生日期, only compared with the document number
    BirthDate,
    /// 应缴金额, in yuan
    Amount,
    /// 初始密码
    InitialPassword,
}

impl Field {
    /// All of them, in the order of a template.
    pub const ALL: [Field; 11] = [
        Field::Name,
        Field::DocumentKind,
        Field::Document,
        Field::Phone,
        Field::SchoolCode,
        Field::SchoolName,
        Field::Programme,
        Field::Sex,
        Field::BirthDate,
        Field::Amount,
        Field::InitialPassword,
    ];

    /// Whether a roster without it cannot be read.
    pub const fn is_required(self) -> bool {
        matches!(self, Field::Name | Field::Document | Field::Phone)
    }

    /// The heading we write.
    pub fn label(self) -> &'static str {
        self.headings().next().unwrap_or_default()
    }

    /// The heading we write, then the others that we know.
    pub fn headings(self) -> impl Iterator<Item = &'static str> {
        self.names().split(' ')
    }

    const fn names(self) -> &'static str {
        match self {
            Field::Name => "姓名 考生姓名 学生姓名 名字 缴费人 缴费人姓名 缴款人",
            Field::DocumentKind => "证件类型 证件种类 证件类别 身份证件类型 身份证件种类",
            Field::Document => {
                "证件号 证件号码 身份证号 身份证号码 身份证 居民身份证号 居民身份证号码 \
                 公民身份号码 公民身份证号码 身份证件号 身份证件号码 证件编号 账号"
            }
            Field::Phone => {
                "手机号 手机号码 手机 移动电话 联系手机 考生手机 考生手机号 本人手机号 \
                 联系电话 电话 电话号码 联系方式"
            }
            Field::SchoolCode => {
                "院校代码 院校代号 报考院校代码 招生院校代码 志愿院校代码 学校代码 报考学校代码"
            }
            Field::SchoolName => {
                "院校名称 院校 报考院校 报考院校名称 招生院校 招生院校名称 志愿院校 \
                 志愿院校名称 学校 学校名称 报考学校"
            }
            Field::Programme => "专业 专业名称 报考专业 报考专业名称 招生专业 志愿专业",
            Field::Sex => "性别 考生性别",
            Field::BirthDate => "出生日期 出生年月日 生日",
            Field::Amount => {
                "应缴金额 金额 缴费金额 应缴费金额 应缴费用 应收金额 收费金额 费用 报名费 考试费"
            }
            Field::InitialPassword => "初始密码 密码 登录密码 一次性密码",
        }
    }

    /// Reads a heading, whatever stands around it: blanks, a star for "required", a remark in
    /// brackets such as `（元）`.
    pub fn from_heading(heading: &str) -> Option<Field> {
        let heading = plain(heading);
        Field::ALL.into_iter().find(|it| it.headings().any(|it| it == heading))
    }
}

fn plain(heading: &str) -> String {
    let before_remark =
        heading.trim_start_matches(['(', '（']).split(['(', '（', '[', '【']).next();
    let is_kept = |it: &char| !it.is_whitespace() && !"*＊:：\u{FEFF}".contains(*it);
    before_remark.unwrap_or_default().chars().filter(is_kept).collect()
}

/// Where each field stands in a sheet.
pub(super) struct Columns {
    places: [Option<usize>; Field::ALL.len()],
    headings: Vec<String>,
}

/// Columns that rosters have and that say nothing of the person.
const PASSED_OVER: [&str; 3] = ["序号", "编号", "备注"];

impl Columns {
    /// Finds them, complaining of what is missing or there twice; `None` when rows cannot be read.
    pub(super) fn find(sheet: &Sheet, notes: &mut Notes) -> Option<Columns> {
        let headings = sheet.headings.clone();
        let mut columns = Columns { places: [None; Field::ALL.len()], headings };
        let said_before = notes.complaints.len();
        for (column, heading) in sheet.headings.iter().enumerate() {
            let Some(field) = Field::from_heading(heading) else {
                notes.warnings.extend(not_taken_over(sheet, column, heading));
                continue;
            };
            match columns.places[field as usize] {
                None => columns.places[field as usize] = Some(column),
                Some(first) => notes.complaints.push(Complaint {
                    line: sheet.headings_line,
                    column: columns.label_at(column),
                    read: heading.clone(),
                    reason: format!(
                        "与 {} 列的“{}”是同一项内容",
                        column_name(first),
                        sheet.headings[first]
                    ),
                    advice: "请删去其中一列，或改用不同的标题".to_owned(),
                }),
            }
        }
        let is_missing = |it: &Field| it.is_required() && columns.place(*it).is_none();
        let missing = Field::ALL.into_iter().filter(is_missing);
        notes.complaints.extend(missing.map(|it| not_there(sheet, it)));
        (notes.complaints.len() == said_before).then_some(columns)
    }

    /// The column of a field, from 0.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.places[field as usize]
    }

    /// How many columns have a heading at all.
    pub(super) fn count(&self) -> usize {
        self.headings.len()
    }

    /// The heading of a field as the file has it.
    pub(super) fn heading(&self, field: Field) -> &str {
        self.place(field).map_or(field.label(), |column| &self.headings[column])
    }

    /// What complaints call a field's column.
    pub(super) fn label(&self, field: Field) -> String {
        match self.place(field) {
            Some(column) => self.label_at(column),
            None => field.label().to_owned(),
        }
    }

    /// What complaints call a column.
    pub(super) fn label_at(&self, column: usize) -> String {
        let heading = self.headings.get(column).map_or("", String::as_str);
        format!("{heading}（{} 列）", column_name(column))
    }
}

fn not_taken_over(sheet: &Sheet, column: usize, heading: &str) -> Option<Complaint> {
    let holds_something = sheet.rows.iter().any(|row| !row.cell(column).is_empty());
    if !holds_something || PASSED_OVER.contains(&plain(heading).as_str()) {
        return None;
    }
    Some(Complaint {
        line: sheet.headings_line,
        column: format!("{heading}（{} 列）", column_name(column)),
        read: heading.to_owned(),
        reason: "不认识这个标题，这一列不导入".to_owned(),
        advice: "如需导入，请改用模板中的标题；如不需要，可不处理".to_owned(),
    })
}

fn not_there(sheet: &Sheet, field: Field) -> Complaint {
    let heading = field.label();
    let others: Vec<_> = field.headings().skip(1).take(3).collect();
    Complaint {
        line: sheet.headings_line,
        column: heading.to_owned(),
        read: sheet.headings.join("、"),
        reason: format!("标题行中没有“{heading}”这一列"),
        advice: format!("请加上这一列，标题也可写作“{}”", others.join("”“")),
    }
}
