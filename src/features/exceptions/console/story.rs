//! 经过: what was done to a refund, when, and by whom.

use jiff::Timestamp;

use super::words;
use crate::base::outcome::Fault;
use crate::features::staff;
use crate::machinery::db::{AuditLine, ReadTx};

/// One line.
pub(super) struct Told {
    pub(super) at: String,
    pub(super) what: String,
    pub(super) by: String,
}

/// The lines of the log about a refund, oldest first.
pub(super) fn of(tx: &ReadTx<'_>, about: &str) -> Result<Vec<Told>, Fault> {
    tx.audit_about(about)?.iter().map(|line| told(tx, line)).collect()
}

fn told(tx: &ReadTx<'_>, line: &AuditLine) -> Result<Told, Fault> {
    let at: Timestamp = line.house_at.parse().unwrap_or_default();
    let what = match line.act.as_str() {
        "refund.asked" => "提出退款申请",
        "refund.asked_by_rule" => "款项不能入账，自动申请退款",
        "refund.approved" => "批准退款",
        "refund.declined" => "驳回退款申请",
        "refund.sent" => "平台受理退款",
        "refund.ended" => "平台确认款项已退回",
        "refund.failed" => "退款失败",
        "refund.retried" => "换新退款号重新发送",
        "refund.transferred" => "登记银行转账",
        "refund.transfer_taken_back" => "撤回银行转账登记",
        "refund.transfer_confirmed" => "复核银行转账，退款完成",
        other => other,
    };
    Ok(Told { at: words::instant(at), what: what.to_owned(), by: by(tx, line)? })
}

fn by(tx: &ReadTx<'_>, line: &AuditLine) -> Result<String, Fault> {
    let kind = match line.by_kind.as_str() {
        "staff" => "工作人员",
        "candidate" => "考生核实付款时",
        "platform" => "公共支付平台",
        "job" => "系统定时任务",
        "operator" => "系统操作员",
        _ => "—",
    };
    let Some(id) = line.by_which.as_deref().filter(|_| line.by_kind == "staff") else {
        return Ok(kind.to_owned());
    };
    let name = id.parse().ok().map(|it| staff::find(tx, it)).transpose()?.flatten();
    Ok(name.map_or_else(|| kind.to_owned(), |it| it.name))
}
