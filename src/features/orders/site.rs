//! 缴费, 支付结果确认 and 我的订单: what a candidate sees of orders.

mod back;
mod dues;
mod index;
mod results;

use rocket::Route;
use rocket::http::Status;

use super::rules::Refused;
use super::view;
use crate::base::outcome::Fault;
use crate::features::candidates;
use crate::features::candidates::rules::Person;
use crate::machinery::db::ReadTx;
use crate::web::Refusal;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    [dues::routes(), results::routes(), index::routes()].concat()
}

fn person(tx: &ReadTx<'_>, account: i64) -> Result<Person, Fault> {
    candidates::find(tx, account)?.ok_or_else(|| Fault::new("a logged-in account is missing"))
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::NoSuchDue => Status::NotFound,
            Refused::TooMany => Status::TooManyRequests,
            Refused::NothingOwed
            | Refused::Shut { .. }
            | Refused::KeepsOld { .. }
            | Refused::FormReused => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::NoSuchDue => ("没有找到这项缴费。", "请返回“缴费”页面重新进入。".to_owned()),
            Refused::NothingOwed => (
                "这项费用已经不需要缴纳，没有再次扣款。",
                "请在“缴费”页面查看缴费状态和票据。".to_owned(),
            ),
            Refused::Shut { opens: Some(opens) } => {
                ("现在不在缴费时间内，没有产生订单，没有扣款。", format!("下一次开放：{opens}。"))
            }
            Refused::Shut { opens: None } => (
                "缴费已经结束，没有产生订单，没有扣款。",
                "如有疑问，请在咨询时间内联系技术支持。".to_owned(),
            ),
            Refused::KeepsOld { until } => (
                "现在不在缴费时间内，不能重新申请。原来的订单没有关闭，没有扣款。",
                format!("请返回，点“继续支付”，在{}之前完成支付。", view::minute(*until)),
            ),
            Refused::TooMany => (
                "一小时内申请缴费的次数过多，没有产生新的订单，没有扣款。",
                "请等一会儿再试；如果已经付款，请不要再次付款，系统会自动核实。".to_owned(),
            ),
            Refused::FormReused => (
                "这个页面已经提交过别的内容，没有产生新的订单。",
                "请返回“缴费”页面，刷新后重新提交。".to_owned(),
            ),
        };
        (happened.to_owned(), now)
    }
}
