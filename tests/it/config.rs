//! What the operator sets, and the page that tells of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use kaowu::base::config::Config;
use rocket::figment::Figment;
use rocket::figment::providers::{Format, Serialized, Toml};
use serde_json::Value;

type Settings = BTreeMap<String, Value>;

#[test]
fn the_page_of_settings_has_every_key_with_its_default() {
    let defaults: Settings =
        Figment::from(Serialized::defaults(Config::default())).extract().unwrap();

    let page: Settings = Figment::from(Toml::string(&switched_on(&page()))).extract().unwrap();

    assert_eq!(page, defaults);
}

#[test]
fn the_page_of_settings_says_what_each_means() {
    let page = page();
    let lines: Vec<&str> = page.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if key(line).is_some() {
            let said = lines[..at].iter().rev().take_while(|it| it.starts_with("# ")).count();
            assert!(said > 0, "nothing is said of: {line}");
        }
    }
}

#[test]
fn the_page_of_settings_is_a_file_of_settings() {
    let dir = tempfile::tempdir().unwrap();
    let as_shipped = format!("{:?}", Config::default());
    for text in [page(), switched_on(&page())] {
        std::fs::write(Config::file(dir.path()), text).unwrap();
        assert_eq!(format!("{:?}", Config::read(dir.path()).unwrap()), as_shipped);
    }
}

#[test]
fn a_new_folder_is_given_the_page_with_its_name_set() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("kaowu");
    let name = "上海市“云间”区\\\"考试\"中心";

    let made = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["init", "--centre", "310117", "--name", name, "--data"])
        .arg(&dir)
        .output()
        .unwrap();

    assert!(made.status.success(), "{made:?}");
    let config = Config::read(&dir).unwrap();
    assert_eq!(config.centre_name, name);
    let as_shipped = Config { centre_name: name.into(), ..Config::default() };
    assert_eq!(format!("{config:?}"), format!("{as_shipped:?}"));
    let (written, page) = (std::fs::read_to_string(Config::file(&dir)).unwrap(), page());
    let changed = page.lines().zip(written.lines()).filter(|(page, written)| page != written);
    assert_eq!(changed.map(|(page, _)| key(page)).collect::<Vec<_>>(), [Some("centre_name")]);
    assert_eq!(written.lines().count(), page.lines().count());
    let defaults: Settings =
        Figment::from(Serialized::defaults(Config::default())).extract().unwrap();
    for known in defaults.keys() {
        let is_said =
            |line: &str| line.trim_start_matches("# ").starts_with(&format!("{known} = "));
        assert!(written.lines().any(is_said), "nothing is said of {known}");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    let dir = tempfile::tempdir().unwrap();
    for (wrong, right) in
        [("prot = 443", "port"), ("site = \"\"", "site_url"), ("Mail-Server = \"\"", "mail_server")]
    {
        std::fs::write(Config::file(dir.path()), wrong).unwrap();

        let said = Config::read(dir.path()).unwrap_err().to_string();

        let name = wrong.split(' ').next().unwrap();
        assert!(said.contains(&format!("there is no setting '{name}'")), "{said}");
        assert!(said.contains("kaowu.toml"), "{said}");
        assert!(said.contains(&format!("did you mean '{right}'?")), "{said}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_names_its_key() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(Config::file(dir.path()), "port = 65536").unwrap();

    let said = Config::read(dir.path()).unwrap_err().to_string();

    assert!(said.starts_with("the setting 'port'"), "{said}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(Config::file(dir.path()), "port = 9000\naddress = \"127.0.0.9\"").unwrap();

    let said = read_with(
        dir.path(),
        &[
            ("KAOWU_LOG", "info"),
            ("KAOWU_PORT", "443"),
            ("KAOWU_TLS_NAMES", "[kaoshi.lan, 192.168.1.20]"),
            // Texts, whatever they look like.
            ("KAOWU_PLATFORM_MERCHANT", "0310199"),
            ("KAOWU_CAPTCHA_ANSWER", "1e3"),
            ("KAOWU_CENTRE_NAME", "true"),
            ("KAOWU_MAIL_SERVER", "smtps://lin:{a,b}\"@mail.example.cn"),
        ],
    );

    for part in [
        "port: 443",
        "address: 127.0.0.9",
        "tls_names: [\"kaoshi.lan\", \"192.168.1.20\"]",
        "platform_merchant: \"0310199\"",
        "captcha_answer: \"1e3\"",
        "centre_name: \"true\"",
        r#"mail_server: "smtps://lin:{a,b}\"@mail.example.cn""#,
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
}

#[test]
fn a_wrong_variable_is_told_as_one() {
    let dir = tempfile::tempdir().unwrap();

    let unknown = read_with(dir.path(), &[("KAOWU_PROT", "443")]);
    let wrong = read_with(dir.path(), &[("KAOWU_PORT", "many")]);

    assert!(unknown.contains("there is no setting 'prot' in the environment"), "{unknown}");
    assert!(unknown.contains("did you mean 'port'?"), "{unknown}");
    assert!(wrong.contains("the setting 'port' in the environment"), "{wrong}");
}

/// Not a test of its own: what the process of [`read_with`] does.
#[test]
#[ignore = "its environment is made by another test"]
fn read_and_tell() {
    let Some(dir) = std::env::var_os("KAOWU_DATA") else { return };
    match Config::read(Path::new(&dir)) {
        Ok(config) => println!("{config:?}"),
        Err(error) => println!("{error}"),
    }
}

/// What is read of a folder in an environment: in a process of its own, since tests share theirs.
fn read_with(dir: &Path, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["config::read_and_tell", "--exact", "--ignored", "--nocapture"])
        .env("KAOWU_DATA", dir)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join("packaging/kaowu.toml")).unwrap()
}

/// The page with every setting taken out of its comment.
fn switched_on(page: &str) -> String {
    let lines = page.lines().map(|line| key(line).map_or(line, |_| &line[2..]));
    lines.collect::<Vec<_>>().join("\n")
}

/// The key of a line that is a setting, switched off.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.strip_prefix("# ")?.split_once(" = ")?;
    key.bytes().all(|it| it.is_ascii_lowercase() || it == b'_').then_some(key)
}
