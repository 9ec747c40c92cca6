//! What to try with each fault, as whom.
//!
//! The faults themselves are the simulated platform's, which this room may not know: whoever puts
//! the house together hands them in as [`Lessons`].

use super::cast;

/// A fault of the simulated platform, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its name in addresses and on disk.
    pub code: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What happens.
    pub what: &'static str,
    /// What the candidate sees.
    pub seen: &'static str,
    /// The manual's question it belongs to, 1 to 4.
    pub faq: Option<u8>,
}

/// Where the lessons come from; managed by whoever puts the house together.
pub struct Lessons(pub fn() -> Vec<Lesson>);

impl Lesson {
    /// Where our help page answers the manual's question.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self.faq? {
            1 => "/help#popup",
            2 => "/help#unfinished",
            3 => "/help#closed",
            _ => "/help#unpaid",
        })
    }

    /// What to try; `None` for a fault that this room has no exercise for yet.
    pub fn exercise(&self) -> Option<Exercise> {
        exercise(self.code)
    }
}

/// Something to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// As whom of the cast; by its number in the list of cases.
    pub who: &'static str,
    /// What to do, and what to look at.
    pub steps: &'static str,
}

impl Exercise {
    /// The one of the cast.
    pub fn person(&self) -> Option<&'static cast::Person> {
        cast::find(self.who)
    }
}

fn exercise(code: &str) -> Option<Exercise> {
    let of = |who, steps| Some(Exercise { who, steps });
    match code {
        "notice_lost" => {
            of("P02", "提交缴费并付款，页面仍是待支付；退出后重新登录，应变为已缴费。")
        }
        "notice_late" => of("P02", "付款后再把时间往后拨，看通知到达后订单的经过。"),
        "notice_never" => of("P05", "此人已是这种情况：登录后点“缴费”，应自动核实为已缴费。"),
        "notice_twice" => of("E30a", "此人已是这种情况：在“订单”里看经过，两份通知只入账一次。"),
        "notices_reordered" => of("P02", "再请一位考生一起在同一分钟内付款，两笔都应各自入账。"),
        "notice_forged" => {
            of("E30c", "此人已是这种情况：在“订单”里看，通知留存且未采信，仍可付款。")
        }
        "forged_amount" => of("P04", "打开付款码，再到“订单”里看：通知留存且未采信。"),
        "wrong_amount" => of("E30d", "此人已是这种情况：由财务看异常，款项等待退款。"),
        "second_payment" => of("E29", "换一位还没缴费的考生付款：只算一笔，另一笔转入待退款。"),
        "paid_after_close" => of(
            "E30b",
            "此人已是这种情况；重做时打开付款码不付，再把时间往后拨45分钟，应变为已缴费。",
        ),
        "close_finds_paid" => of("P04", "点“重新申请缴费”：关单被拒，订单变为已缴费。"),
        "answers_waiting" => {
            of("P02", "同时打开“通知丢失”，付款后点“缴费”仍是待支付；拨快5分钟再点。")
        }
        "answers_unknown" => {
            of("P02", "同时打开“通知丢失”，付款后点“缴费”；拨快5分钟再点，应变为已缴费。")
        }
        "slow" => of("E28", "提交缴费，看等待时的页面；设为10秒时，看超时后的说法。"),
        "down" => of("E28", "提交缴费，看页面怎样说是否扣款；关闭故障后再点一次。"),
        "cut_off" => {
            of("E28", "提交缴费：平台已建订单而页面不知道；关闭故障后再点，应回到同一张订单。")
        }
        "refund_fails" => of("E30d", "由财务退款：银行失败后，看退款回到可以再办的状态。"),
        "refund_slow" => of("E30d", "由财务退款，再把时间往后拨，看退款何时完成。"),
        "statement_lacks" | "statement_extra" | "statement_amount" => {
            of("P03", "把时间拨到第二天，由财务对昨天的账，差异应列出并有处理办法。")
        }
        _ => None,
    }
}
