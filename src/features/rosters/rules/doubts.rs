//! What may be right and should be looked at.

use jiff::civil::Date;

use super::headings::Field;
use super::row::Reader;
use crate::base::values::{IdDocument, PersonName, Sex};

impl Reader<'_> {
    pub(super) fn look_at_name(&mut self, name: &PersonName, lacking: &impl Fn(&str) -> Vec<char>) {
        if name.suspicious() {
            let reason = "疑似缺字：原系统可能写不出其中某个字".to_owned();
            self.warn(Field::Name, name.given(), reason, "请对照证件核对姓名");
            return;
        }
        let lacking = lacking(name.shown());
        if lacking.is_empty() {
            return;
        }
        let named = |it: &char| format!("“{it}”（U+{:04X}）", u32::from(*it));
        let named: Vec<_> = lacking.iter().map(named).collect();
        let reason = format!("内置字体中没有{}，票据上印不出来", named.join("、"));
        self.warn(
            Field::Name,
            name.given(),
            reason,
            "请在“名册导入—缺字图片”中为每个字提供一张图片",
        );
    }

    pub(super) fn compare_sex(&mut self, document: &IdDocument) {
        let (Some(text), Some(sex)) = (self.text(Field::Sex), document.sex()) else { return };
        if Sex::from_label(text) != Some(sex) {
            let reason = format!("与证件号不一致，按证件号应为“{}”", sex.label());
            self.warn(Field::Sex, text, reason, "请核对性别和证件号");
        }
    }

    pub(super) fn compare_birth_date(&mut self, document: &IdDocument) {
        let Some(text) = self.text(Field::BirthDate) else { return };
        let Some(born) = document.birth_date() else { return };
        if date(text) != Some(born) {
            // The date itself would give away what complaints hide of the number.
            let reason = "与证件号中的出生日期不一致".to_owned();
            self.warn(Field::BirthDate, text, reason, "请核对出生日期和证件号");
        }
    }
}

/// `2007-02-28`, `2007/2/28`, `2007.2.28`, `2007年2月28日` or `20070228`, a time behind it or not.
fn date(text: &str) -> Option<Date> {
    let text = text.split([' ', 'T']).next()?;
    if text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit()) {
        return Date::strptime("%Y%m%d", text).ok();
    }
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts[..] else { return None };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
