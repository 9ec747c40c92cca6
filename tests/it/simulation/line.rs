//! The line to the platform: a [`Gateway`] that loses, delays, repeats and garbles.

use jiff::Timestamp;
use jiff::civil::Date;
use kaowu::base::values::{Fen, OrderNo, RefundNo};
use kaowu::machinery::gateway::{
    Bill, Channel, Checkout, Closing, Forged, Found, Gateway, Heard, Notice, NoticeAnswer,
    RefundBill, RefundStanding, Standing, StatementLine, Success, Told, Trouble,
};
use kaowu::simulator::core::Refused;
use kaowu::simulator::core::asked::{NewOrder, NewRefund};
use kaowu::simulator::core::notice::Delivery;
use serde_json::{Value, json};

use super::answers::{number, refund_standing, refusal, standing, statement_line, successes};
use super::hands::{pause, step};
use super::town::{Fate, Lie, MERCHANT, Shared, Town, locked};

pub struct Line {
    pub town: Shared,
}

impl Line {
    /// Sends a request. `act` is what the platform does when it arrives, which may be late, twice,
    /// or never.
    fn call<T>(
        &self,
        (what, about): (&str, &str),
        act: impl Fn(&mut Town) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        step(&self.town);
        let (fate, there, back) = {
            let mut town = locked(&self.town);
            (town.fate(what, &about), town.lag(), town.lag())
        };
        let again = match fate {
            Fate::Lost => {
                pause(&self.town, 10);
                return Err(Trouble::Unreachable);
            }
            Fate::Late(by) => {
                let mut town = locked(&self.town);
                let at = town.now + by;
                town.later.push((at, Box::new(move |town| drop(act(town)))));
                drop(town);
                pause(&self.town, 10);
                return Err(Trouble::Unreachable);
            }
            Fate::Straight | Fate::AnswerLost | Fate::Garbled => None,
            Fate::Twice(by) => Some(by),
        };
        pause(&self.town, there);
        step(&self.town);
        let mut town = locked(&self.town);
        let answer = act(&mut town);
        if let Some(by) = again {
            let at = town.now + by;
            town.later.push((at, Box::new(move |town| drop(act(town)))));
        }
        drop(town);
        step(&self.town);
        pause(&self.town, back);
        match fate {
            Fate::AnswerLost => Err(Trouble::Unreachable),
            Fate::Garbled => Err(Trouble::Nonsense("garbled on its way")),
            Fate::Straight | Fate::Lost | Fate::Late(_) | Fate::Twice(_) => answer,
        }
    }

    /// Remembers that "there is no money, and none will come" was heard.
    fn denied(&self, no: &OrderNo, at: u64) {
        locked(&self.town).traces.entry(no.to_string()).or_default().denied = Some(at);
    }
}

impl Gateway for Line {
    fn open(&self, bill: &Bill) -> Result<Checkout, Trouble> {
        let wish = NewOrder {
            order_no: bill.order_no.to_string(),
            amount: bill.amount,
            subject: bill.subject.clone(),
            payer: bill.payer.clone(),
            attach: bill.attach.clone(),
            expires_at: bill.expires_at,
            return_url: bill.return_url.clone(),
            notify_url: bill.notify_url.clone(),
        };
        self.call(("open", &wish.order_no.clone()), move |town| {
            let (call, token, now) = (town.call(), town.dice.token(), town.theirs());
            let order = town.books.create(now, MERCHANT, wish.clone(), token).map_err(refusal)?;
            let pay_url = order.token.clone();
            let at = town.now;
            let trace = town.traces.entry(wish.order_no.clone()).or_default();
            trace.made.get_or_insert(call);
            trace.seen_at.get_or_insert(at);
            Ok(Checkout { pay_url })
        })
    }

    fn ask(&self, order_no: &OrderNo) -> Result<Standing, Trouble> {
        let no = order_no.clone();
        let (call, standing) = self.call(("ask", order_no.text()), move |town| {
            let (call, now, lie) = (town.call(), town.theirs(), town.lie);
            let found = town.books.find(now, MERCHANT, no.text());
            Ok((call, found.map_or(Standing::Unknown, |it| standing(it, lie, call))))
        })?;
        let mut town = locked(&self.town);
        let now = town.now;
        let trace = town.traces.entry(order_no.to_string()).or_default();
        trace.seen_at = Some(now);
        if standing == Standing::Closed {
            trace.denied = Some(call);
        }
        Ok(standing)
    }

