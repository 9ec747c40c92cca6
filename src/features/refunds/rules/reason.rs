//! Why money goes back, and what becomes of the due.

/// What becomes of the due when its money has gone back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// 应缴取消: nothing is owed any more.
    Cancel,
    /// 重新开放缴费: it is owed again.
    Reopen,
}

impl Afterwards {
    /// Both.
    pub const ALL: [Afterwards; 2] = [Afterwards::Cancel, Afterwards::Reopen];

    /// As it lies in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Afterwards::Cancel => "cancel",
            Afterwards::Reopen => "reopen",
        }
    }

    /// Reads [`Afterwards::name`] back.
    pub fn from_name(name: &str) -> Option<Afterwards> {
        Afterwards::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Afterwards::Cancel => "应缴取消",
            Afterwards::Reopen => "重新开放缴费",
        }
    }
}

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The due had been paid already.
    Duplicate,
    /// It was not the amount that was asked.
    WrongAmount,
    /// The due had fallen away.
    NotOwed,
    /// No due of ours belongs to it.
    UnknownOrder,
    /// There is no examination.
    ExamCancelled,
    /// It ought not to have been paid.
    PaidInError,
    /// Whatever else; the words say it.
    Other,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 7] = [
        Reason::Duplicate,
        Reason::WrongAmount,
        Reason::NotOwed,
        Reason::UnknownOrder,
        Reason::ExamCancelled,
        Reason::PaidInError,
        Reason::Other,
    ];

    /// Those that a person may choose; the others are found by rule.
    pub const BY_STAFF: [Reason; 3] = [Reason::ExamCancelled, Reason::PaidInError, Reason::Other];

    /// As it lies in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Duplicate => "duplicate",
            Reason::WrongAmount => "wrong_amount",
            Reason::NotOwed => "not_owed",
            Reason::UnknownOrder => "unknown_order",
            Reason::ExamCancelled => "exam_cancelled",
            Reason::PaidInError => "paid_in_error",
            Reason::Other => "other",
        }
    }

    /// Reads [`Reason::name`] back.
    pub fn from_name(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As the payer and the platform read it.
    pub fn label(self) -> &'static str {
        match self {
            Reason::Duplicate => "重复付款",
            Reason::WrongAmount => "付款金额与应缴不符",
            Reason::NotOwed => "付款时已不需要缴费",
            Reason::UnknownOrder => "没有对应的订单",
            Reason::ExamCancelled => "考试取消",
            Reason::PaidInError => "缴费有误",
            Reason::Other => "其他原因",
        }
    }
}
