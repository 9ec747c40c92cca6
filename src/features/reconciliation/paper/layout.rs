//! How the sheet is laid out: sums on the first page, differences below them and on as many pages
//! as they need, the head of the audit chain at the end.

use jiff::Timestamp;

use super::super::rules::{ChannelSums, Face};
use super::rows::{self, Row};
use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;
use crate::base::values::capitals;
use crate::machinery::pdf::{About, Align, Area, Ink, Paper, Seal, Sheet, Style, spot};

/// The left edge of everything.
pub(super) const LEFT: f32 = 15.0;
/// From the left edge to the right one.
pub(super) const WIDTH: f32 = 180.0;
/// Labels and headings.
pub(super) const LABEL: Style = Style::plain(8.5).ink(Ink::GREY);
/// What is filled in.
pub(super) const VALUE: Style = Style::plain(9.0);
/// Thin lines of tables.
pub(super) const LINE: Ink = Ink(150, 156, 163);

const TITLE: Style = Style::song(19.0).spread(0.12);
const SECTION: Style = Style::song(11.0);
const STRONG: Style = Style::plain(9.0).heavy();
/// What is drawn lies above this; the page's number below.
const BOTTOM: f32 = 280.0;
/// The head of the chain, names and the seal.
const TAIL: f32 = 70.0;
const ROW: f32 = 7.5;
const SEAL_RADIUS: f32 = 16.0;
const WATERMARK: Ink = Ink(238, 232, 228);
/// Channel, then for each side payments (count, sum) and refunds (count, sum).
const COLUMNS: [f32; 9] = [20.0, 14.0, 26.0, 14.0, 26.0, 14.0, 26.0, 14.0, 26.0];

/// What the sheet is called.
pub(super) fn title(face: &Face) -> String {
    match face.part {
        0 => format!("日结单 {}", face.day),
        part => format!("日结单 {}（补充 {part}）", face.day),
    }
}

/// Draws the sheet; the answer is the document and where on its first page a reader finds the
/// signature.
pub(super) fn draw(face: &Face, pretends: bool) -> Result<(Vec<u8>, Area), Fault> {
    let title = title(face);
    let about = About { title: &title, author: &face.centre, at: face.closed_at };
    let rows: Vec<Row> = face.differences.iter().map(Row::new).collect();
    let first_top = sums_bottom(face) + 12.0;
    let pages = rows::pages(&rows, first_top, TAIL, BOTTOM);
    let count = pages.len();
    let mut paper = Paper::new(about);
    for (i, page) in pages.into_iter().enumerate() {
        paper.sheet(|sheet| {
            if pretends {
                sheet.watermark(spot(105.0, 140.0), 25.0, -0.36, WATERMARK, "演示数据 无效");
            }
            let top = if i == 0 { head(sheet, face, first_top) } else { 24.0 };
            let end = rows::draw(sheet, &rows[page], top, i > 0);
            if i + 1 == count {
                tail(sheet, face, pretends, end.max(top) + 6.0);
            }
            let foot = format!("{}　{title}　第 {} 页，共 {count} 页", face.centre, i + 1);
            sheet.text(spot(105.0, 289.0), Align::Centre, Style::plain(7.5).ink(Ink::GREY), &foot);
        });
    }
    let corner = Area { x: LEFT, y: 10.0, width: WIDTH, height: 14.0 };
    Ok((paper.finish()?, corner))
}

fn sums_bottom(face: &Face) -> f32 {
    SUMS_TOP + ROW * (face.channels.len() + 4) as f32 + 8.0
}

const SUMS_TOP: f32 = 56.0;

fn head(sheet: &mut Sheet<'_>, face: &Face, first_top: f32) -> f32 {
    let name = if face.part == 0 {
        "日结单".to_owned()
    } else {
        format!("日结单（补充{}）", face.part)
    };
    let area = Area { x: LEFT, y: 11.0, width: WIDTH, height: 11.0 };
    sheet.cell(area, Align::Centre, TITLE, &name);
    sheet.text(spot(105.0, 28.0), Align::Centre, Style::plain(10.0), &face.centre);
    let (day, closed_at) = (date(face), time(face.closed_at));
    let file = format!("{}，SHA-256 {}", face.statement_road, face.statement_file);
    let facts = [
        (LEFT, 36.0, "对账日：", day.as_str()),
        (80.0, 36.0, "日结人：", &face.closed_by),
        (130.0, 36.0, "日结时间：", &closed_at),
        (LEFT, 43.0, "对账文件：", &file),
    ];
    for (x, y, label, value) in facts {
        sheet.text(spot(x, y), Align::Left, LABEL, label);
        let left = x + LABEL.width(label);
        let area = Area { x: left, y: y - 4.6, width: LEFT + WIDTH - left, height: 7.0 };
        sheet.cell(area, Align::Left, VALUE, value);
    }
    sheet.text(spot(LEFT, SUMS_TOP - 3.0), Align::Left, SECTION, "收付汇总（元）");
    sums(sheet, face);
    sheet.text(spot(LEFT, first_top - 3.0), Align::Left, SECTION, "差异与处理");
    first_top
}

