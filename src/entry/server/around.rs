//! What the frame of a page shows of the rooms: who is here, where they may go, whom to ask.

use std::future::Future;
use std::pin::Pin;

use rocket::request::Request;

use crate::app::App;
use crate::features::staff::guard::{self, Standing};
use crate::features::staff::rules::{Duties, DutyKind};
use crate::features::{bulletin, candidates};
use crate::web::{MenuLink, Scenery, SupportLine, Who};

/// One entry of the console's menu.
struct Entry {
    group: &'static str,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    /// Who sees it: whoever holds one of these. Empty: all.
    duties: &'static [DutyKind],
}

/// The console's menu, from the top. `tests/it/doors.rs` opens every entry as whoever sees it.
const CONSOLE: &[Entry] = &[
    Entry { group: "", label: "工作台", href: "/console", icon: "home", duties: &[] },
    Entry {
        group: "收费",
        label: "订单",
        href: "/console/orders",
        icon: "card",
        duties: &[DutyKind::Finance],
    },
    Entry {
        group: "收费",
        label: "异常与退款",
        href: "/console/exceptions",
        icon: "alert",
        duties: &[DutyKind::Finance],
    },
    Entry {
        group: "收费",
        label: "票据",
        href: "/console/receipts",
        icon: "doc",
        duties: &[DutyKind::Finance],
    },
    Entry {
        group: "收费",
        label: "对账",
        href: "/console/days",
        icon: "scale",
        duties: &[DutyKind::Finance],
    },
    Entry {
        group: "收费",
        label: "收费项目",
        href: "/console/projects",
        icon: "coin",
        duties: &[DutyKind::Clerk, DutyKind::Finance],
    },
    Entry {
        group: "考务",
        label: "考生",
        href: "/console/candidates",
        icon: "people",
        duties: &[DutyKind::Clerk, DutyKind::HelpDesk],
    },
    Entry {
        group: "考务",
        label: "名册导入",
        href: "/console/rosters",
        icon: "upload",
        duties: &[DutyKind::Clerk],
    },
    Entry {
        group: "考务",
        label: "公告与联系方式",
        href: "/console/announcements",
        icon: "speaker",
        duties: &[DutyKind::Clerk],
    },
    Entry {
        group: "系统",
        label: "账号与职责",
        href: "/console/staff",
        icon: "shield",
        duties: &[DutyKind::System],
    },
    Entry {
        group: "系统",
        label: "培训",
        href: TRAINING,
        icon: "clock",
        duties: &[DutyKind::System, DutyKind::Finance],
    },
];

/// The one page that production does not have.
const TRAINING: &str = "/console/training";

/// What the frame shows on this request.
pub fn scenery<'r>(request: &'r Request<'_>) -> Pin<Box<dyn Future<Output = Scenery> + Send + 'r>> {
    Box::pin(async move {
        let path = request.uri().path().as_str();
        if path == "/console" || path.starts_with("/console/") {
            console(request, path).await
        } else {
            site(request, path).await
        }
    })
}

async fn console(request: &Request<'_>, path: &str) -> Scenery {
    match guard::standing(request).await {
        Standing::Staff(member) => Scenery {
            who: Some(Who { name: member.name.clone(), detail: member.duties.to_string() }),
            menu: menu_here(request, &member.duties, path),
            ..Scenery::default()
        },
        Standing::Newcomer(member) => Scenery {
            who: Some(Who { name: member.name.clone(), detail: String::new() }),
            ..Scenery::default()
        },
        Standing::Nobody | Standing::Unread => Scenery::default(),
    }
}

/// The menu without what this folder does not have.
fn menu_here(request: &Request<'_>, duties: &Duties, path: &str) -> Vec<MenuLink> {
    let app = request.rocket().state::<App>();
    let rehearses = app.is_some_and(|it| it.folder.mode.may_pretend());
    let mut links = menu(duties, path);
    links.retain(|it| rehearses || it.href != TRAINING);
    links
}

/// The console's menu for somebody with these duties, on the page at `path`.
pub fn menu(duties: &Duties, path: &str) -> Vec<MenuLink> {
    let is_open =
        |it: &&Entry| it.duties.is_empty() || it.duties.iter().any(|duty| duties.has(*duty));
    let entries = CONSOLE.iter().filter(is_open);
    entries.map(|it| link(it.group, it.label, it.href, it.icon, path)).collect()
}

/// The site's menu: the bar, and the links at the foot of the page.
async fn site(request: &Request<'_>, path: &str) -> Scenery {
    let who = candidates::guard::who(request).await;
    let bar: &[(&str, &str)] = match candidates::guard::standing(request).await {
        candidates::guard::Standing::Candidate(_) => &[
            ("缴费", "/dues"),
            ("我的订单", "/orders"),
            ("我的票据", "/receipts"),
            ("帮助", "/help"),
        ],
        // Whoever must reset the password first would be led nowhere else.
        candidates::guard::Standing::Newcomer(_) => &[("帮助", "/help")],
        candidates::guard::Standing::Nobody | candidates::guard::Standing::Unread => {
            &[("首页", "/"), ("帮助", "/help"), ("票据查验", "/verification")]
        }
    };
    let mut menu: Vec<_> =
        bar.iter().map(|(label, href)| link("", label, href, "", path)).collect();
    if let candidates::guard::Standing::Candidate(_) = candidates::guard::standing(request).await {
        menu.push(link("页首", "修改密码", "/password", "", path));
    }
    menu.extend(FOOT.iter().map(|(label, href)| link("页脚", label, href, "", path)));
    Scenery { who, menu, support: support(request).await, ..Scenery::default() }
}

/// The links at the foot of the site's pages.
const FOOT: [(&str, &str); 4] = [
    ("常见问题", "/help"),
    ("查验票据", "/verification"),
    ("浏览器建议", "/browsers"),
    ("考务人员入口", "/console"),
];

/// Whom to ask. A page without it is better than none.
async fn support(request: &Request<'_>) -> Vec<SupportLine> {
    let Some(app) = request.rocket().state::<App>() else { return Vec::new() };
    app.db.read(bulletin::support).await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "the contacts cannot be read");
        Vec::new()
    })
}

fn link(
    group: &'static str,
    label: &'static str,
    href: &str,
    icon: &'static str,
    path: &str,
) -> MenuLink {
    let below = path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let is_home = href == "/" || href == "/console";
    let current = path == href || below && !is_home;
    MenuLink { label, href: href.to_owned(), icon, group, current }
}
