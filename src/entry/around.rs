//! What the frame of a page shows of the rooms: who is here, where they may go, whom to ask.

use std::future::Future;
use std::pin::Pin;

use rocket::request::Request;

use crate::app::App;
use crate::features::candidates;
use crate::features::candidates::console::Drawn;
use crate::features::staff::guard::{self, Standing};
use crate::features::staff::rules::{Duties, DutyKind};
use crate::web::{MenuLink, Scenery, Who};

/// One entry of the console's menu.
struct Entry {
    group: &'static str,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    /// Who sees it: whoever holds one of these. Empty: all.
    duties: &'static [DutyKind],
}

/// The console's menu, from the top.
const CONSOLE: &[Entry] = &[
    Entry { group: "", label: "工作台", href: "/console", icon: "home", duties: &[] },
    Entry {
        group: "考务",
        label: "考生",
        href: "/console/candidates",
        icon: "user",
        duties: &[DutyKind::Clerk, DutyKind::HelpDesk],
    },
    Entry {
        group: "系统",
        label: "账号与职责",
        href: "/console/staff",
        icon: "people",
        duties: &[DutyKind::System],
    },
];

/// What the frame shows on this request.
pub fn scenery<'r>(request: &'r Request<'_>) -> Pin<Box<dyn Future<Output = Scenery> + Send + 'r>> {
    Box::pin(async move {
        let path = request.uri().path().as_str();
        if path == "/console" || path.starts_with("/console/") {
            console(request, path).await
        } else {
            Scenery { who: candidates::guard::who(request).await, ..site(path) }
        }
    })
}

async fn console(request: &Request<'_>, path: &str) -> Scenery {
    match guard::standing(request).await {
        Standing::Staff(member) => Scenery {
            who: Some(Who { name: member.name.clone(), detail: member.duties.to_string() }),
            menu: menu(&member.duties, path),
            ..Scenery::default()
        },
        Standing::Newcomer(member) => Scenery {
            who: Some(Who { name: member.name.clone(), detail: String::new() }),
            ..Scenery::default()
        },
        Standing::Nobody | Standing::Unread => Scenery::default(),
    }
}

/// The console's menu for somebody with these duties, on the page at `path`.
pub fn menu(duties: &Duties, path: &str) -> Vec<MenuLink> {
    let is_open =
        |it: &&Entry| it.duties.is_empty() || it.duties.iter().any(|duty| duties.has(*duty));
    let entries = CONSOLE.iter().filter(is_open);
    entries.map(|it| link(it.group, it.label, it.href, it.icon, path)).collect()
}

/// What other rooms show on the page about one candidate. Rooms add theirs here.
pub fn panels(_app: &App, _candidate: i64) -> Drawn<'_> {
    Box::pin(async { Ok(Vec::new()) })
}

/// The site's menu: the bar, and the links at the foot of the page.
fn site(path: &str) -> Scenery {
    let bar = [("首页", "/"), ("帮助", "/help"), ("票据查验", "/receipts/check")];
    let bar = bar.map(|(label, href)| link("", label, href, "", path));
    Scenery { menu: bar.into(), ..Scenery::default() }
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
