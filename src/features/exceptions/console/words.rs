//! How times are put, and why something about a refund was not done.

use jiff::Timestamp;
use rocket::http::Status;

use crate::base::clock::OFFICE;
use crate::base::values::OrderNo;
use crate::features::refunds::rules::Refused;
use crate::web::Refusal;

/// 2026年3月13日 10:28:02
pub(super) fn instant(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()
}

/// A refund's number in groups, like the order number it is made like.
pub(super) fn grouped(no: &str) -> String {
    let order: Option<OrderNo> = no.strip_prefix('R').and_then(|it| it.parse().ok());
    order.map_or_else(|| no.to_owned(), |it| format!("R{}", it.grouped()))
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Unknown => Status::NotFound,
            Refused::AbovePaid { .. } | Refused::Partial { .. } | Refused::NothingSaid => {
                Status::UnprocessableEntity
            }
            Refused::NothingToGiveBack
            | Refused::AlreadyAsked { .. }
            | Refused::Moved { .. }
            | Refused::SamePerson
            | Refused::MustGoBack
            | Refused::NotStaff
            | Refused::FormReused => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let plain = |happened: &str, now: &str| (happened.to_owned(), now.to_owned());
        match self {
            Refused::Unknown => plain("没有找到这笔退款。", "请返回“异常与退款”重新进入。"),
            Refused::NothingToGiveBack => plain(
                "这张订单没有已入账的款项，不能申请退款。",
                "多付或金额不符的款项由系统自动申请退款，请在“异常与退款”中查看。",
            ),
            Refused::AbovePaid { paid } => (
                format!("退款金额超过了实缴金额 {paid} 元，没有提出申请。"),
                format!("请按实缴金额 {paid} 元全额退款。"),
            ),
            Refused::Partial { paid } => (
                format!("只能全额退款，不能只退一部分。实缴金额是 {paid} 元，没有提出申请。"),
                format!("请按实缴金额 {paid} 元全额退款；需要重新收取时，选“重新开放缴费”。"),
            ),
            Refused::AlreadyAsked { state, .. } => (
                format!("这笔款项已经有一笔退款，状态是“{}”，没有重复申请。", state.label()),
                "请在“异常与退款”或“退款记录”中查看。".to_owned(),
            ),
            Refused::Moved { now, by } => {
                let who = by.as_ref().map_or_else(String::new, |it| format!("由{it}处理，"));
                (
                    format!(
                        "这笔退款刚才已经{who}现在的状态是“{}”，您的操作没有执行。",
                        now.label()
                    ),
                    "请返回刷新这笔退款，看清现在的状态再处理。".to_owned(),
                )
            }
            Refused::SamePerson => plain(
                "提出申请或登记转账的人不能自己批准，没有执行。",
                "请另一位财务人员处理这笔退款。",
            ),
            Refused::MustGoBack => {
                plain("这笔款项没有入账，必须退给付款人，不能驳回。", "请核对后批准退款。")
            }
            Refused::NothingSaid => {
                plain("没有填写必填的内容，没有执行。", "请返回填写后重新提交。")
            }
            Refused::NotStaff => plain("只有财务人员可以办理退款。", "请用财务账号登录后办理。"),
            Refused::FormReused => plain(
                "这个页面已经提交过别的内容，这一次没有执行。",
                "请返回刷新这笔退款后再处理。",
            ),
        }
    }
}
