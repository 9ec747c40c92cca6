//! How days and sums are put for people, and why something was not done.

use jiff::Timestamp;
use jiff::civil::Date;
use rocket::http::Status;

use crate::base::clock::OFFICE;
use crate::features::reconciliation::rules::{Refused, WORDS_MAX};
use crate::web::Refusal;

/// 3月13日 星期五
pub(super) fn day(day: Date) -> String {
    const WEEK: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let weekday = WEEK[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
    format!("{} 星期{weekday}", day.strftime("%-m月%-d日"))
}

/// 2026年3月13日
pub(super) fn full_day(day: Date) -> String {
    day.strftime("%Y年%-m月%-d日").to_string()
}

/// 2026年3月13日 10:28:02
pub(super) fn instant(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()
}

/// Fen as yuan, in groups of three: 1,234.50; a sum may be larger than one amount, or negative.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = ((fen.unsigned_abs() / 100).to_string(), fen.unsigned_abs() % 100);
    let mut grouped = String::new();
    for (i, digit) in yuan.chars().enumerate() {
        if i > 0 && (yuan.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{rest:02}")
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Unknown => Status::NotFound,
            Refused::NoWords | Refused::Bad(_) => Status::UnprocessableEntity,
            Refused::PlatformAway(_) => Status::ServiceUnavailable,
            Refused::SamePerson => Status::Forbidden,
            Refused::NotOver
            | Refused::NotReady
            | Refused::NoStatement
            | Refused::Unsettled(_)
            | Refused::ClosedBefore { .. }
            | Refused::NotNow
            | Refused::Contradicted
            | Refused::FormReused => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now): (String, &str) = match self {
            Refused::Unknown => ("没有找到这笔差异或这张日结单。".into(), "请返回“对账”重新选择。"),
            Refused::NotOver => ("这一天还没有结束，不能对账和日结。".into(), "请在次日办理。"),
            Refused::NotReady => (
                "公共支付平台还没有生成这一天的对账文件。".into(),
                "请稍后再获取，或等待系统每天 03:30 后自动获取。",
            ),
            Refused::PlatformAway(trouble) => (
                format!("公共支付平台没有给出可用的应答（{trouble}），没有改动任何数据。"),
                "请稍后再试；对账文件也可以从平台网站下载后上传。",
            ),
            Refused::Bad(complaints) => (
                format!("对账文件有 {} 处问题，没有保存任何内容。", complaints.count()),
                "请改用平台提供的文件原件，重新上传。",
            ),
            Refused::NoStatement => {
                ("还没有这一天的对账文件，不能日结。".into(), "请先从平台获取，或上传对账文件。")
            }
            Refused::Unsettled(n) => {
                (format!("还有 {n} 笔差异没有处理完，不能日结。"), "请逐笔处理或说明原因后再日结。")
            }
            Refused::ClosedBefore { at, .. } => (
                format!("这一天已于 {} 日结，没有重复日结。", instant(*at)),
                "请返回这一天查看日结单。",
            ),
            Refused::NotNow => (
                "这一步现在不能办理：刚刚可能有人处理过。".into(),
                "请返回这一天，查看最新状态后再办理。",
            ),
            Refused::SamePerson => (
                "提出和确认不能是同一个人，本次没有确认。".into(),
                "请由另一位财务人员登录后确认。",
            ),
            Refused::NoWords => {
                (format!("说明应为 1 至 {WORDS_MAX} 个字，没有保存。"), "请返回上一页重新填写。")
            }
            Refused::Contradicted => (
                "公共支付平台答复没有这笔款项，或金额不同，没有入账。".into(),
                "请核对对账文件是否为平台提供的原件，或退回后说明原因。",
            ),
            Refused::FormReused => (
                "这张表单已经提交过，内容与这次不同，这次没有办理。".into(),
                "请刷新页面后重新提交。",
            ),
        };
        (happened, now.into())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{day, yuan};

    #[test]
    fn sums_and_days_are_read_by_people() {
        assert_eq!(yuan(123_456_789), "1,234,567.89");
        assert_eq!(
            (yuan(-5), yuan(0), yuan(100_000)),
            ("-0.05".into(), "0.00".into(), "1,000.00".into())
        );
        assert_eq!(day(date(2026, 3, 13)), "3月13日 星期五");
    }
}
