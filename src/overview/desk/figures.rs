//! The figures at the top of the desk, and what waits for the person who looks.

use jiff::Timestamp;

use super::words;
use crate::base::clock::{OFFICE, office_date};
use crate::base::outcome::Fault;
use crate::base::values::Fen;
use crate::features::fees::rules::Counts;
use crate::features::staff::rules::{Duties, DutyKind};
use crate::features::{exceptions, fees, orders, receipts};
use crate::machinery::db::ReadTx;

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// 已缴费.
    pub label: &'static str,
    /// 326.
    pub number: String,
    /// 笔; empty for money.
    pub unit: &'static str,
    /// A line under it.
    pub said: String,
    /// Must somebody look at it?
    pub is_bad: bool,
}

/// Something that waits for the person who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// 票据待领号.
    pub what: &'static str,
    /// How many.
    pub count: i64,
    /// Since when the oldest waits, as people read it; empty when not known.
    pub oldest: String,
    /// Where to go.
    pub href: &'static str,
    /// 去处理.
    pub act: &'static str,
}

/// What there is, for whoever has to do with fees; nothing for those who do no business.
///
/// # Errors
/// A fault when it cannot be counted.
pub fn figures(tx: &ReadTx<'_>, duties: &Duties) -> Result<Vec<Figure>, Fault> {
    if !duties.has(DutyKind::Finance) && !duties.has(DutyKind::Clerk) {
        return Ok(Vec::new());
    }
    let projects: Vec<_> = fees::projects(tx)?.into_iter().filter(|it| it.shown).collect();
    let mut all = Counts { unpaid: 0, paid: 0, fallen_away: 0, paid_fen: 0 };
    for project in &projects {
        let counts = fees::counts(tx, project.id)?;
        all.unpaid += counts.unpaid;
        all.paid += counts.paid;
    }
    let of = match &projects[..] {
        [] => "还没有收费项目".to_owned(),
        [one] => one.title.clone(),
        several => format!("{}个收费项目", several.len()),
    };
    let plain = |label, number: i64, said| Figure {
        label,
        number: number.to_string(),
        unit: "笔",
        said,
        is_bad: false,
    };
    let mut figures = vec![
        plain("应缴", all.unpaid + all.paid, of),
        plain("已缴费", all.paid, share(all.paid, all.unpaid)),
    ];
    if duties.has(DutyKind::Finance) {
        let counts = orders::counts(tx)?;
        let open = counts.iter().filter(|(state, _)| state.is_open()).map(|(_, count)| count);
        let taken = orders::takings(tx, day_begins(tx.now()))?;
        let said = format!("今日到账{}笔", taken.payments);
        figures
            .push(Figure { number: yuan(taken.fen), unit: "", ..plain("今日实收", 0, said) });
        figures.push(plain("待支付", open.sum(), "逾时未付会自动关闭".into()));
        let odd = format!("共{}", yuan(taken.to_refund_fen));
        let is_bad = taken.to_refund > 0;
        figures.push(Figure { is_bad, ..plain("待退款", taken.to_refund, odd) });
    }
    Ok(figures)
}

/// What waits for somebody with these duties, the longest waiting first.
///
/// # Errors
/// A fault when it cannot be counted.
pub fn tasks(tx: &ReadTx<'_>, duties: &Duties) -> Result<Vec<Task>, Fault> {
    let mut tasks = Vec::new();
    if duties.has(DutyKind::Finance) {
        let odd = exceptions::waiting(tx)?;
        tasks.push(Task {
            what: "异常与退款",
            count: odd.count,
            oldest: odd.oldest.map(|it| words::lately(it, tx.now())).unwrap_or_default(),
            href: "/console/exceptions",
            act: "去处理",
        });
        let stock = receipts::stock(tx)?;
        tasks.push(Task {
            what: "票据待领号",
            count: stock.waiting,
            oldest: String::new(),
            href: "/console/receipts/segments",
            act: "加载号段",
        });
    }
    tasks.retain(|it| it.count > 0);
    Ok(tasks)
}

/// How many numbers for receipts are left, for those who load them.
///
/// # Errors
/// A fault when they cannot be counted.
pub fn stock(tx: &ReadTx<'_>, duties: &Duties) -> Result<Option<receipts::rules::Stock>, Fault> {
    duties.has(DutyKind::Finance).then(|| receipts::stock(tx)).transpose()
}

/// 54.3%，还有 274 笔未缴.
fn share(paid: i64, unpaid: i64) -> String {
    match paid + unpaid {
        0 => String::new(),
        all => {
            let tenths = paid * 1000 / all;
            format!("{}.{}%，还有{unpaid}笔未缴", tenths / 10, tenths % 10)
        }
    }
}

/// Fen as ¥1,234.00; a day's sum may exceed what one amount can hold.
fn yuan(fen: i64) -> String {
    let text = Fen::new(fen)
        .map_or_else(|| format!("{}.{:02}", fen / 100, fen % 100), |it| it.to_string());
    format!("¥{}", words::grouped(&text))
}

/// When the office day of an instant began.
fn day_begins(at: Timestamp) -> Timestamp {
    let begin = office_date(at).to_zoned(OFFICE).map(|it| it.timestamp());
    begin.expect("every day of a fixed offset has a midnight")
}

#[cfg(test)]
mod tests {
    use super::{day_begins, share, yuan};

    #[test]
    fn figures_are_read_by_people() {
        assert_eq!(share(326, 274), "54.3%，还有274笔未缴");
        assert_eq!(share(0, 0), "");
        assert_eq!(yuan(3_260_000), "¥32,600.00");
        assert_eq!(yuan(50), "¥0.50");
    }

    #[test]
    fn a_day_begins_at_midnight_in_the_office() {
        let begin = |at: &str| day_begins(at.parse().unwrap()).to_string();
        assert_eq!(begin("2026-03-13T02:24:00Z"), "2026-03-12T16:00:00Z");
        assert_eq!(begin("2026-03-12T16:00:00Z"), "2026-03-12T16:00:00Z");
        assert_eq!(begin("2026-03-12T15:59:59Z"), "2026-03-11T16:00:00Z");
    }
}
