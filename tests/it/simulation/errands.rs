//! Errands: what people, jobs and the platform want of the house, and how it ends.

use kaowu::app::App;
use kaowu::base::outcome::{Error, Fault, Never, Result};
use kaowu::base::values::OrderNo;
use kaowu::features::orders::rules::{Order, Refused};
use kaowu::features::orders::{self, platform, refunding};
use kaowu::features::refunds;
use kaowu::machinery::db::{Actor, FormKey};
use kaowu::machinery::gateway::Notice;
use kaowu::simulator::core::notice::Delivery;
use serde_json::json;

use super::copies::catch_up;
use super::hands::step;
use super::office::Paper;
use super::town::Shared;

/// What somebody wants of the house.
#[derive(Clone, Debug)]
pub enum Errand {
    /// 提交缴费.
    Submit { person: i64, due: i64, key: FormKey },
    /// 重新申请缴费.
    Renew { person: i64, no: OrderNo, key: FormKey },
    /// Coming back from the cashier, or 查看最新状态.
    Ask { person: i64, no: OrderNo },
    /// The page that waits, asking by itself.
    Follow { person: i64, no: OrderNo },
    /// Logging in.
    Repair { person: i64 },
    /// The job of that name.
    Expire,
    /// The job of that name.
    Chase,
    /// The job of that name.
    Refund,
    /// A member of staff does something about a refund.
    Office(Paper),
    /// What the platform has had since that second is fetched, after a restore.
    CatchUp { since: i64 },
    /// The platform posts a notice.
    Hear { delivery: Box<Delivery>, body: Vec<u8>, signature: &'static str, answered: bool },
}

/// How an errand ended.
#[derive(Debug)]
pub enum Ending {
    /// With an order.
    Seen(Box<Order>),
    /// With a refusal.
    Refused(Refused),
    /// Well, and without anything to see.
    Done,
    /// A job had nothing to do.
    Idle,
    /// With a refusal to do something about a refund.
    Unwilling(refunds::rules::Refused),
    /// The platform did not answer, and must.
    Unanswered,
    /// With a fault of the house.
    Faulty(Fault),
    /// The house was cut off in the midst of it.
    Crashed,
    /// It panicked: never to be forgiven.
    Panicked(String),
}

impl Errand {
    /// Who waits for it.
    pub fn person(&self) -> Option<i64> {
        match self {
            Errand::Submit { person, .. }
            | Errand::Renew { person, .. }
            | Errand::Ask { person, .. }
            | Errand::Follow { person, .. }
            | Errand::Repair { person } => Some(*person),
            Errand::Expire
            | Errand::Chase
            | Errand::Refund
            | Errand::Office(_)
            | Errand::CatchUp { .. }
            | Errand::Hear { .. } => None,
        }
    }

    /// Is it a job of the house? Most of the time one finds nothing to do.
    pub fn is_job(&self) -> bool {
        matches!(self, Errand::Expire | Errand::Chase | Errand::Refund)
    }

    /// For the diary.
    pub fn told(&self) -> String {
        match self {
            Errand::Submit { person, due, .. } => format!("person {person} submits due {due}"),
            Errand::Renew { person, no, .. } => format!("person {person} renews {no}"),
            Errand::Ask { person, no } => format!("person {person} asks for {no}"),
            Errand::Follow { person, no } => format!("person {person} follows {no}"),
            Errand::Repair { person } => format!("person {person} logs in"),
            Errand::Expire => "job expire".into(),
            Errand::Chase => "job chase".into(),
            Errand::Refund => "job refund".into(),
            Errand::Office(paper) => paper.told(),
            Errand::CatchUp { .. } => "the restored house asks what it has missed".into(),
            Errand::Hear { delivery, signature, .. } => format!(
                "notice {} of {} comes, its signature {signature}",
                delivery.notice_no, delivery.payment.trade_no
            ),
        }
    }

    /// Does it, with a place to be cut off before its first act and after its last.
    pub fn run(self, app: &App, town: &Shared) -> Ending {
        step(town);
        let ending = self.acts(app);
        step(town);
        ending
    }

    fn acts(self, app: &App) -> Ending {
        let by = |person| Actor::Candidate(person).into();
        match self {
            Errand::Submit { person, due, key } => {
                seen(platform::submit(app, by(person), person, due, key))
            }
            // The doors look first: a restored house may not know the order that a page names.
            Errand::Renew { person, no, key } => {
                known(app, &no, |_| platform::renew(app, by(person), &no, key))
            }
            Errand::Ask { person, no } => {
                known(app, &no, |_| platform::ask(app, by(person), &no).map_err(Error::Fault))
            }
            Errand::Follow { person, no } => known(app, &no, |order| {
                platform::follow(app, by(person), order).map_err(Error::Fault)
            }),
            Errand::Repair { person } => done(platform::repair(app, by(person), person)),
            Errand::Expire => worked(platform::expire(app)),
            Errand::Chase => worked(platform::chase(app)),
            Errand::Refund => worked(refunding::carry_on(app)),
            Errand::Office(paper) => match paper.write(app) {
                Ok(()) => Ending::Done,
                Err(Error::Refused(why)) => Ending::Unwilling(why),
                Err(Error::Fault(fault)) => Ending::Faulty(fault),
            },
            Errand::CatchUp { since } => catch_up(app, since),
            Errand::Hear { body, signature, .. } => done(hear(app, body, signature)),
        }
    }
}

fn seen(ended: Result<Order, Refused>) -> Ending {
    match ended {
        Ok(order) => Ending::Seen(Box::new(order)),
        Err(Error::Refused(why)) => Ending::Refused(why),
        Err(Error::Fault(fault)) => Ending::Faulty(fault),
    }
}

/// Does something with an order that the house has.
fn known(app: &App, no: &OrderNo, work: impl FnOnce(Order) -> Result<Order, Refused>) -> Ending {
    match app.db.read_now(|tx| orders::find(tx, no)) {
        Ok(Some(order)) => seen(work(order)),
        Ok(None) => Ending::Done,
        Err(fault) => Ending::Faulty(fault),
    }
}

fn done<T>(ended: std::result::Result<T, Fault>) -> Ending {
    ended.map_or_else(Ending::Faulty, |_| Ending::Done)
}

fn worked(ended: std::result::Result<i64, Fault>) -> Ending {
    match ended {
        Ok(0) => Ending::Idle,
        other => done(other),
    }
}

/// What the door for notices does with a body (`orders/notices.rs`).
fn hear(app: &App, body: Vec<u8>, signature: &str) -> std::result::Result<(), Fault> {
    let headers = vec![("signature".to_owned(), signature.to_owned())];
    let notice = Notice { headers, body };
    let told = app.gateway.read_notice(&notice);
    let headers = json!(notice.headers).to_string();
    let house = orders::House::of(app);
    let actor = if told.is_ok() { Actor::Platform } else { Actor::Nobody };
    let kept: Result<_, Never> = app.db.write_now(actor, move |tx| {
        let success = told.as_ref().ok().map(|it| it.success.as_ref());
        Ok(orders::receive(tx, &headers, &notice.body, success, &house)?)
    });
    kept.map(drop).map_err(Fault::from)
}
