//! What is typed into the forms of 收费项目, read once: each text becomes what it should be, or a
//! complaint stands by its field.

use crate::base::values::Fen;
use crate::features::fees::rules::{ItemTexts, NewItem, NewProject, Project, ProjectTexts};
use crate::web::Filled;

const TITLE_MAX: usize = 60;
const CONSEQUENCE_MAX: usize = 200;
const NAME_MAX: usize = 40;
const UNIT_MAX: usize = 8;
const CODE_MAX: usize = 20;

/// A new project and its fee item.
pub(super) fn new_project(filled: &mut Filled) -> Option<(NewProject, NewItem)> {
    let texts = project_texts(filled);
    let code = code(filled, "code");
    let item_code = self::code(filled, "item_code");
    let item = item_texts(filled);
    let project = NewProject { code: code?, texts: texts? };
    Some((project, NewItem { code: item_code?, texts: item? }))
}

/// What a project says.
pub(super) fn project_texts(filled: &mut Filled) -> Option<ProjectTexts> {
    let title = filled.line("title", "请填写项目名称。", TITLE_MAX);
    let consequence = filled.optional_line("consequence", CONSEQUENCE_MAX);
    let shown = filled.value("shown") == "true";
    Some(ProjectTexts { title: title?, consequence: consequence?, shown })
}

/// What a fee item says and costs.
pub(super) fn item_texts(filled: &mut Filled) -> Option<ItemTexts> {
    let name = filled.line("name", "请填写费用名称。", NAME_MAX);
    let unit = filled.line("unit", "请填写单位，例如 人次。", UNIT_MAX);
    let standard = filled.value("standard").parse::<Fen>();
    let standard = match standard {
        Ok(it) if it.is_zero() => {
            filled.complain("standard", "金额应大于0元，请填写应收的金额");
            None
        }
        Ok(it) => Some(it),
        Err(wrong) => {
            filled.complain("standard", wrong.to_string());
            None
        }
    };
    Some(ItemTexts { name: name?, unit: unit?, standard: standard? })
}

/// The form of a project's texts as it stands.
pub(super) fn of_project(project: &Project) -> Filled {
    Filled::default()
        .with("title", &project.title)
        .with("consequence", &project.consequence)
        .with("shown", project.shown.to_string())
}

/// The form of a fee item as it stands.
pub(super) fn of_item(texts: &ItemTexts) -> Filled {
    Filled::default()
        .with("name", &texts.name)
        .with("unit", &texts.unit)
        .with("standard", texts.standard.to_string())
}

fn code(filled: &mut Filled, field: &str) -> Option<String> {
    let code = filled.line(field, "请填写代码，例如 2026-ZZ。", CODE_MAX)?;
    if code.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
        return Some(code);
    }
    filled.complain(field, "代码只能用英文字母、数字和“-”，请修改。");
    None
}
