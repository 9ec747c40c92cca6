//! 新增账号 and 重置密码: what ends with a one-time password on the screen.

use askama::Template;
use rocket::form::{self, ValueField};
use rocket::http::Status;
use rocket::{FromForm, Route, State as Managed};

use super::accounts::{School, Ticks, complaint, has_duty};
use crate::app::App;
use crate::base::outcome::{Error, refuse};
use crate::base::values::{PersonName, Secret};
use crate::features::identity::Desk;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{self, DutyKind, Member, Refused, StaffLogin, System};
use crate::features::staff::{self, Wish};
use crate::machinery::db::{FormKey, Once, WriteTx};
use crate::web::{Answer, Chrome, Filled, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![new, create, reset]
}

#[derive(Template)]
#[template(path = "staff/console/new.html")]
struct New {
    chrome: Chrome,
    filled: Filled,
    duties: [DutyKind; 7],
}

impl New {
    fn with(chrome: Chrome, filled: Filled) -> New {
        New { chrome, filled, duties: DutyKind::ALL }
    }
}

#[rocket::get("/staff/new")]
fn new(_officer: Officer<System>, chrome: Chrome) -> Page<New> {
    Page::ok(New::with(chrome, Filled::default()))
}

impl<'v> form::FromFormField<'v> for StaffLogin {
    fn from_value(field: ValueField<'v>) -> form::Result<'v, StaffLogin> {
        field
            .value
            .parse()
            .map_err(|err: rules::NotAStaffLogin| form::Error::validation(err.to_string()).into())
    }
}

#[derive(FromForm)]
struct NewMember {
    login: StaffLogin,
    name: PersonName,
    school: School,
    duties: Ticks,
}

/// A password that is shown once, here, and is nowhere afterwards.
#[derive(Template)]
#[template(path = "staff/console/one_time.html")]
struct OneTime {
    chrome: Chrome,
    member: Member,
    password: String,
    is_new: bool,
}

#[derive(rocket::Responder)]
enum Made {
    Shown(Page<OneTime>),
    Again(Page<New>),
}

#[rocket::post("/staff", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    officer: Officer<System>,
    chrome: Chrome,
    posted: Posted<NewMember>,
) -> Answer<Made, Refused> {
    let again = |filled| {
        Ok(Made::Again(Page(Status::UnprocessableEntity, New::with(chrome.clone(), filled))))
    };
    let mut filled = posted.filled;
    let Some(form) = posted.form else { return again(filled) };
    let duties = form.duties.duties();
    if !has_duty(&mut filled, &duties) {
        return again(filled);
    }
    let wish = Wish { login: form.login, name: form.name, school: form.school.0, duties };
    let password = staff::one_time_password(&app.chance);
    let phc = desk.hasher.hash(password.clone(), &app.chance).await?;
    let added = app.db.write(officer.by, move |tx| {
        first(tx, &posted.key, &format!("staff {}", wish.login))?;
        let id = staff::add(tx, &wish, &phc)?;
        staff::find(tx, id)?.ok_or(Error::Refused(Refused::Unknown))
    });
    match added.await {
        Ok(member) => Ok(Made::Shown(one_time(chrome, member, &password, true))),
        Err(Error::Refused(reason)) => match complaint(reason) {
            Some((field, told)) => {
                filled.complain(field, told);
                again(filled)
            }
            None => refuse(reason),
        },
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

fn one_time(
    chrome: Chrome,
    member: Member,
    password: &Secret<String>,
    is_new: bool,
) -> Page<OneTime> {
    Page::ok(OneTime { chrome, member, password: password.expose().clone(), is_new })
}

/// Takes the form's key: a second posting must not make a second password, which nobody would see
/// the first of.
fn first(tx: &WriteTx<'_>, key: &FormKey, content: &str) -> Result<(), Error<Refused>> {
    match tx.once(key, content)? {
        Once::First => Ok(()),
        Once::Again(_) | Once::Different => refuse(Refused::DoneBefore),
    }
}

#[rocket::post("/staff/<id>/password", data = "<posted>")]
async fn reset(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    officer: Officer<System>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Pressed>,
) -> Answer<Page<OneTime>, Refused> {
    let password = staff::one_time_password(&app.chance);
    let phc = desk.hasher.hash(password.clone(), &app.chance).await?;
    let done = app.db.write(officer.by, move |tx| {
        first(tx, &posted.key, &format!("reset {id}"))?;
        staff::reset(tx, id, &phc)?;
        staff::find(tx, id)?.ok_or(Error::Refused(Refused::Unknown))
    });
    Ok(one_time(chrome, done.await?, &password, false))
}
