//! 公告 and all else the centre tells everybody, as 考务 edits it. Effective at once.

mod announcements;
mod lists;
mod notice;

use rocket::Route;
use rocket::http::Status;

use super::rules::Refused;
use crate::web::Refusal;

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    [announcements::routes(), lists::routes(), notice::routes()].concat()
}

/// A page of this face beside the others.
struct Tab {
    href: &'static str,
    label: &'static str,
    current: bool,
}

/// The pages of this face; the one at the address `here` is shown.
fn tabs(here: &str) -> Vec<Tab> {
    [
        ("/console/announcements", "公告"),
        ("/console/bulletin/contacts", "联系方式"),
        ("/console/bulletin/lines", "选择线路"),
        ("/console/bulletin/browsers", "浏览器下载"),
        ("/console/bulletin/notice", "个人信息保护告知"),
    ]
    .map(|(href, label)| Tab { href, label, current: href == here })
    .into()
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Unknown => Status::NotFound,
            Refused::Withdrawn | Refused::DoneBefore => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::Unknown => ("没有找到这条公告。", "请返回公告列表重新选择。"),
            Refused::Withdrawn => ("这条公告已经撤回，不能再修改。", "需要时请重新发布一条。"),
            Refused::DoneBefore => (
                "这张表单已经提交过，内容与这次不同，这次没有保存。",
                "请返回公告列表查看结果，需要修改的再点“修改”。",
            ),
        };
        (happened.into(), now.into())
    }
}
