//! 系统状况: each thing that can go wrong by itself, as one line: well, or what to look at.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::words;
use crate::features::receipts::rules::Stock;
use crate::machinery::mail::Outbox;
use crate::machinery::rounds::Round;

/// One line of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What is looked at.
    pub what: &'static str,
    /// Is it well?
    pub well: bool,
    /// One or two words: 正常, 不足.
    pub word: &'static str,
    /// What else there is to say.
    pub said: String,
}

/// Below this much free space staff are told: a day of payments and its backup fit several times.
const FREE_BYTES_MIN: u64 = 2 << 30;
/// The job that asks the platform whether it is there.
pub const PING: &str = "platform.ping";
/// A job that has not run for this long is late, whatever its period.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// The clock: training may have moved it.
pub fn clock(shift: SignedDuration) -> Sign {
    let what = "系统时钟";
    if shift.is_zero() {
        return Sign { what, well: true, word: "正常", said: "与本机时钟一致".into() };
    }
    let way = if shift.is_negative() { "慢" } else { "快" };
    let minutes = shift.as_mins().abs();
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let said = format!("培训时间比本机时钟{way} {days} 天 {hours} 小时 {minutes} 分");
    Sign { what, well: false, word: "已调整", said }
}

/// The free space of the disk that holds the data folder.
pub fn disk(dir: &Path) -> Sign {
    let what = "磁盘余量";
    match rustix::fs::statvfs(dir) {
        Ok(disk) => {
            // What the administrator alone may still use is not ours.
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let well = free >= FREE_BYTES_MIN;
            let said = format!("{:.1} GB", free as f64 / f64::from(1 << 30));
            Sign { what, well, word: if well { "正常" } else { "不足" }, said }
        }
        Err(_) => {
            Sign {
                what, well: false, word: "无法读取", said: "请检查数据文件夹所在的磁盘".into()
            }
        }
    }
}

/// The outbox.
pub fn letters(outbox: Outbox) -> Sign {
    let what = "邮件";
    let Outbox { waiting, delayed, given_up } = outbox;
    let (well, word, said) = match (given_up, delayed) {
        (0, 0) => (true, "正常", format!("待发 {waiting} 封")),
        (0, delayed) => (false, "有延迟", format!("{delayed} 封没有发出，正在自动重试")),
        (given_up, _) => (false, "未送达", format!("{given_up} 封没有送达，不再重试")),
    };
    Sign { what, well, word, said }
}

/// The payment platform, as the last [`PING`] found it. Nothing is asked while a page waits.
pub fn platform(rounds: &[Round], wall: Timestamp) -> Sign {
    let what = "支付平台";
    let Some(ping) = rounds.iter().find(|it| it.job == PING) else {
        let said = "启动后一分钟内会自动检查".into();
        return Sign { what, well: false, word: "尚未检查", said };
    };
    let at = words::lately(ping.begun_at, wall);
    match ping.trouble {
        Some(_) => {
            let said = format!("{at} 没有应答；已付的款不受影响，恢复后自动核实");
            Sign { what, well: false, word: "连不上", said }
        }
        None => Sign { what, well: true, word: "正常", said: format!("最近应答 {at}") },
    }
}

/// The numbers for receipts.
pub fn receipts(stock: Stock) -> Sign {
    let (well, word) = match (stock.left, stock.is_low()) {
        (0, _) => (false, "已用完"),
        (_, true) => (false, "将用完"),
        (_, false) => (true, "正常"),
    };
    Sign { what: "票据号段", well, word, said: format!("剩余 {} 个号码", stock.left) }
}

/// The jobs of the night shift.
pub fn rounds(rounds: &[Round], wall: Timestamp) -> Sign {
    let what = "后台任务";
    let others = rounds.iter().filter(|it| it.job != PING);
    let failed: Vec<_> = others.filter(|it| it.trouble.is_some()).map(|it| told(&it.job)).collect();
    let last = rounds.iter().map(|it| it.begun_at).max();
    let (well, word, said) = match last {
        None => (false, "尚未运行", "启动后一分钟内应当运行".to_owned()),
        Some(last) if wall.duration_since(last) > LATE => {
            (false, "已停止", format!("最近一次 {}", words::lately(last, wall)))
        }
        Some(_) if !failed.is_empty() => (false, "有失败", failed.join("、")),
        Some(last) => (true, "正常", format!("最近一次 {}", words::lately(last, wall))),
    };
    Sign { what, well, word, said }
}

/// What staff call a job.
fn told(job: &str) -> &str {
    match job {
        "mail.deliver" => "发送邮件",
        "orders.expire" => "关闭逾时订单",
        "orders.chase" => "核实待支付订单",
        "orders.refund" => "办理退款",
        "receipts.number_waiting" => "票据领号",
        "reconciliation.fetch" => "获取对账文件",
        "rosters.carry_on" => "导入名册",
        "identity.forget" | "forms.forget" => "清理过期记录",
        "tls.renew" => "更新网站证书",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(job: &str, begun_at: &str, trouble: Option<&str>) -> Round {
        let begun_at = begun_at.parse().unwrap();
        let trouble = trouble.map(str::to_owned);
        Round { job: job.into(), begun_at, ended_at: Some(begun_at), did: Some(0), trouble }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wall = "2026-03-13T02:24:00Z".parse().unwrap();
        let word = |jobs: &[Round]| rounds(jobs, wall).word;
        assert_eq!(word(&[]), "尚未运行");
        assert_eq!(word(&[round("mail.deliver", "2026-03-13T02:23:50Z", None)]), "正常");
        assert_eq!(word(&[round("mail.deliver", "2026-03-13T02:23:50Z", Some("x"))]), "有失败");
        assert_eq!(word(&[round("mail.deliver", "2026-03-12T22:00:00Z", None)]), "已停止");
        let away = platform(&[round(PING, "2026-03-13T02:23:50Z", Some("x"))], wall);
        assert_eq!((away.well, away.word), (false, "连不上"));
        assert!(platform(&[round(PING, "2026-03-13T02:23:50Z", None)], wall).well);
        assert!(!letters(Outbox { given_up: 1, ..Outbox::default() }).well);
        assert!(letters(Outbox { waiting: 3, ..Outbox::default() }).well);
        assert_eq!(clock(SignedDuration::ZERO).word, "正常");
        let ahead = clock(SignedDuration::from_hours(49));
        assert_eq!(ahead.said, "培训时间比本机时钟快 2 天 1 小时 0 分");
        assert!(!disk(Path::new("/no/such/folder")).well);
    }
}
