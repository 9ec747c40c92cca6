//! Looks at pages of a running house at three widths; `tests/shots` calls it.

use super::{Browser, Settings};

/// Phone, tablet, desk.
const WIDTHS: &[u32] = &[320, 768, 1280];

/// Lines of `visit URL`, `fill LABEL=VALUE`, `choose LABEL`, `press BUTTON`, `follow LINK`,
/// `see WORDS` and `shot NAME`. A line that is a URL alone is visited and shot.
#[test]
#[ignore = "looks at a running house: tests/shots"]
fn pages_are_shot_at_three_widths() {
    let steps = std::env::var("KAOWU_SHOTS").expect("tests/shots says what to look at");
    let browser = Browser::with(Settings { any_certificate: true, ..Settings::default() });
    for (number, step) in (1..).zip(steps.lines().map(str::trim).filter(|it| !it.is_empty())) {
        let (verb, what) = step.split_once(' ').unwrap_or((step, ""));
        match (verb, what.trim()) {
            (url, "") if url.starts_with("http") => {
                browser.visit(url);
                shoot(&browser, &format!("{number:02}-{}", name(url)));
            }
            ("visit", url) => browser.visit(url),
            ("fill", field) => {
                let (label, value) = field.split_once('=').expect("fill LABEL=VALUE");
                browser.fill(label, value);
            }
            ("choose", label) => browser.choose(label),
            ("press", button) => browser.press(button),
            ("follow", link) => browser.follow(link),
            ("see", words) => browser.see(words),
            ("shot", name) => shoot(&browser, name),
            _ => panic!("no such step: {step}"),
        }
    }
}

#[expect(clippy::print_stdout, reason = "says where the pictures are")]
fn shoot(browser: &Browser, name: &str) {
    for width in WIDTHS {
        browser.resize(*width, 900);
        println!("{}", browser.screenshot(&format!("{name}.{width}")).display());
        if browser.overflow_px() > 0 {
            println!("    {} px wider than {width} px", browser.overflow_px());
        }
    }
    for finding in browser.axe() {
        println!("    {finding}");
    }
}

/// The path of an address, as a file name.
fn name(url: &str) -> String {
    let path =
        url.split("//").nth(1).and_then(|it| it.split_once('/')).map_or("", |(_, path)| path);
    let name: String =
        path.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    if name.is_empty() { "start".into() } else { name }
}
