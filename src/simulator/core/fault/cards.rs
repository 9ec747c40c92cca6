//! The words about each fault.

use super::{Card, Fault, Measure, Unit};

const NOTICE_SEEN: &str =
    "付完款回到缴费页面，仍显示待支付；点“缴费”或重新登录会按订单号核实，随即变为已缴费。";
const STATEMENT_SEEN: &str = "考生看不到变化。财务下载当天的对账文件时会看到差异。";

/// The one table.
#[expect(clippy::too_many_lines, reason = "a row for each fault")]
pub(super) fn of(fault: Fault) -> Card {
    match fault {
        Fault::NoticeLost => card("notice_lost", "通知丢失")
            .what("支付成功的通知发出后在路上丢失，平台按间隔重发，仍旧丢失；关掉后，下一次重发能到。")
            .seen(NOTICE_SEEN)
            .faq(4),
        Fault::NoticeLate => card("notice_late", "通知迟到")
            .what("支付成功的通知过这么久才发出。")
            .seen(NOTICE_SEEN)
            .faq(4)
            .measured(Unit::Minutes, 10, 600),
        Fault::NoticeNever => card("notice_never", "只扣款，不通知")
            .what("钱已扣，平台从不通知；查询能查到已支付。")
            .seen(NOTICE_SEEN)
            .faq(4),
        Fault::NoticeTwice => card("notice_twice", "通知重复")
            .what("对方已答复收到，平台仍把同一份通知再发一次。")
            .seen("只入账一次，只有一张票据。")
            .faq(4),
        Fault::NoticesReordered => card("notices_reordered", "通知乱序")
            .what("通知攒到整分钟一起发出，后付的先到。")
            .seen("最多晚一分钟变为已缴费，各人互不影响。")
            .faq(4),
        Fault::NoticeForged => card("notice_forged", "伪造的通知")
            .what("考生打开付款码时，有人冒充平台发出“支付成功”，签名不对。")
            .seen("订单仍是待支付，可以照常付款。"),
        Fault::ForgedAmount => card("forged_amount", "伪造的通知，金额也不对")
            .what("同上，冒充的通知里写的还是另一个金额。")
            .seen("订单仍是待支付，可以照常付款。"),
        Fault::WrongAmount => card("wrong_amount", "扣款金额不符")
            .what("通知是真的，平台实际扣的钱却少了这么多。")
            .seen("不算缴费成功，订单关闭；多扣少扣的钱转入异常，等待退款。")
            .measured(Unit::Yuan, 1, 1_000),
        Fault::SecondPayment => card("second_payment", "两个渠道都扣了款")
            .what("考生用一个渠道确认付款，另一个渠道也扣了一次。")
            .seen("缴费成功一次；多付的一笔由收款单位退回。")
            .faq(3),
        Fault::PaidAfterClose => card("paid_after_close", "关单后到账")
            .what("打开过付款码的订单关闭后（本开关打开以后关闭的），过这么久银行才扣款。")
            .seen("先看到“订单已关闭，无法支付”，之后变为已缴费；若已另付一笔，先到的算数，另一笔退回。")
            .faq(3)
            .measured(Unit::Minutes, 5, 600),
        Fault::CloseFindsPaid => card("close_finds_paid", "关单时刚好付成")
            .what("商户要求关闭订单的一瞬间，考生付成了款：关单被拒，答复“已支付”。")
            .seen("订单不会关闭，变为已缴费。")
            .faq(3),
        Fault::AnswersWaiting => card("answers_waiting", "查询答“待支付”")
            .what("付款后这段时间内，查询答复待支付，其实已经扣款。")
            .seen("钱已付，点“缴费”核实仍是待支付；过了这段时间再核实才变为已缴费。请不要重复付款。")
            .faq(4)
            .measured(Unit::Minutes, 5, 600),
        Fault::AnswersUnknown => card("answers_unknown", "查询答“没有这个订单”")
            .what("付款后这段时间内，查询答复没有这个订单，其实已经扣款。")
            .seen("同上：过了这段时间再核实才变为已缴费。")
            .faq(4)
            .measured(Unit::Minutes, 5, 600),
        Fault::Slow => card("slow", "平台很慢")
            .what("平台的每个答复都要等这么久；商户等8秒就放弃。")
            .seen("点“提交缴费”后要等；等不到时，页面说明是否扣款以查询为准。")
            .faq(2)
            .measured(Unit::Seconds, 5, 30),
        Fault::Down => card("down", "平台故障")
            .what("平台什么也不做，只答 503。收银台页面仍能打开。")
            .seen("申请不了缴费；已有的订单保持待支付，不会被当成没有付款。")
            .faq(2),
        Fault::CutOff => card("cut_off", "答复中断")
            .what("请求已经办了，答复在半路中断，商户不知道办成没有。")
            .seen("页面说明是否扣款以查询为准；恢复后自动核实。")
            .faq(4),
        Fault::RefundFails => card("refund_fails", "银行不肯退款")
            .what("此后受理的退款，银行都答复失败（例如卡已注销）。")
            .seen("退款没有到账，由财务换一种办法处理。"),
        Fault::RefundSlow => card("refund_slow", "退款很慢")
            .what("此后受理的退款，银行过这么久才办完。")
            .seen("退款显示处理中。")
            .measured(Unit::Minutes, 60, 20_160),
        Fault::StatementLacks => card("statement_lacks", "对账文件少一行")
            .what("对账文件里少一笔支付。真账不变，平台上仍是已支付。")
            .seen(STATEMENT_SEEN),
        Fault::StatementExtra => card("statement_extra", "对账文件多一行")
            .what("对账文件里多出一笔并不存在的支付。真账不变。")
            .seen(STATEMENT_SEEN),
        Fault::StatementAmount => card("statement_amount", "对账文件金额不符")
            .what("对账文件里一笔支付多写了这么多。真账不变，真正扣的是原来的金额。")
            .seen(STATEMENT_SEEN)
            .measured(Unit::Yuan, 1, 1_000),
    }
}

const fn card(code: &'static str, label: &'static str) -> Card {
    Card { code, label, what: "", seen: "", faq: None, measure: None }
}

impl Card {
    const fn what(mut self, what: &'static str) -> Card {
        self.what = what;
        self
    }

    const fn seen(mut self, seen: &'static str) -> Card {
        self.seen = seen;
        self
    }

    const fn faq(mut self, question: u8) -> Card {
        self.faq = Some(question);
        self
    }

    const fn measured(mut self, unit: Unit, usual: u32, most: u32) -> Card {
        self.measure = Some(Measure { unit, usual, most });
        self
    }
}
