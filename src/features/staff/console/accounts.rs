//! 账号与职责: who has an account and what they may do. For 系统管理 alone.

use askama::Template;
use rocket::form::{self, ValueField};
use rocket::http::Status;
use rocket::http::uri::Origin;
use rocket::response::Redirect;
use rocket::{FromForm, FromFormField, Route, State as Managed, uri};

use crate::app::App;
use crate::base::outcome::{Error, refuse};
use crate::features::staff;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{
    self, Duties, DutyKind, Member, NotASchoolCode, Refused, System,
};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Refusal};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![index, show, assign, set_access]
}

#[derive(Template)]
#[template(path = "staff/console/index.html")]
struct Index {
    chrome: Chrome,
    members: Vec<Member>,
}

#[rocket::get("/staff")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<System>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let members = app.db.read(staff::all).await?;
    Ok(Page::ok(Index { chrome, members }))
}

/// A school's code, or nothing typed.
pub(super) struct School(pub(super) Option<String>);

impl<'v> form::FromFormField<'v> for School {
    fn from_value(field: ValueField<'v>) -> form::Result<'v, School> {
        rules::school_code(field.value)
            .map(School)
            .map_err(|err: NotASchoolCode| form::Error::validation(err.to_string()).into())
    }

    fn default() -> Option<School> {
        Some(School(None))
    }
}

/// One box for each duty.
#[derive(FromForm)]
pub(super) struct Ticks {
    finance: bool,
    clerk: bool,
    review: bool,
    second_review: bool,
    help_desk: bool,
    system: bool,
    audit: bool,
}

impl Ticks {
    pub(super) fn duties(&self) -> Duties {
        let is_ticked = |duty: &DutyKind| match duty {
            DutyKind::Finance => self.finance,
            DutyKind::Clerk => self.clerk,
            DutyKind::Review => self.review,
            DutyKind::SecondReview => self.second_review,
            DutyKind::HelpDesk => self.help_desk,
            DutyKind::System => self.system,
            DutyKind::Audit => self.audit,
        };
        DutyKind::ALL.into_iter().filter(is_ticked).collect()
    }
}

#[derive(Template)]
#[template(path = "staff/console/show.html")]
struct Show {
    chrome: Chrome,
    member: Member,
    filled: Filled,
    duties: [DutyKind; 7],
    done: Option<&'static str>,
}

impl Show {
    fn with(chrome: Chrome, member: Member, filled: Filled) -> Show {
        Show { chrome, member, filled, duties: DutyKind::ALL, done: None }
    }
}

#[rocket::get("/staff/<id>?<done>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<System>,
    chrome: Chrome,
    id: i64,
    done: Option<&str>,
) -> Answer<Page<Show>, Refused> {
    let Some(member) = app.db.read(move |tx| staff::find(tx, id)).await? else {
        return refuse(Refused::Unknown);
    };
    let start = Filled::default().with("school", member.school.clone().unwrap_or_default());
    let filled = member.duties.iter().fold(start, |it, duty| it.with(&field_of(duty), "true"));
    let done = match done {
        Some("duties") => Some("职责已更新，立即生效。"),
        Some("open") => Some("账号已启用。"),
        Some("shut") => Some("账号已停用，正在使用的会话已失效。"),
        Some(_) | None => None,
    };
    Ok(Page::ok(Show { done, ..Show::with(chrome, member, filled) }))
}

fn field_of(duty: DutyKind) -> String {
    format!("duties.{}", duty.name())
}

#[derive(FromForm)]
struct Assignment {
    school: School,
    duties: Ticks,
}

