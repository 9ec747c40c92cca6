//! What a demonstration prints when it is ready: addresses, accounts, what to do next.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::overview::training::cast::CAST;
use crate::overview::training::stage::{Passwords, STAFF};

/// What there is to list.
pub(super) struct Listing {
    pub(super) url: String,
    pub(super) platform_url: String,
    /// The platform's training console, for this machine alone.
    pub(super) training_url: String,
    pub(super) captcha: String,
    pub(super) passwords: Passwords,
    pub(super) data: PathBuf,
}

/// How many of the cast the list names; `--json` names all.
const NAMED: [&str; 6] = ["P01", "P02", "P03", "P05", "E04", "E07a"];

impl Listing {
    /// One JSON object on one line.
    pub(super) fn json(&self) -> String {
        let candidates = CAST.iter().map(|person| {
            json!({
                "kind": "candidate",
                "login": person.login(),
                "password": self.passwords.of(person),
                "name": person.person_name().shown(),
                "story": person.story,
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
            "accounts": candidates.chain(staff).collect::<Vec<Value>>(),
        })
        .to_string()
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
        lines.extend([String::new(), "  考生（账号 / 密码）".into()]);
        for person in CAST.iter().filter(|it| NAMED.contains(&it.id)) {
            let name = person.person_name();
            lines.push(format!(
                "    {}  {}  {}",
                person.login(),
                self.passwords.of(person),
                name.shown()
            ));
            lines.push(format!("      {}", person.story));
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
