//! One payer at a time: signs in, submits, pays at the platform's cashier, and remembers what the
//! pages said.

use std::collections::VecDeque;
use std::sync::Mutex;

use super::caller::{Answer, Caller, Trouble, between};
use super::house::CAPTCHA;
use super::people::{PASSWORD, Person};

/// Those who have not come yet.
pub type Crowd = Mutex<VecDeque<Person>>;

/// What a payer does after paying.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// 确定, and reads what it says.
    Asks,
    /// Shuts the browser: only the platform's notice tells.
    Leaves,
}

pub struct Payer {
    pub site: Caller,
    pub bank: Caller,
    pub habit: Habit,
    /// What the person at the screen owes still, in this order.
    dues: VecDeque<i64>,
    /// Orders that a page led to.
    pub placed: Vec<String>,
    /// Dues that a page called paid, or did not ask for any more.
    pub owed_no_more: Vec<i64>,
    /// Orders of this person that the cashier called paid, and the site has not yet.
    pub doubtful: Vec<String>,
    /// Orders that a page called paid, with the trade it named.
    pub paid: Vec<(String, String)>,
    /// Those of them that the person at the screen may see again.
    own: Vec<(String, String)>,
    /// Did something break off?
    pub interrupted: bool,
}

impl Payer {
    pub fn at(site: &str, bank: &str, habit: Habit) -> Payer {
        Payer {
            site: Caller::at(site),
            bank: Caller::at(bank),
            habit,
            dues: VecDeque::new(),
            placed: Vec::new(),
            owed_no_more: Vec::new(),
            doubtful: Vec::new(),
            paid: Vec::new(),
            own: Vec::new(),
            interrupted: false,
        }
    }

    /// Pays the next due, or signs in the next person. `false`: nobody owes anything any more.
    pub fn goes_on(&mut self, crowd: &Crowd) -> Result<bool, Trouble> {
        self.interrupted = true;
        let goes_on = match self.dues.front().copied() {
            Some(due) => self.pays(due).map(|()| true),
            None => self.is_next(crowd),
        };
        self.interrupted = goes_on.is_err();
        goes_on
    }

    /// Whoever is at the screen sees that all is paid, and the next person signs in.
    pub fn is_next(&mut self, crowd: &Crowd) -> Result<bool, Trouble> {
        for no in self.doubtful.clone() {
            if !self.asks(&no)? {
                return Err(Trouble::Gone("the platform could not be asked".into()));
            }
        }
        let Some(person) = crowd.lock().unwrap().pop_front() else { return Ok(false) };
        let signed_in = self.signs_in(&person);
        match &signed_in {
            Ok(()) => self.dues = person.dues.into(),
            // Whoever could not sign in comes again.
            Err(_) => crowd.lock().unwrap().push_front(person),
        }
        signed_in.map(|()| true)
    }

    fn signs_in(&mut self, person: &Person) -> Result<(), Trouble> {
        self.own.clear();
        self.site.is_somebody_else();
        let page = self.site.get("/sign-in")?.page;
        let typed = [("account", &person.login[..]), ("password", PASSWORD), ("captcha", CAPTCHA)];
        let answer = self.site.press(&page, "/session", &typed)?;
        assert_eq!(answer.to, "/person", "{}", answer.page);
        Ok(())
    }

    /// From 缴费 to the cashier's end. Begun again after a crash, it goes on where it was.
    fn pays(&mut self, due: i64) -> Result<(), Trouble> {
        let Some((no, page)) = self.submits(due)? else {
            self.dues.pop_front();
            return Ok(());
        };
        if !self.reads(&no, &page) {
            let cashier = between(&page, "/cashier/", "\"");
            if cashier.is_empty() {
                return Err(Trouble::Gone("the platform could not be reached".into()));
            }
            self.gives_money(&format!("/cashier/{cashier}"))?;
            self.doubtful.push(no.clone());
        }
        self.dues.pop_front();
        if self.habit == Habit::Asks && self.doubtful.contains(&no) {
            self.asks(&no)?;
        }
        Ok(())
    }

    /// 提交缴费. The order and its page; `None` when the due is paid already.
    pub fn submits(&mut self, due: i64) -> Result<Option<(String, String)>, Trouble> {
        let action = format!("/dues/{due}/orders");
        let Answer { status, to, page } = self.site.get("/dues")?;
        assert_eq!(status, 200, "somebody who signed in is sent to {to}");
        if !page.contains(&format!("\"{action}\"")) {
            self.owed_no_more.push(due);
            return Ok(None);
        }
        let Answer { status, to, page } = self.site.press(&page, &action, &[])?;
        if status == 409 && page.contains("已经不需要缴纳") {
            self.owed_no_more.push(due);
            return Ok(None);
        }
        assert_eq!(status, 303, "{page}");
        let no = to.strip_prefix("/orders/").unwrap().to_owned();
        self.placed.push(no.clone());
        let Answer { status, page, .. } = self.site.get(&to)?;
        assert_eq!(status, 200, "order {no} was answered, and is not there");
        Ok(Some((no, page)))
    }

    /// Does as a phone would at the cashier.
    pub fn gives_money(&mut self, cashier: &str) -> Result<(), Trouble> {
        let page = self.bank.get(cashier)?.page;
        if page.contains("支付成功") {
            return Ok(());
        }
        let chosen = [("channel", "WECHAT"), ("means", "BANK_CARD")];
        let scan = self.bank.press(&page, &format!("{cashier}/attempts"), &chosen)?;
        let page = self.bank.get(&scan.to)?.page;
        let end = self.bank.press(&page, &format!("{}/scan", scan.to), &[])?;
        assert_eq!(end.status, 303, "{}", end.page);
        Ok(())
    }

    /// 确定 on an order's page. Says the page now that it is paid?
    pub fn asks(&mut self, no: &str) -> Result<bool, Trouble> {
        let path = format!("/orders/{no}");
        let page = self.site.get(&path)?.page;
        if self.reads(no, &page) {
            return Ok(true);
        }
        let answer = self.site.press(&page, &format!("{path}/standing"), &[])?;
        assert_eq!(answer.to, path);
        let page = self.site.get(&path)?.page;
        Ok(self.reads(no, &page))
    }

    /// Reads an order's page, and remembers it if it says that it is paid.
    fn reads(&mut self, no: &str, page: &str) -> bool {
        let is_paid = page.contains("缴费成功");
        if is_paid {
            let trade = page.split_once("平台流水号").map_or("", |(_, it)| it);
            let told = (no.to_owned(), between(trade, "<dd>", "</dd>").to_owned());
            assert!(!told.1.is_empty() && page.contains("href=\"/receipts/"), "{page}");
            self.doubtful.retain(|it| it != no);
            self.own.push(told.clone());
            self.paid.push(told);
        }
        is_paid
    }

    /// Comes back after a crash: finishes what broke off, asks about what was left, and reads again
    /// what was paid.
    pub fn comes_back(&mut self, crowd: &Crowd) -> Result<(), Trouble> {
        if self.interrupted {
            self.goes_on(crowd)?;
        }
        for no in self.doubtful.clone() {
            self.asks(&no)?;
        }
        for (no, trade) in self.own.clone() {
            let page = self.site.get(&format!("/orders/{no}"))?.page;
            assert!(page.contains("缴费成功") && page.contains(&trade), "{no} {trade}: {page}");
        }
        Ok(())
    }

    /// What the person at the screen owes.
    pub fn next_due(&self) -> i64 {
        *self.dues.front().expect("somebody who owes something")
    }
}