#[rocket::post("/staff/<id>/duties", data = "<posted>")]
async fn assign(
    app: &Managed<App>,
    officer: Officer<System>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Assignment>,
) -> Answer<Next<Show>, Refused> {
    let Some(member) = app.db.read(move |tx| staff::find(tx, id)).await? else {
        return refuse(Refused::Unknown);
    };
    let mut filled = posted.filled;
    let Some(form) = posted.form else {
        return Ok(Next::again(Show::with(chrome, member, filled)));
    };
    let (duties, school) = (form.duties.duties(), form.school.0);
    if !has_duty(&mut filled, &duties) {
        return Ok(Next::again(Show::with(chrome, member, filled)));
    }
    let done =
        app.db.write(officer.by, move |tx| staff::assign(tx, id, &duties, school.as_deref()));
    match done.await {
        Ok(()) => Ok(Next::go(to_account(id, Some("duties")))),
        Err(Error::Refused(reason)) => match complaint(reason) {
            Some((field, told)) => {
                filled.complain(field, told);
                Ok(Next::again(Show::with(chrome, member, filled)))
            }
            None => refuse(reason),
        },
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

/// Complains where no box is ticked: such an account could log in and see nothing. Whoever is to be
/// kept out is disabled.
pub(super) fn has_duty(filled: &mut Filled, duties: &Duties) -> bool {
    if duties.is_empty() {
        filled.complain("duties", "请至少选择一项职责。不再使用的账号，请停用。");
    }
    !duties.is_empty()
}

/// May the account log in?
#[derive(Clone, Copy, FromFormField, PartialEq, Eq)]
enum Access {
    Open,
    Shut,
}

#[derive(FromForm)]
struct Wanted {
    access: Access,
}

#[rocket::post("/staff/<id>/access", data = "<posted>")]
async fn set_access(
    app: &Managed<App>,
    officer: Officer<System>,
    id: i64,
    posted: Posted<Wanted>,
) -> Answer<Redirect, Refused> {
    let Some(wanted) = posted.form else { return refuse(Refused::Unreadable) };
    let (done, word) = match wanted.access {
        Access::Open => (app.db.write(officer.by, move |tx| staff::enable(tx, id)).await, "open"),
        Access::Shut => (app.db.write(officer.by, move |tx| staff::disable(tx, id)).await, "shut"),
    };
    done?;
    Ok(Redirect::to(to_account(id, Some(word))))
}

fn to_account(id: i64, done: Option<&str>) -> Origin<'static> {
    uri!("/console", show(id, done))
}

/// Refusals that the form itself can mend: at which field, in which words.
pub(super) fn complaint(reason: Refused) -> Option<(&'static str, String)> {
    match reason {
        Refused::LoginTaken => Some(("login", "这个账号已经有人使用，请换一个。".into())),
        Refused::NeedsSchool => Some(("school", "审核人员必须绑定院校，请填写院校代码。".into())),
        Refused::MayNotMeet(one, other) => Some((
            "",
            format!("“{}”与“{}”不能由同一人担任，请去掉其中一项。", one.label(), other.label()),
        )),
        Refused::LastAdministrator => Some((
            "",
            "这是最后一个有“系统管理”职责的账号，不能去掉。请先把“系统管理”交给另一个账号。".into(),
        )),
        Refused::Unknown | Refused::Unreadable | Refused::DoneBefore => None,
    }
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Unknown => Status::NotFound,
            Refused::Unreadable => Status::UnprocessableEntity,
            Refused::LoginTaken
            | Refused::MayNotMeet(_, _)
            | Refused::NeedsSchool
            | Refused::LastAdministrator
            | Refused::DoneBefore => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        match self {
            Refused::Unknown => ("没有这个账号。".into(), "请返回“账号与职责”重新选择。".into()),
            Refused::Unreadable => (
                "没有看懂提交的内容，账号没有改变。".into(),
                "请返回“账号与职责”打开该账号，再按页面上的按钮操作。".into(),
            ),
            Refused::DoneBefore => (
                "这张表单已经提交过，一次性密码只显示一次。".into(),
                "如果没有记下密码，请在“账号与职责”中打开该账号，再重置一次。".into(),
            ),
            Refused::LastAdministrator => (
                "这是最后一个有“系统管理”职责的账号，不能停用。".into(),
                "请先把“系统管理”交给另一个账号，再停用它。".into(),
            ),
            Refused::LoginTaken | Refused::MayNotMeet(_, _) | Refused::NeedsSchool => (
                complaint(*self).map_or_else(String::new, |(_, told)| told),
                "请返回上一页修改后重新提交。".into(),
            ),
        }
    }
}
