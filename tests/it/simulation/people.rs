//! The people: what payers do with what they see, and what their banks do.

use kaowu::base::chance::Chance;
use kaowu::base::values::{Fen, OrderNo};
use kaowu::features::orders::rules::{Order, State};
use kaowu::machinery::db::FormKey;
use kaowu::simulator::core::attempt::{Channel, Means};

use super::errands::Errand;
use super::town::{MERCHANT, Town, between, happens};

/// Somebody who owes something today.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub due: i64,
    /// The key of the form on the screen.
    pub key: FormKey,
    /// How often they will try once more.
    pub patience: u32,
    /// For which orders they have been at the cashier.
    pub been_for: Vec<OrderNo>,
}

/// What happens at the cashier or in a bank.
#[derive(Clone, Debug)]
pub enum AtCashier {
    /// The payer has the page open and shows a code to their phone.
    Begins { person: i64, no: OrderNo, token: String, plan: Plan },
    /// The payer confirms on the phone.
    Confirms { person: i64, no: OrderNo, code: String },
    /// The bank takes money: late, twice, or another amount.
    Takes { no: OrderNo, attempt: usize, amount: i64, silent: bool },
}

/// What a payer has in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Pays as one should.
    Pays,
    /// Opens codes of two channels and confirms both.
    PaysTwice,
    /// Confirms, and the bank thinks until long after the order's end.
    BankIsLate,
    /// The bank takes another amount than was asked.
    BankTakesOther,
    /// Pays, and the platform never tells of it.
    PaysInSilence,
    /// Looks at the cashier's page and goes away.
    GoesAway,
}

/// What follows: after so many seconds, an errand or something at the cashier.
#[derive(Clone, Debug)]
pub enum Next {
    Errand(Errand),
    Cashier(AtCashier),
}

type Follows = Vec<(i64, Next)>;

impl Person {
    pub fn new(id: i64, due: i64, dice: &Chance) -> Person {
        let patience = u32::try_from(between(dice, 2, 7)).unwrap();
        Person { id, due, key: FormKey::draw(dice), patience, been_for: Vec::new() }
    }

    /// Comes, logs in, and presses 提交缴费: sometimes twice, sometimes on two pages.
    pub fn comes(&mut self, dice: &Chance) -> Follows {
        let login = (0, Next::Errand(Errand::Repair { person: self.id }));
        let mut all = vec![login, (between(dice, 2, 30), self.submits())];
        if happens(dice, 200) {
            all.push((all[1].0 + between(dice, 0, 1), self.submits()));
        }
        if happens(dice, 150) {
            all.push((all[1].0 + between(dice, 0, 3), self.submits_anew(dice)));
        }
        all
    }

    fn submits(&self) -> Next {
        Next::Errand(Errand::Submit { person: self.id, due: self.due, key: self.key.clone() })
    }

    fn submits_anew(&mut self, dice: &Chance) -> Next {
        self.key = FormKey::draw(dice);
        self.submits()
    }

    /// Sees an error page, or none at all: tries again, by the same form or a new one.
    pub fn tries_again(&mut self, dice: &Chance) -> Follows {
        if self.patience == 0 {
            return Vec::new();
        }
        self.patience -= 1;
        let next = if happens(dice, 500) { self.submits() } else { self.submits_anew(dice) };
        vec![(between(dice, 5, 600), next)]
    }

    /// Sees where an order stands.
    pub fn sees(&mut self, order: &Order, dice: &Chance) -> Follows {
        match (order.state, &order.pay_url) {
            (State::Paid, _) => Vec::new(),
            (State::Closed, _) | (State::Created, _) | (State::AwaitingPayment, None) => {
                self.tries_again(dice)
            }
            (State::AwaitingPayment, Some(token)) => {
                if self.been_for.contains(&order.no) {
                    return self.waits(&order.no, dice);
                }
                self.been_for.push(order.no.clone());
                let at = AtCashier::Begins {
                    person: self.id,
                    no: order.no.clone(),
                    token: token.clone(),
                    plan: plan(dice),
                };
                let far = if happens(dice, 100) { between(dice, 600, 2400) } else { 0 };
                vec![(between(dice, 2, 120) + far, Next::Cashier(at))]
            }
        }
    }