    fn close(&self, order_no: &OrderNo) -> Result<Closing, Trouble> {
        let no = order_no.clone();
        let (call, closing) = self.call(("close", order_no.text()), move |town| {
            let (call, now, lie) = (town.call(), town.theirs(), town.lie);
            if lie == Lie::ClosedUnasked {
                return Ok((call, Closing::Closed));
            }
            let closing = match town.books.close(now, MERCHANT, no.text()).map(drop) {
                Ok(()) => Closing::Closed,
                Err(Refused::AlreadyPaid) => {
                    let order = town.books.find(now, MERCHANT, no.text()).map_err(refusal)?;
                    Closing::AlreadyPaid(successes(order, lie, call))
                }
                Err(Refused::OrderUnknown) => Closing::Unknown,
                Err(why) => return Err(refusal(why)),
            };
            Ok((call, closing))
        })?;
        if matches!(closing, Closing::Closed | Closing::Unknown) {
            self.denied(order_no, call);
        }
        Ok(closing)
    }

    fn refund(&self, bill: &RefundBill) -> Result<RefundStanding, Trouble> {
        let wish = NewRefund {
            refund_no: bill.refund_no.to_string(),
            order_no: bill.order_no.to_string(),
            trade_no: bill.trade_no.clone(),
            amount: bill.amount,
            reason: bill.reason.clone(),
        };
        self.call(("refund", &wish.refund_no.clone()), move |town| {
            let (now, lie) = (town.theirs(), town.lie);
            town.bank_hears_of(&wish);
            let done = town.books.refund(now, MERCHANT, wish.clone());
            let done = done.map(|(_, it)| refund_standing(it, lie)).map_err(refusal);
            town.books.quiet();
            done
        })
    }

    fn ask_refund(&self, refund_no: &RefundNo) -> Result<RefundStanding, Trouble> {
        let no = refund_no.to_string();
        self.call(("ask refund", &no.clone()), move |town| {
            let (now, lie) = (town.theirs(), town.lie);
            match town.books.find_refund(now, MERCHANT, &no) {
                Ok((_, it)) => Ok(refund_standing(it, lie)),
                Err(Refused::RefundUnknown) => Ok(RefundStanding::Unknown),
                Err(why) => Err(refusal(why)),
            }
        })
    }

    fn statement(&self, day: Date) -> Result<Vec<StatementLine>, Trouble> {
        self.call(("statement of", &day.to_string()), move |town| {
            let now = town.theirs();
            let lines = town.books.statement(now, MERCHANT, day).map_err(refusal)?;
            lines.iter().map(statement_line).collect()
        })
    }

    fn since(&self, since: Timestamp) -> Result<Vec<Found>, Trouble> {
        self.call(("list since", &since.to_string()), move |town| {
            let (call, now, lie) = (town.call(), town.theirs(), town.lie);
            let (mut all, mut after) = (Vec::new(), None::<String>);
            loop {
                let page = town.books.since(now, MERCHANT, since, after.as_deref());
                let (page, more) = page.map_err(refusal)?;
                after = page.last().map(|it| it.order_no.clone());
                all.extend(page.into_iter().map(|it| Found {
                    order_no: number(it),
                    amount: it.amount,
                    attach: it.attach.clone(),
                    created_at: it.created_at,
                    standing: standing(it, lie, call),
                }));
                if !more {
                    return Ok(all);
                }
            }
        })
    }

    fn ping(&self) -> Result<Timestamp, Trouble> {
        self.call(("ping", ""), |town| Ok(town.theirs()))
    }

    fn read_notice(&self, notice: &Notice) -> Result<Told, Forged> {
        if notice.headers.iter().all(|(name, value)| name != "signature" || value != "good") {
            return Err(Forged::BadSignature);
        }
        let told: Value = serde_json::from_slice(&notice.body).map_err(|_| Forged::Nonsense)?;
        let text = |name: &str| told[name].as_str().unwrap_or_default();
        let success = Success {
            order_no: text("order_no").parse().map_err(|_| Forged::Nonsense)?,
            trade_no: text("trade_no").to_owned(),
            amount: told["amount"].as_i64().and_then(Fen::new).ok_or(Forged::Nonsense)?,
            channel: Channel::from_code(text("channel")),
            paid_at: text("paid_at").parse().map_err(|_| Forged::Nonsense)?,
            attach: text("attach").to_owned(),
        };
        Ok(Told { notice_no: text("notice_no").to_owned(), success: Some(success) })
    }

    fn answer_notice(&self, _heard: Heard) -> NoticeAnswer {
        NoticeAnswer { status: 200, content_type: "text/plain", body: String::new() }
    }
}

/// A delivery as it goes over the line.
pub fn written(delivery: &Delivery) -> Vec<u8> {
    let payment = &delivery.payment;
    let told = json!({
        "notice_no": delivery.notice_no,
        "order_no": delivery.key.1,
        "trade_no": payment.trade_no,
        "amount": payment.amount.fen(),
        "channel": payment.channel.code(),
        "paid_at": payment.paid_at.to_string(),
        "attach": delivery.attach,
    });
    told.to_string().into_bytes()
}
