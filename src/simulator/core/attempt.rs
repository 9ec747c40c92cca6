//! A payer's try: one channel, one QR code.

use jiff::Timestamp;

/// A payer's try to pay an order by one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// In the QR code's address; nobody can guess it, and it takes money once.
    pub code: String,
    /// By which channel.
    pub channel: Channel,
    /// When the code was shown.
    pub shown_at: Timestamp,
    /// Where it stands.
    pub state: State,
}

/// Behind which app the bank card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// 微信
    Wechat,
    /// 支付宝
    Alipay,
    /// 云闪付
    Unionpay,
}

/// Where the money is to come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A card behind the channel.
    BankCard,
    /// The channel's own balance (微信零钱, 支付宝余额): refused, see the manual, step 3.
    Balance,
}

/// A fictitious bank card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its name in the form.
    pub code: &'static str,
    /// Its name for people.
    pub label: &'static str,
}

const CARDS: [Card; 3] = [
    Card { code: "yunjian-6217", label: "云间银行储蓄卡（6217）" },
    Card { code: "shenjiang-0082", label: "申江银行储蓄卡（0082）" },
    Card { code: "putan-5530", label: "浦滩银行信用卡（5530）" },
];

impl Channel {
    /// The channels, in the cashier's order.
    pub const ALL: [Channel; 3] = [Channel::Wechat, Channel::Alipay, Channel::Unionpay];

    /// Its name on the wire and on disk.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Wechat => "WECHAT",
            Channel::Alipay => "ALIPAY",
            Channel::Unionpay => "UNIONPAY",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Wechat => "微信",
            Channel::Alipay => "支付宝",
            Channel::Unionpay => "云闪付",
        }
    }

    /// One character for its badge.
    pub fn mark(self) -> &'static str {
        match self {
            Channel::Wechat => "微",
            Channel::Alipay => "支",
            Channel::Unionpay => "云",
        }
    }

    /// The channel of that code.
    pub fn from_code(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|it| it.code() == code)
    }

    /// The cards behind it; the first is chosen beforehand.
    pub fn cards(self) -> &'static [Card] {
        match self {
            Channel::Wechat | Channel::Unionpay => &CARDS,
            Channel::Alipay => &CARDS[1..],
        }
    }
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The code is on the screen.
    Shown,
    /// A phone has it open.
    Opened,
    /// It took money.
    Paid,
    /// The code is void (二维码失效).
    Dead,
}

/// What can happen to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A phone opened the code.
    Scanned,
    /// A bank took money for it.
    Captured,
    /// Another attempt paid the order.
    OrderPaid,
    /// The order closed.
    OrderClosed,
}

impl State {
    /// Every state.
    pub const ALL: [State; 4] = [State::Shown, State::Opened, State::Paid, State::Dead];

    /// The whole life of an attempt. `None` where the event has come too late.
    ///
    /// A code that a phone holds open survives another's payment: confirming it is the second
    /// payment that a merchant must be ready for. A bank may take money for a dead code; that is
    /// the late success.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Shown | State::Opened, Event::Scanned) => Some(State::Opened),
            (State::Shown | State::Opened | State::Dead, Event::Captured) => Some(State::Paid),
            (State::Shown, Event::OrderPaid) => Some(State::Dead),
            (State::Opened, Event::OrderPaid) => Some(State::Opened),
            (State::Shown | State::Opened, Event::OrderClosed) => Some(State::Dead),
            (State::Paid, Event::Scanned | Event::Captured) => None,
            (State::Paid, Event::OrderPaid | Event::OrderClosed) => None,
            (State::Dead, Event::Scanned | Event::OrderPaid | Event::OrderClosed) => None,
        }
    }

    /// Its name on disk.
    pub fn code(self) -> &'static str {
        match self {
            State::Shown => "SHOWN",
            State::Opened => "OPENED",
            State::Paid => "PAID",
            State::Dead => "DEAD",
        }
    }
}