/// The table of sums, and below it what is left.
fn sums(sheet: &mut Sheet<'_>, face: &Face) {
    let mut y = SUMS_TOP;
    let span = |from: usize, to: usize, y: f32| Area {
        x: LEFT + COLUMNS[..from].iter().sum::<f32>(),
        y,
        width: COLUMNS[from..to].iter().sum(),
        height: ROW,
    };
    sheet.cell(span(1, 5, y), Align::Centre, LABEL, "本系统");
    sheet.cell(span(5, 9, y), Align::Centre, LABEL, "公共支付平台");
    y += ROW;
    let headings = ["渠道", "缴费笔数", "缴费金额", "退款笔数", "退款金额"];
    for i in 0..COLUMNS.len() {
        let heading = headings[if i > 4 { i - 4 } else { i }];
        sheet.cell(span(i, i + 1, y).inset(0.6, 0.0), Align::Centre, LABEL, heading);
    }
    y += ROW;
    for line in face.channels.iter().chain([&face.total]) {
        let style = if std::ptr::eq(line, &face.total) { STRONG } else { VALUE };
        for (i, text) in cells(line).iter().enumerate() {
            let align = if i == 0 { Align::Centre } else { Align::Right };
            sheet.cell(span(i, i + 1, y).inset(1.4, 0.0), align, style, text);
        }
        y += ROW;
    }
    let (ours, theirs) = (face.total.ours.net_fen(), face.total.theirs.net_fen());
    let left = format!(
        "本系统净额 {}　　平台净额 {}　　差额 {}",
        yuan(ours),
        yuan(theirs),
        yuan(ours - theirs)
    );
    sheet.cell(span(0, 9, y).inset(1.4, 0.0), Align::Left, STRONG, &left);
    let words = format!("本系统净额（大写）：人民币{}", capitals(ours));
    sheet.text(spot(LEFT, y + ROW + 5.0), Align::Left, VALUE, &words);
    grid(sheet, y + ROW);
}

fn grid(sheet: &mut Sheet<'_>, bottom: f32) {
    let all = Area { x: LEFT, y: SUMS_TOP, width: WIDTH, height: bottom - SUMS_TOP };
    sheet.frame(all, LINE, 0.9);
    let mut y = SUMS_TOP + ROW;
    while y < bottom - 0.1 {
        sheet.line(spot(LEFT, y), spot(LEFT + WIDTH, y), LINE, 0.4);
        y += ROW;
    }
    let mut x = LEFT;
    for (i, width) in COLUMNS[..8].iter().enumerate() {
        x += width;
        let top = if matches!(i, 0 | 4) { SUMS_TOP } else { SUMS_TOP + ROW };
        sheet.line(spot(x, top), spot(x, bottom - ROW), LINE, 0.4);
    }
}

fn cells(line: &ChannelSums) -> [String; 9] {
    let (ours, theirs) = (&line.ours, &line.theirs);
    [
        line.name.clone(),
        ours.payments.to_string(),
        yuan(ours.payments_fen),
        ours.refunds.to_string(),
        yuan(ours.refunds_fen),
        theirs.payments.to_string(),
        yuan(theirs.payments_fen),
        theirs.refunds.to_string(),
        yuan(theirs.refunds_fen),
    ]
}

/// The head of the audit chain, who signs by hand, and the seal.
fn tail(sheet: &mut Sheet<'_>, face: &Face, pretends: bool, y: f32) {
    sheet.text(spot(LEFT, y + 4.0), Align::Left, SECTION, "操作日志链头");
    let head = &face.head;
    let lines = [
        format!("第 {} 行，散列 {}", head.line, head.hash),
        format!("签名 {}", head.signature),
        format!("签名证书 SHA-256 {}", head.certificate),
    ];
    let mut next = spot(LEFT, y + 10.5);
    for line in lines {
        next = sheet.paragraph(next, WIDTH, Style::plain(7.5), &line);
    }
    let note = "日结前最后一行操作日志的行号与散列，由考点签名。此后日志若被删改或截断，与本单对照即可发现。";
    next = sheet.paragraph(next, WIDTH, Style::plain(7.5).ink(Ink::GREY), note);
    let y = next.y + 12.0;
    for (x, label) in [(LEFT, "日结人（签字）："), (80.0, "复核人（签字）：")] {
        sheet.text(spot(x, y), Align::Left, VALUE, label);
        let left = x + VALUE.width(label);
        sheet.line(spot(left, y + 1.0), spot(left + 30.0, y + 1.0), LINE, 0.5);
    }
    let kind = if pretends { "演示用章" } else { "电子凭证" };
    let seal = Seal { ring: &face.centre, words: [kind, "对账专用"] };
    sheet.seal(spot(LEFT + WIDTH - SEAL_RADIUS - 4.0, y), SEAL_RADIUS, &seal);
}

fn date(face: &Face) -> String {
    face.day.strftime("%Y年%-m月%-d日").to_string()
}

fn time(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Fen as yuan; sums may be larger than one amount, and a supplement's may be negative.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}
