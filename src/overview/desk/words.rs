//! How the desk says times.

use jiff::Timestamp;

use crate::base::clock::OFFICE;

/// 2026年3月13日 周五.
pub(super) fn day(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let date = at.to_zoned(OFFICE).date();
    let weekday = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    format!("{} {weekday}", date.strftime("%Y年%-m月%-d日"))
}

/// 2026年3月13日 10:24.
pub(super) fn moment(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

/// 10:24 of the same day, 3月12日 10:24 of another.
pub(super) fn lately(at: Timestamp, now: Timestamp) -> String {
    let (at, now) = (at.to_zoned(OFFICE), now.to_zoned(OFFICE));
    let form = if at.date() == now.date() { "%H:%M" } else { "%-m月%-d日 %H:%M" };
    at.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::{day, lately};

    #[test]
    fn times_are_said_as_people_say_them() {
        let at = |it: &str| it.parse().unwrap();
        assert_eq!(day(at("2026-03-13T02:24:00Z")), "2026年3月13日 周五");
        assert_eq!(lately(at("2026-03-13T02:24:00Z"), at("2026-03-13T15:59:00Z")), "10:24");
        assert_eq!(lately(at("2026-03-13T02:24:00Z"), at("2026-03-13T16:00:00Z")), "3月13日 10:24");
    }
}
