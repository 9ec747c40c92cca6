//! What a demonstration folder holds before anybody comes.

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::cast::{self, CAST};
use super::crowd::{self, SCHOOLS};
use super::hours;
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::{Error, Fault, Never};
use crate::base::values::{Fen, Secret};
use crate::features::bulletin::rules::{Line, List, NewAnnouncement};
use crate::features::candidates::rules::Entry;
use crate::features::fees::rules::{ItemTexts, NewItem, NewProject, ProjectTexts};
use crate::features::identity::password::Hasher;
use crate::features::identity::{self, Kind};
use crate::features::staff::rules::DutyKind;
use crate::features::windows::rules::Interval;
use crate::features::{bulletin, candidates, fees, receipts, staff, windows};
use crate::machinery::db::{Actor, ReadTx, WriteTx};

/// How many people of the crowd stand beside the cast.
pub const CROWD: usize = 600;

/// The one seed of the crowd.
pub const SEED: u64 = 20_260_313;

/// The code of the project that is open for payment.
pub const PROJECT: &str = "zz2026";

/// What the fee of the demonstration is; the real one is not public.
const FEE: Fen = Fen::of(10_000);

/// A member of staff on the stage.
pub struct Clerk {
    /// What they type at the console.
    pub login: &'static str,
    /// Their name.
    pub name: &'static str,
    /// What to try with them.
    pub story: &'static str,
    duties: &'static [DutyKind],
}

/// The staff of the demonstration.
pub const STAFF: [Clerk; 5] = [
    Clerk {
        login: "kaowu",
        name: "周敏",
        story: "考务：导入名册、设置缴费项目与开放时间、查找考生、重置密码、发布公告。",
        duties: &[DutyKind::Clerk],
    },
    Clerk {
        login: "caiwu",
        name: "吴芳",
        story: "财务：查看订单与每笔订单的经过、查单、异常与退款、票据与号段；在“培训”里试各种故障。",
        duties: &[DutyKind::Finance],
    },
    Clerk {
        login: "fuhe",
        name: "陈静",
        story: "另一位财务：批准吴芳提出的退款。提出和批准须是两个人。",
        duties: &[DutyKind::Finance],
    },
    Clerk {
        login: "chaxun",
        name: "郑洁",
        story: "查询：按姓名、证件号查找考生，只看状态。",
        duties: &[DutyKind::HelpDesk],
    },
    Clerk {
        login: "guanli",
        name: "冯刚",
        story: "系统管理：管理工作人员账号与职责，不接触业务数据；在“培训”里调整时间、重新开始。",
        duties: &[DutyKind::System],
    },
];

/// Which passwords the stage gives out.
pub enum Passwords {
    /// Those of the stories: fit for loopback alone.
    OfTheStories,
    /// One for all staff and one for all candidates, drawn for this folder.
    Drawn {
        /// The staff's.
        staff: String,
        /// The candidates' initial one.
        candidates: String,
    },
}

impl Passwords {
    /// The staff's password.
    pub fn staff(&self) -> &str {
        match self {
            Passwords::OfTheStories => "kaowu-demo-2026",
            Passwords::Drawn { staff, .. } => staff,
        }
    }

    /// The initial password of everybody, where it is not the document's last six.
    fn initial(&self) -> Option<Secret<String>> {
        match self {
            Passwords::OfTheStories => None,
            Passwords::Drawn { candidates, .. } => Some(Secret::new(candidates.clone())),
        }
    }

    /// What one of the cast types now.
    pub fn of(&self, person: &cast::Person) -> String {
        match self {
            Passwords::OfTheStories => person.password(),
            Passwords::Drawn { candidates, .. } => candidates.clone(),
        }
    }
}