    /// Has been at the cashier, and the order still shows 待支付.
    fn waits(&mut self, no: &OrderNo, dice: &Chance) -> Follows {
        if self.patience == 0 {
            return Vec::new();
        }
        self.patience -= 1;
        let (person, no) = (self.id, no.clone());
        let next = match dice.below(10) {
            0..5 => Errand::Follow { person, no },
            5..8 => Errand::Renew { person, no, key: FormKey::draw(dice) },
            _ => return vec![(between(dice, 5, 300), self.submits_anew(dice))],
        };
        vec![(between(dice, 4, 300), Next::Errand(next))]
    }
}

fn plan(dice: &Chance) -> Plan {
    match dice.below(100) {
        0..56 => Plan::Pays,
        56..66 => Plan::PaysTwice,
        66..74 => Plan::BankIsLate,
        74..79 => Plan::BankTakesOther,
        79..87 => Plan::PaysInSilence,
        _ => Plan::GoesAway,
    }
}

impl Town {
    /// Does what happens at the cashier, and says what follows.
    pub fn at_cashier(&mut self, what: AtCashier) -> Follows {
        self.write(format_args!("{what:?}"));
        match what {
            AtCashier::Begins { person, no, token, plan } => self.begins(person, no, &token, plan),
            AtCashier::Confirms { person, no, code } => self.confirms(person, no, &code),
            AtCashier::Takes { no, attempt, amount, silent } => {
                let key = (MERCHANT.to_owned(), no.to_string());
                let (now, tail) = (self.theirs(), self.dice.digits(6));
                let amount = Fen::of(amount);
                let trade = self.books.capture(now, &key, attempt, amount, "示例银行", &tail);
                if silent {
                    self.silent.extend(trade);
                }
                Vec::new()
            }
        }
    }

    fn begins(&mut self, person: i64, no: OrderNo, token: &str, plan: Plan) -> Follows {
        let dice = self.dice.clone();
        let channels: &[Channel] = match plan {
            Plan::PaysTwice => &[Channel::Wechat, Channel::Alipay],
            Plan::BankIsLate => &[Channel::Unionpay],
            Plan::Pays | Plan::BankTakesOther | Plan::PaysInSilence | Plan::GoesAway => {
                &[Channel::Alipay]
            }
        };
        let mut all = Vec::new();
        for channel in channels {
            let (now, code) = (self.theirs(), dice.token());
            let begun = self.books.begin(now, token, (*channel, Means::BankCard), code);
            let Ok(attempt) = begun else {
                // Closed or paid: the page says so, and the payer goes back and looks.
                return vec![(between(&dice, 1, 60), Next::Errand(Errand::Ask { person, no }))];
            };
            let order = self.books.at_cashier(now, token).unwrap();
            let (code, asked) = (order.attempts[attempt].code.clone(), order.amount.fen());
            // A code that cannot be opened any more cannot be confirmed either; the bank may still pay.
            let _ = self.books.scan(now, &code);
            let no = no.clone();
            let takes =
                |amount, silent| AtCashier::Takes { no: no.clone(), attempt, amount, silent };
            let (after, next) = match plan {
                Plan::Pays | Plan::PaysTwice => {
                    let next = AtCashier::Confirms { person, no: no.clone(), code };
                    (between(&dice, 3, 240), next)
                }
                Plan::BankIsLate => (between(&dice, 1500, 6000), takes(asked, happens(&dice, 300))),
                Plan::BankTakesOther => {
                    (between(&dice, 3, 240), takes(other(asked, &dice), happens(&dice, 300)))
                }
                Plan::PaysInSilence => (between(&dice, 3, 240), takes(asked, true)),
                Plan::GoesAway => continue,
            };
            all.push((after, Next::Cashier(next)));
        }
        // Whatever became of it, many look at their order some time later.
        if happens(&dice, 700) {
            all.push((between(&dice, 10, 900), Next::Errand(Errand::Follow { person, no })));
        }
        all
    }

    fn confirms(&mut self, person: i64, no: OrderNo, code: &str) -> Follows {
        let dice = self.dice.clone();
        let (now, tail) = (self.theirs(), dice.digits(6));
        let done = self.books.confirm(now, code, "shenjiang-0082", &tail);
        if done.is_err() || happens(&dice, 700) {
            return vec![(between(&dice, 0, 20), Next::Errand(Errand::Ask { person, no }))];
        }
        Vec::new()
    }
}

/// An amount that is not the one that was asked.
fn other(asked: i64, dice: &Chance) -> i64 {
    let away = between(dice, 1, 500);
    if asked > away && happens(dice, 500) { asked - away } else { asked + away }
}
