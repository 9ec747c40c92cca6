//! Sheets, script and drawings as a browser gets them.

use kaowu::web::assets::{href, routes};
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalResponse};

fn client() -> Client {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    Client::tracked(rocket::custom(figment).mount("/", routes())).expect("the assets need nothing")
}

fn header<'a>(answer: &'a LocalResponse<'_>, name: &str) -> &'a str {
    answer.headers().get_one(name).unwrap_or_default()
}

#[test]
fn an_asset_may_be_kept_for_ever_under_its_own_link() {
    let client = client();

    let answer = client.get(href("kaowu.css")).dispatch();

    assert_eq!(answer.status(), Status::Ok);
    assert_eq!(header(&answer, "Content-Type"), "text/css; charset=utf-8");
    assert_eq!(header(&answer, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&answer, "X-Content-Type-Options"), "nosniff");
    assert_eq!(header(&answer, "Vary"), "Accept-Encoding");
}

#[test]
fn a_link_from_before_an_update_gets_the_file_without_the_promise() {
    let client = client();

    let answer = client.get("/assets/0123456789ab/site.js").dispatch();

    assert_eq!(answer.status(), Status::Ok);
    assert_eq!(header(&answer, "Content-Type"), "text/javascript");
    assert_eq!(header(&answer, "Cache-Control"), "public, no-cache");
}

#[test]
fn the_smallest_form_that_a_browser_reads_is_sent() {
    let client = client();
    let sizes = [
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", ""),
        ("", ""),
        ("vibr", ""),
    ]
    .map(|(accepted, coding)| {
        let asked = client.get(href("kaowu.css")).header(Header::new("Accept-Encoding", accepted));
        let answer = asked.dispatch();
        assert_eq!(header(&answer, "Content-Encoding"), coding, "for {accepted}");
        answer.into_bytes().map_or(0, |it| it.len())
    });

    assert!(sizes[0] < sizes[1] && sizes[1] < sizes[3] / 3, "{sizes:?}");
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let client = client();
    let first = client.get(href("site.js")).dispatch();
    let tag = header(&first, "ETag").to_owned();

    for known in [tag.clone(), format!("\"old\", W/{tag}"), "*".to_owned()] {
        let asked = client.get(href("site.js")).header(Header::new("If-None-Match", known));
        let answer = asked.dispatch();

        assert_eq!(answer.status(), Status::NotModified);
        assert_eq!(header(&answer, "ETag"), tag);
        assert!(answer.into_bytes().is_none_or(|it| it.is_empty()));
    }
}

#[test]
fn another_form_of_the_same_file_is_another_thing() {
    let client = client();
    let plain = client.get(href("site.js")).dispatch();
    let tag = header(&plain, "ETag").to_owned();

    let asked = client.get(href("site.js")).header(Header::new("If-None-Match", tag));
    let answer = asked.header(Header::new("Accept-Encoding", "br")).dispatch();

    assert_eq!(answer.status(), Status::Ok);
}

#[test]
fn only_what_is_meant_to_be_served_is_served() {
    let client = client();
    for path in [
        "/assets/x/nothing.css",
        "/assets/x/kaowu.css.br",
        "/assets/x/css/01-tokens.css",
        "/assets/x/vendor/bootstrap-5.3.9/VENDOR.md",
        "/assets/x/..%2f..%2fCargo.toml",
        "/assets/x/img",
    ] {
        assert_eq!(client.get(path).dispatch().status(), Status::NotFound, "{path}");
    }
}