/// Sets the stage: everything but what needs the platform.
///
/// # Errors
/// A fault when something cannot be written; then nothing is.
pub fn set(app: &App, passwords: &Passwords) -> Result<(), Fault> {
    let hasher = Hasher::new(&app.chance);
    let staff = hasher.hash_now(&Secret::new(passwords.staff().to_owned()), &app.chance)?;
    let chosen = match passwords {
        Passwords::OfTheStories => {
            Some(hasher.hash_now(&Secret::new(cast::PASSWORD.to_owned()), &app.chance)?)
        }
        Passwords::Drawn { .. } => None,
    };
    let (initial, chance) = (passwords.initial(), app.chance.clone());
    act(app, move |tx| {
        let item = projects(tx, &chance)?;
        people(tx, item, initial.as_ref(), chosen.as_deref())?;
        employ(tx, &staff)?;
        notice_board(tx)?;
        let segment = receipts::add_segment(tx, "31010126", 1, 5_000);
        never(segment, "a new folder has no segments")?;
        // In the same act, so that a start that was killed half-way begins anew.
        tx.set_fact("stage", if initial.is_some() { "drawn" } else { "stories" })
    })
}

/// Was the stage set, and with which passwords: `stories` or `drawn`?
///
/// # Errors
/// A fault when it cannot be read.
pub fn was_set(tx: &ReadTx<'_>) -> Result<Option<String>, Fault> {
    tx.fact("stage")
}

pub(super) fn act<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = app.db.write_now(Actor::Operator, |tx| work(tx).map_err(Error::<Never>::Fault));
    done.map_err(Fault::from)
}

/// Turns a refusal that cannot be into a fault that says why it could not.
pub(super) fn never<T, R: std::fmt::Debug>(
    done: crate::base::outcome::Result<T, R>,
    why: &'static str,
) -> Result<T, Fault> {
    done.map_err(|error| match error {
        Error::Fault(fault) => fault,
        Error::Refused(reason) => Fault::new(format!("{why}, and yet: {reason:?}")),
    })
}

pub(super) fn today(tx: &ReadTx<'_>) -> Date {
    crate::base::clock::office_date(tx.now())
}

pub(super) fn at(day: Date, hour: i8) -> Timestamp {
    let zone: TimeZone = OFFICE;
    day.to_datetime(time(hour, 0, 0, 0))
        .to_zoned(zone)
        .map(|it| it.timestamp())
        .expect("a zone without gaps has every hour of every day")
}

pub(super) fn days(from: Date, span: Span) -> Date {
    from.checked_add(span).expect("the days around today are within the calendar")
}

fn one_interval(from: Date, hours: (i8, i8)) -> Vec<Interval> {
    vec![Interval { opens_at: at(from, hours.0), closes_at: at(from, hours.1) }]
}

/// One project open, two over, one to come. Returns the open one's fee item.
fn projects(tx: &WriteTx<'_>, chance: &crate::base::chance::Chance) -> Result<i64, Fault> {
    let today = today(tx);
    let year = today.year();
    let projects = [
        (
            PROJECT,
            format!("{year}年上海市普通高校专科层次依法自主招生网上缴费系统"),
            "逾期网上缴费系统将关闭，未缴费考生将不具备专科自主招生考试和录取资格。",
            hours::around(today),
        ),
        (
            "ck2026",
            format!("{year}年上海市普通高校春季考试招生网上缴费系统（示例）"),
            "逾期未缴费视作放弃报名。",
            one_interval(days(today, (-60).days()), (9, 20)),
        ),
        (
            "zsb2026",
            format!("{year}年上海市普通高校专升本招生网上缴费系统（示例）"),
            "逾期未缴费视作放弃报名。",
            one_interval(days(today, (-30).days()), (9, 16)),
        ),
        (
            "cr2026",
            format!("{year}年上海市成人高校招生网上缴费系统（示例）"),
            "逾期未缴费视作放弃报名。",
            one_interval(days(today, 45.days()), (9, 20)),
        ),
    ];
    let mut open = 0;
    for (code, title, consequence, intervals) in projects {
        let texts = ProjectTexts { title, consequence: consequence.to_owned(), shown: true };
        let project = NewProject { code: code.to_owned(), texts };
        let name = "报名考试费（示例金额）".to_owned();
        let item = NewItem {
            code: "103040199".to_owned(),
            texts: ItemTexts { name, unit: "人次".to_owned(), standard: FEE },
        };
        let id = never(fees::set_up(tx, &project, &item, chance), "the codes are all different")?;
        let business = fees::rules::business(id);
        never(windows::set(tx, &business, &intervals), "the intervals are in order")?;
        if code == PROJECT {
            hours::remember(tx, &intervals)?;
            let item = fees::items(tx, id)?.first().map(|it| it.id);
            open = item.ok_or_else(|| Fault::new("a project was set up without its item"))?;
        }
    }
    Ok(open)
}

