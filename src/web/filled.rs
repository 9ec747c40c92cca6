//! A form as a person filled it in, for showing it again with its complaints.

use std::collections::BTreeMap;

use rocket::form::error::ErrorKind;
use rocket::form::{Context, Error};

/// The fields as the person filled them in, each with its complaint. Passwords and captcha answers
/// are never kept.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    typed: BTreeMap<String, String>,
    wrong: Vec<(String, String)>,
}

impl Filled {
    /// What was typed into a form that was read, and what Rocket says of it.
    pub(super) fn of(context: &Context<'_>) -> Filled {
        let mut filled = Filled::default();
        for field in context.fields().filter(|it| !is_secret(&it.to_string())) {
            if let Some(value) = context.field_value(field) {
                filled.typed.insert(field.to_string(), value.to_owned());
            }
        }
        for error in context.errors() {
            if let Some(name) = &error.name {
                filled.complain(&name.to_string(), worded(error));
            }
        }
        filled
    }

    /// A page shown for the first time, with this in one of its fields.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Filled {
        self.typed.insert(field.to_owned(), value.into());
        self
    }

    /// What was typed into a field; empty when nothing was.
    pub fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.as_str())
    }

    /// Everything that is wrong, in the order of the fields.
    pub fn errors(&self) -> &[(String, String)] {
        &self.wrong
    }

    /// Says what is wrong with a field. The first complaint about a field stands.
    pub fn complain(&mut self, field: &str, text: impl Into<String>) {
        if self.error(field).is_none() {
            self.wrong.push((field.to_owned(), text.into()));
        }
    }

    /// The text of a field that must be there, without the blanks around it; lines and tabs may
    /// stand in it. `None`, with a complaint, where it is missing or has more than `most` characters.
    pub fn text(&mut self, field: &str, missing: &str, most: usize) -> Option<String> {
        self.there(field, missing)?;
        self.optional_text(field, most)
    }

    /// The same of a field that may be empty.
    pub fn optional_text(&mut self, field: &str, most: usize) -> Option<String> {
        self.within(field, most, &['\r', '\n', '\t'])
    }

    /// As [`Filled::text`], but a tab is complained of: what stands in a column or on paper.
    pub fn line(&mut self, field: &str, missing: &str, most: usize) -> Option<String> {
        self.there(field, missing)?;
        self.optional_line(field, most)
    }

    /// The same of a field that may be empty.
    pub fn optional_line(&mut self, field: &str, most: usize) -> Option<String> {
        self.within(field, most, &['\r', '\n'])
    }

    fn there(&mut self, field: &str, missing: &str) -> Option<()> {
        if self.value(field).trim().is_empty() {
            self.complain(field, missing);
            return None;
        }
        Some(())
    }

    fn within(&mut self, field: &str, most: usize, controls: &[char]) -> Option<String> {
        let text = self.value(field).trim().to_owned();
        let length = text.chars().count();
        if length > most {
            self.complain(field, format!("最多{most}个字，现在有{length}个，请缩短。"));
            return None;
        }
        if text.chars().any(|it| it.is_control() && !controls.contains(&it)) {
            self.complain(field, "有无法显示的字符，请重新输入。");
            return None;
        }
        Some(text)
    }

    /// All that was typed, our own hidden fields apart.
    pub fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn is_secret(field: &str) -> bool {
    field.contains("password") || field == "captcha" || field.starts_with('_')
}

/// Puts what Rocket says of a field into words.
fn worded(error: &Error<'_>) -> String {
    match &error.kind {
        ErrorKind::Missing => "请填写这一项。".into(),
        ErrorKind::Validation(text) => text.to_string(),
        ErrorKind::InvalidLength { .. } => "内容过长，请缩短后重新填写。".into(),
        ErrorKind::Int(_) | ErrorKind::Float(_) | ErrorKind::OutOfRange { .. } => {
            "请填写数字。".into()
        }
        // Rocket's list is open; whatever else it finds, the person can only fill it in again.
        _ => "无法读取这一项的内容，请重新填写。".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::Filled;

    #[test]
    fn a_tab_may_stand_in_a_text_and_not_in_a_line() {
        let filled = || Filled::default().with("name", " 报名\t费\n ");

        assert_eq!(filled().text("name", "请填写。", 5).as_deref(), Some("报名\t费"));
        let mut line = filled();
        assert_eq!(line.line("name", "请填写。", 5), None);
        assert_eq!(line.error("name"), Some("有无法显示的字符，请重新输入。"));
    }

    #[test]
    fn what_is_missing_or_too_long_is_said() {
        let mut filled = Filled::default().with("name", " ").with("unit", "人次次");
        assert_eq!(filled.optional_line("name", 2).as_deref(), Some(""));
        assert_eq!(filled.line("name", "请填写。", 2), None);
        assert_eq!(filled.text("unit", "请填写。", 2), None);
        assert_eq!(filled.error("name"), Some("请填写。"));
        assert_eq!(filled.error("unit"), Some("最多2个字，现在有3个，请缩短。"));
    }
}
