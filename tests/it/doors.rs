//! Every door × everyone: who may enter where, printed and compared with `doors.txt`;
//! `UPDATE_EXPECT=1` writes it anew.

use expect_test::expect_file;
use kaowu::entry::server;
use kaowu::features::identity::Kind;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::db::FormKey;
use rocket::Route;
use rocket::http::{ContentType, Cookie, Method, Status};
use rocket::local::blocking::{Client, LocalResponse};

use crate::visitors;
use crate::world::World;

/// Who comes to a door.
#[derive(Clone, Copy)]
enum Visitor {
    Nobody,
    /// A candidate with the initial password.
    Newcomer,
    Candidate,
    /// A member of staff with a one-time password.
    OneTime,
    Officer(DutyKind),
}

impl Visitor {
    fn all() -> Vec<Visitor> {
        let officers = DutyKind::ALL.map(Visitor::Officer);
        let others = [Visitor::Nobody, Visitor::Newcomer, Visitor::Candidate, Visitor::OneTime];
        [&others[..], &officers].concat()
    }

    fn name(self) -> &'static str {
        match self {
            Visitor::Nobody => "nobody",
            Visitor::Newcomer => "newcomer",
            Visitor::Candidate => "candidate",
            Visitor::OneTime => "one_time",
            Visitor::Officer(duty) => duty.name(),
        }
    }

    /// A session of their own, opened anew for each door: some doors end it.
    fn cookie(self, world: &World) -> Option<Cookie<'static>> {
        let member = |duties: &[DutyKind]| {
            let login = format!("v{}", world.app.chance.digits(12));
            visitors::member(world, &login, "某某", duties)
        };
        let session = |kind, account| visitors::session(world, kind, account);
        let first_session = |kind, account| visitors::first_session(world, kind, account);
        Some(match self {
            Visitor::Nobody => return None,
            Visitor::Newcomer => {
                let account = visitors::candidate(world, "赵敏", "31019919900101123X");
                first_session(Kind::Candidate, account)
            }
            Visitor::Candidate => {
                let account = visitors::candidate(world, "林晓禾", "31019919880615118X");
                session(Kind::Candidate, account)
            }
            Visitor::OneTime => first_session(Kind::Staff, member(&[])),
            Visitor::Officer(duty) => session(Kind::Staff, member(&[duty])),
        })
    }
}

/// What stands in a path where its route has a gap. The things of these names exist, or do not
/// belong to any visitor.
fn filled(route: &Route) -> String {
    let path = route.uri.path().split('/').map(|part| match part {
        "<no>" => "0000000000000000000000000000",
        "<path..>" | "<digest>" => "none",
        gap if gap.starts_with('<') => "1",
        said => said,
    });
    path.collect::<Vec<_>>().join("/")
}

fn knock<'c>(
    client: &'c Client,
    world: &World,
    route: &Route,
    visitor: Visitor,
) -> LocalResponse<'c> {
    let token = world.app.chance.token();
    let path = filled(route);
    let request = match route.method {
        Method::Post => client
            .post(path)
            .header(ContentType::Form)
            .body(format!("_csrf={token}&_key={}", FormKey::draw(&world.app.chance))),
        _ => client.get(path),
    };
    let request = request
        .remote("127.0.0.1:4000".parse().unwrap())
        .cookie(Cookie::new(world.app.folder.cookie("form"), token.clone()))
        .cookie(Cookie::new(world.app.folder.cookie("form-staff"), token));
    match visitor.cookie(world) {
        Some(cookie) => request.cookie(cookie).dispatch(),
        None => request.dispatch(),
    }
}

/// What a visitor meets: a page, a form that asks again, a way elsewhere, a closed door.
fn met(door: &str, answer: LocalResponse<'_>) -> String {
    let status = answer.status();
    let to = answer.headers().get_one("Location").map(str::to_owned);
    assert!(
        status != Status::InternalServerError && status != Status::BadRequest,
        "{door} answers {status}: {}",
        answer.into_string().unwrap_or_default()
    );
    if let Some(to) = to {
        return format!("→{}", to.split('?').next().unwrap_or_default());
    }
    match status {
        Status::Ok => "open".into(),
        Status::UnprocessableEntity => "form".into(),
        other => other.code.to_string(),
    }
}

#[test]
fn everyone_enters_where_they_may() {
    let world = World::new();
    // Account 1 of each kind is nobody's who comes to the doors.
    visitors::member(&world, "bystander", "某某", &[DutyKind::HelpDesk]);
    visitors::candidate(&world, "某某", "310199200103040520");
    let rocket = server::rocket(world.app.clone());
    let mut routes: Vec<Route> = rocket.routes().cloned().collect();
    routes.sort_by_key(|it| (it.uri.path().to_owned(), it.method.as_str()));
    // Of several routes with one address the first that will takes whoever comes.
    routes.dedup_by_key(|it| (it.uri.path().to_owned(), it.method));
    let client = Client::untracked(rocket).unwrap();

    let mut table = String::new();
    for route in routes {
        let door = format!("{} {}", route.method, route.uri.path());
        let row = Visitor::all().into_iter().map(|visitor| {
            let met = met(&door, knock(&client, &world, &route, visitor));
            (visitor.name(), met)
        });
        table += &format!("{door}\n");
        table += &told(row.collect());
    }
    expect_file!["doors.txt"].assert_eq(&table);
}

#[test]
fn whatever_stands_in_the_menu_opens() {
    let world = World::new();
    for duty in DutyKind::ALL {
        let cookie = Visitor::Officer(duty).cookie(&world).unwrap();
        for link in server::menu(&[duty].into_iter().collect(), "/console") {
            let opened = world.client.get(link.href.clone()).cookie(cookie.clone()).dispatch();
            assert_eq!(opened.status(), Status::Ok, "{} {}", duty.name(), link.href);
        }
    }
    let cookie = Visitor::Candidate.cookie(&world).unwrap();
    for href in ["/dues", "/orders", "/receipts", "/help"] {
        let opened = world.client.get(href).cookie(cookie.clone()).dispatch();
        assert_eq!(opened.status(), Status::Ok, "{href}");
    }
}

/// Who met the same stands in one line: `open: finance clerk`.
fn told(row: Vec<(&'static str, String)>) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, met) in row {
        match lines.iter_mut().find(|(it, _)| *it == met) {
            Some((_, names)) => names.push(name),
            None => lines.push((met, vec![name])),
        }
    }
    if let [(met, _)] = &lines[..] {
        return format!("    {met}: all\n");
    }
    let officers = DutyKind::ALL.map(DutyKind::name).join(" ");
    let named = |names: &[&str]| names.join(" ").replace(&officers, "officers");
    lines.iter().map(|(met, names)| format!("    {met}: {}\n", named(names))).collect()
}
