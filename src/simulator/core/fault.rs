//! What can go wrong at a platform and be switched on: the manual's questions, and what lies behind
//! them.

mod cards;

/// One thing that goes wrong while it is switched on, for one order or for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Notices get lost on the way; the platform goes on trying.
    NoticeLost,
    /// A notice is sent so many minutes after the payment.
    NoticeLate,
    /// A notice that was answered SUCCESS is sent once more.
    NoticeTwice,
    /// Notices wait for the full minute and go out newest first.
    NoticesReordered,
    /// Money is taken and nobody is ever told; asking finds it.
    NoticeNever,
    /// Somebody sends a success with a signature that is not the platform's.
    NoticeForged,
    /// The same, of another amount.
    ForgedAmount,
    /// The platform takes so many yuan less than was asked.
    WrongAmount,
    /// Whoever confirms is debited by a second channel, too.
    SecondPayment,
    /// So many minutes after an order closed the bank takes the money all the same.
    PaidAfterClose,
    /// Closing finds that the payer has just paid.
    CloseFindsPaid,
    /// A question is answered WAITING for so many minutes after the payment.
    AnswersWaiting,
    /// A question is answered ORDER_UNKNOWN for so many minutes after the payment.
    AnswersUnknown,
    /// Every answer takes so many seconds.
    Slow,
    /// Nothing is done: a bare 503.
    Down,
    /// What was asked is done; the answer breaks off.
    CutOff,
    /// The bank will not give money back.
    RefundFails,
    /// The bank thinks about a refund for so many minutes.
    RefundSlow,
    /// A statement lacks a line.
    StatementLacks,
    /// A statement has a line too many.
    StatementExtra,
    /// A line of a statement says so many yuan more.
    StatementAmount,
}

/// What people are to know about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its name on disk and in addresses.
    pub code: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What happens.
    pub what: &'static str,
    /// What the candidate sees meanwhile.
    pub seen: &'static str,
    /// The question of the manual's 常见问题解答 it belongs to, 1 to 4; none where it has none.
    pub faq: Option<u8>,
    /// How much of it, where it has a measure.
    pub measure: Option<Measure>,
}

/// How much of a fault: minutes, seconds, yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Of what.
    pub unit: Unit,
    /// When nobody says.
    pub usual: u32,
    /// At most; at least it is 1.
    pub most: u32,
}

/// What a [`Measure`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 分钟, of business time.
    Minutes,
    /// 秒, of the wall's.
    Seconds,
    /// 元.
    Yuan,
}

impl Unit {
    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Unit::Minutes => "分钟",
            Unit::Seconds => "秒",
            Unit::Yuan => "元",
        }
    }
}

impl Fault {
    /// Every fault, in the order of a page.
    pub const ALL: [Fault; 21] = [
        Fault::NoticeLost,
        Fault::NoticeLate,
        Fault::NoticeNever,
        Fault::NoticeTwice,
        Fault::NoticesReordered,
        Fault::NoticeForged,
        Fault::ForgedAmount,
        Fault::WrongAmount,
        Fault::SecondPayment,
        Fault::PaidAfterClose,
        Fault::CloseFindsPaid,
        Fault::AnswersWaiting,
        Fault::AnswersUnknown,
        Fault::Slow,
        Fault::Down,
        Fault::CutOff,
        Fault::RefundFails,
        Fault::RefundSlow,
        Fault::StatementLacks,
        Fault::StatementExtra,
        Fault::StatementAmount,
    ];

    /// Its name on disk and in addresses.
    pub fn code(self) -> &'static str {
        self.card().code
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        self.card().label
    }

    /// The fault of that code.
    pub fn from_code(code: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|it| it.code() == code)
    }

    /// How much of it there is when `asked` for so much: within its limits, 0 without a measure.
    pub fn measured(self, asked: Option<u32>) -> u32 {
        let measure = self.card().measure;
        measure.map_or(0, |it| asked.unwrap_or(it.usual).clamp(1, it.most))
    }

    /// All that is known about it.
    pub fn card(self) -> Card {
        cards::of(self)
    }
}
