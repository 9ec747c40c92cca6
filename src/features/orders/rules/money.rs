//! What becomes of money that the platform reports, and of the notices that report it.

use jiff::Timestamp;

use crate::base::values::{Fen, OrderNo};

/// One success that the platform reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The platform's number of this money.
    pub trade_no: String,
    /// By which order it came, as the platform says; it may be none of ours.
    pub order_no: OrderNo,
    /// Which due that order was for; `None`: it is none of ours.
    pub due_id: Option<i64>,
    /// How much, as the platform says.
    pub amount: Fen,
    /// Code of the channel.
    pub channel: String,
    /// The platform's time.
    pub paid_at: Timestamp,
    /// The house's time we learnt of it.
    pub learnt_at: Timestamp,
    /// By which road.
    pub learnt_by: Road,
    /// What became of it.
    pub fate: Fate,
    /// The house's time it paid its due; `None`: it never counted.
    pub counted_at: Option<Timestamp>,
}

impl Payment {
    /// Did it pay its due, whatever became of it later?
    pub fn counted(&self) -> bool {
        self.counted_at.is_some()
    }
}

/// By which road we learn of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// The platform's signed notice.
    Notice,
    /// Our own question.
    Question,
    /// The day's statement.
    Statement,
}

impl Road {
    /// All of them.
    pub const ALL: [Road; 3] = [Road::Notice, Road::Question, Road::Statement];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Road::Notice => "notice",
            Road::Question => "question",
            Road::Statement => "statement",
        }
    }

    /// Reads [`Road::name`] back.
    pub fn from_name(name: &str) -> Option<Road> {
        Road::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Road::Notice => "平台通知",
            Road::Question => "查单",
            Road::Statement => "对账文件",
        }
    }
}

/// What became of a success. Each has exactly one fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It paid its due.
    Counted,
    /// It must be given back.
    ToRefund,
    /// It is being given back.
    Refunding,
    /// It was given back.
    Refunded,
}

/// What happens to money that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FateEvent {
    /// The platform accepted its refund.
    Sent,
    /// It went back.
    Ended,
}

impl Fate {
    /// All of them.
    pub const ALL: [Fate; 4] = [Fate::Counted, Fate::ToRefund, Fate::Refunding, Fate::Refunded];

    /// What follows for money. `None` once it is gone.
    pub fn after(self, event: FateEvent) -> Option<Fate> {
        match (self, event) {
            (Fate::Counted | Fate::ToRefund | Fate::Refunding, FateEvent::Sent) => {
                Some(Fate::Refunding)
            }
            (Fate::Counted | Fate::ToRefund | Fate::Refunding, FateEvent::Ended) => {
                Some(Fate::Refunded)
            }
            (Fate::Refunded, FateEvent::Sent | FateEvent::Ended) => None,
        }
    }

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Counted => "counted",
            Fate::ToRefund => "to_refund",
            Fate::Refunding => "refunding",
            Fate::Refunded => "refunded",
        }
    }

    /// Reads [`Fate::name`] back.
    pub fn from_name(name: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Fate::Counted => "已入账",
            Fate::ToRefund => "待退款",
            Fate::Refunding => "退款中",
            Fate::Refunded => "已退款",
        }
    }
}

/// What a reported success turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It paid its due, now.
    Counted,
    /// We knew of it.
    Known,
    /// Its due was paid, or owed no more: it must be given back.
    Duplicate,
    /// It is not the amount that was asked: it must be given back.
    WrongAmount,
    /// No order of ours has this number.
    UnknownOrder,
}

/// What a received notice was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It settled an order.
    Settled,
    /// It told nothing new.
    Known,
    /// The platform did not write it.
    Forged,
    /// It speaks of an order we do not know.
    UnknownOrder,
    /// It speaks of another amount than was asked.
    WrongAmount,
    /// It is genuine and tells of no money.
    Nonsense,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 6] = [
        Verdict::Settled,
        Verdict::Known,
        Verdict::Forged,
        Verdict::UnknownOrder,
        Verdict::WrongAmount,
        Verdict::Nonsense,
    ];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Settled => "settled",
            Verdict::Known => "known",
            Verdict::Forged => "forged",
            Verdict::UnknownOrder => "unknown_order",
            Verdict::WrongAmount => "wrong_amount",
            Verdict::Nonsense => "nonsense",
        }
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Settled => "已入账",
            Verdict::Known => "重复通知，未重复入账",
            Verdict::Forged => "签名不符，未采信",
            Verdict::UnknownOrder => "没有对应订单",
            Verdict::WrongAmount => "金额不符，转退款",
            Verdict::Nonsense => "没有支付内容",
        }
    }
}

impl From<Settled> for Verdict {
    fn from(settled: Settled) -> Verdict {
        match settled {
            Settled::Counted | Settled::Duplicate => Verdict::Settled,
            Settled::Known => Verdict::Known,
            Settled::WrongAmount => Verdict::WrongAmount,
            Settled::UnknownOrder => Verdict::UnknownOrder,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Fate, FateEvent};

    #[test]
    fn the_fate_of_money() {
        let mut table = String::new();
        for fate in Fate::ALL {
            for event in [FateEvent::Sent, FateEvent::Ended] {
                let next = fate.after(event).map_or("too late", Fate::name);
                table += &format!("{:10}{:6}{next}\n", fate.name(), format!("{event:?}"));
            }
        }
        expect![[r#"
            counted   Sent  refunding
            counted   Ended refunded
            to_refund Sent  refunding
            to_refund Ended refunded
            refunding Sent  refunding
            refunding Ended refunded
            refunded  Sent  too late
            refunded  Ended too late
        "#]]
        .assert_eq(&table);
    }
}
