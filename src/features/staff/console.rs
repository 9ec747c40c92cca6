//! The console's own doors: in and out, and 账号与职责.

mod accounts;
mod entrance;
mod kept;
mod one_time;
mod password;

use std::sync::atomic::Ordering;

use rocket::http::{Method, Status};
use rocket::request::Request;
use rocket::response::Redirect;
use rocket::{Catcher, Route};

use self::entrance::Said;
use super::guard::{self, Closed, Standing};
use crate::web::{Chrome, Told};

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    [entrance::routes(), password::routes(), accounts::routes(), one_time::routes(), kept::routes()]
        .concat()
}

/// What answers at `/console` where somebody may not enter, to be registered there.
pub fn catchers() -> Vec<Catcher> {
    rocket::catchers![to_the_entrance, not_your_duty]
}

/// Strangers go to the login, and from there on to where they wanted; a one-time password goes to
/// the page that changes it, and nowhere else.
#[rocket::catch(401)]
async fn to_the_entrance(request: &Request<'_>) -> Redirect {
    match guard::standing(request).await {
        Standing::Newcomer(_) => Redirect::to(rocket::uri!("/console", password::password)),
        Standing::Nobody | Standing::Staff(_) | Standing::Unread => {
            let asked = matches!(request.method(), Method::Get | Method::Head);
            let next = asked.then(|| request.uri().to_string());
            // What was posted cannot be asked for again by a link.
            let said = (!asked).then_some(Said::NotKept);
            Redirect::to(entrance::href(next.as_deref(), None, said))
        }
    }
}

#[rocket::catch(403)]
async fn not_your_duty(request: &Request<'_>) -> Told {
    // The page still shows who is here and where they may go.
    drop(request.guard::<Chrome>().await);
    if request.local_cache(Closed::default).0.load(Ordering::Relaxed) {
        Told::new(
            Status::Forbidden,
            "这项业务不在您的职责范围内，系统没有打开。",
            "如需办理，请联系系统管理员调整您的职责，或返回工作台。",
        )
    } else {
        Told::new(
            Status::Forbidden,
            "这个页面已经过期，或不是从本系统打开的。",
            "请返回上一页，刷新后重新提交。",
        )
    }
}
