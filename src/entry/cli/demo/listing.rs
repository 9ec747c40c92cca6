//! What a demonstration prints when it is ready: addresses, accounts, what to do next.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::overview::training::cast::{CAST, Person};
use crate::overview::training::hours::HoursNow;
use crate::overview::training::stage::{Passwords, STAFF};

/// What there is to list.
pub(super) struct Listing {
    pub(super) url: String,
    pub(super) platform_url: String,
    /// The platform's training console, for this machine alone.
    pub(super) training_url: String,
    pub(super) captcha: String,
    pub(super) passwords: Passwords,
    pub(super) hours: HoursNow,
    pub(super) data: PathBuf,
}

/// How many of the cast the list names; `--json` names all.
const NAMED: [&str; 6] = ["P01", "P02", "P03", "P05", "E04", "E07a"];

/// What a story says of passwords, which holds where they were not drawn.
const INITIAL: &str = "初始密码为证件号后六位。";

impl Listing {
    /// One JSON object on one line.
    pub(super) fn json(&self) -> String {
        let candidates = CAST.iter().map(|person| {
            json!({
                "kind": "candidate",
                "login": person.login(),
                "password": self.passwords.of(person),
                "name": person.person_name().shown(),
                "story": self.story(person),
            })
        });
        let staff = STAFF.iter().map(|clerk| {
            json!({
                "kind": "staff",
                "login": clerk.login,
                "password": self.passwords.staff(),
                "name": clerk.name,
                "story": clerk.story,
            })
        });
        json!({
            "url": self.url,
            "console_url": format!("{}/console", self.url),
            "platform_url": self.platform_url,
            "training_url": self.training_url,
            "captcha": self.captcha,
            "hours": self.hours(),
            "accounts": candidates.chain(staff).collect::<Vec<Value>>(),
        })
        .to_string()
    }

    /// What there is to say of the open project's hours.
    fn hours(&self) -> Option<&'static str> {
        match self.hours {
            HoursNow::Open => None,
            HoursNow::Moved => Some("原来的时间已过，已改到今天前后"),
            HoursNow::StaffsOwn => {
                Some("由工作人员设置，没有改动；现在不在开放时间内，缴费流程走不通")
            }
        }
    }

    /// A person's story, with the password that this folder gave them.
    fn story(&self, person: &Person) -> String {
        match self.passwords {
            Passwords::OfTheStories => person.story.to_owned(),
            Passwords::Drawn { .. } => person.story.replace(INITIAL, "初始密码见上。"),
        }
    }

    /// A short, friendly list.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            String::new(),
            "Kaowu 考务 演示已就绪 / the demonstration is ready".into(),
            String::new(),
            format!("  考生网站    {}", self.url),
            format!("  管理控制台  {}/console", self.url),
            format!("  模拟支付    {}", self.platform_url),
            format!("  培训台      {}（只在本机打开：各种故障）", self.training_url),
        ];
        if !self.captcha.is_empty() {
            lines.push(format!("  验证码      图片中的字符，或固定答案 {}", self.captcha));
        }
        if let Some(hours) = self.hours() {
            lines.push(format!("  缴费时间    {hours}"));
        }
        lines.extend([String::new(), "  考生（账号 / 密码）".into()]);
        for person in CAST.iter().filter(|it| NAMED.contains(&it.id)) {
            let name = person.person_name();
            lines.push(format!(
                "    {}  {}  {}",
                person.login(),
                self.passwords.of(person),
                name.shown()
            ));
            lines.push(format!("      {}", self.story(person)));
        }
        lines.extend([String::new(), "  工作人员（账号 / 密码）".into()]);
        for clerk in &STAFF {
            lines.push(format!("    {}  {}  {}", clerk.login, self.passwords.staff(), clerk.name));
            lines.push(format!("      {}", clerk.story));
        }
        lines.extend([
            String::new(),
            format!(
                "  下一步：打开 {}，点“考试报名”中的网上缴费系统，用第一位考生的账号登录。",
                self.url
            ),
            format!(
                "  数据在 {}；再次启动会接着用，--fresh 重新开始。Ctrl-C 停止。",
                self.data.display()
            ),
            String::new(),
        ]);
        lines
    }
}
