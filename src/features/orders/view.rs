//! How orders, times and amounts are put for people, on either face.

use jiff::{SignedDuration, Timestamp};

use super::rules::Order;
use crate::base::clock::OFFICE;

/// 2026年3月13日 10:28:02
pub(super) fn instant(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()
}

/// 10:28:02
pub(super) fn clock(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%H:%M:%S").to_string()
}

/// 10:54
pub(super) fn minute(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%H:%M").to_string()
}

/// For machines, in the office's zone.
pub(super) fn iso(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// 26分29秒, as the script counts on.
pub(super) fn lasting(left: SignedDuration) -> String {
    let seconds = left.as_secs().max(0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}秒"),
        (0, minutes, seconds) => format!("{minutes}分{seconds}秒"),
        (hours, minutes, _) => format!("{hours}小时{minutes}分"),
    }
}

/// When the platform was asked last and what came of it, in one sentence.
pub(super) fn last_question(order: &Order) -> String {
    match (order.asked_at, &order.ask_trouble) {
        (None, _) => "正在等待付款".into(),
        (Some(at), None) => format!("最近一次核实 {}，平台尚未收到款项", clock(at)),
        (Some(at), Some(_)) => format!("{} 核实时平台没有应答，系统会自动再次核实", clock(at)),
    }
}