/// The cast and the crowd, each with the open project's fee to pay.
fn people(
    tx: &WriteTx<'_>,
    item: i64,
    initial: Option<&Secret<String>>,
    chosen: Option<&str>,
) -> Result<(), Fault> {
    for (place, person) in CAST.iter().enumerate() {
        let entry = Entry {
            document: person.id_document(),
            name: person.person_name(),
            phone: Some(person.phone_number()),
            email: None,
            initial_password: initial.cloned(),
        };
        let account = register(tx, item, &entry, SCHOOLS[place % SCHOOLS.len()])?;
        if let Some(phc) = chosen.filter(|_| person.plan.has_signed_in()) {
            identity::set_password(tx, Kind::Candidate, account, phc)?;
            never(candidates::read_privacy(tx, account), "the account was just made")?;
        }
    }
    for extra in crowd::crowd(SEED, CROWD) {
        let entry = Entry {
            document: extra.document,
            name: extra.name,
            phone: Some(extra.phone),
            email: None,
            initial_password: initial.cloned(),
        };
        register(tx, item, &entry, (extra.school_code, extra.school_name))?;
    }
    Ok(())
}

fn register(
    tx: &WriteTx<'_>,
    item: i64,
    entry: &Entry,
    school: (&str, &str),
) -> Result<i64, Fault> {
    let (account, _) = candidates::register(tx, entry)?;
    never(fees::owe(tx, account, item, FEE, Some(school)), "nobody owes the fee yet")?;
    Ok(account)
}

fn employ(tx: &WriteTx<'_>, phc: &str) -> Result<(), Fault> {
    for clerk in &STAFF {
        let broken = || Fault::new("a member of the stage's staff cannot be read");
        let wish = staff::Wish {
            login: clerk.login.parse().map_err(|_| broken())?,
            name: clerk.name.parse().map_err(|_| broken())?,
            school: None,
            duties: clerk.duties.iter().copied().collect(),
        };
        let account = never(staff::add(tx, &wish, phc), "the logins are all different")?;
        // A demonstration begins where the first login has been made.
        identity::set_password(tx, Kind::Staff, account, phc)?;
    }
    Ok(())
}

fn notice_board(tx: &WriteTx<'_>) -> Result<(), Fault> {
    let announcements = [
        (
            "网上缴费须知",
            "请在规定的缴费时间段内登录系统完成网上缴费。不支持微信零钱、支付宝余额支付，必须绑定银行卡。\n\n\
             缴费成功后请退出系统，再次登录查看缴费状态，建议拍照留存备查。",
        ),
        (
            "这是一个演示系统",
            "人员、金额与票据均为虚构。请使用启动时列出的账号登录体验，不会产生真实扣款。",
        ),
    ];
    for (title, body) in announcements {
        let new = NewAnnouncement { title: title.to_owned(), body: body.to_owned() };
        never(bulletin::publish(tx, &new), "nobody refuses an announcement")?;
    }
    let lines = [
        (
            List::Contacts,
            vec![
                Line {
                    hours: "缴费期间 9:00–20:00".into(),
                    ..Line::new("技术支持 QQ", "1000000000")
                },
                Line {
                    hours: "缴费期间 9:00–11:00、13:30–16:00".into(),
                    ..Line::new("咨询电话", "021-5555 0173")
                },
            ],
        ),
        (
            List::Browsers,
            vec![
                Line::new("Chrome 浏览器", "https://www.google.cn/chrome/"),
                Line::new("360 浏览器（请使用极速模式）", "https://browser.360.cn/"),
            ],
        ),
    ];
    for (list, lines) in lines {
        never(bulletin::set_lines(tx, list, &lines), "nobody refuses lines")?;
    }
    Ok(())
}
