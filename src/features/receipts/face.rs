//! What stands on a receipt: for its paper, and as pages show it.

use std::sync::Arc;

use jiff::Timestamp;
use qrcodegen::{QrCode, QrCodeEcc};

use super::rules::{Colour, Line, Number, Receipt};
use crate::app::App;
use crate::base::clock::{OFFICE, office_date};
use crate::base::config::Mode;
use crate::base::values::{Fen, PersonName, capitals};
use crate::machinery::fiscal::{Face, Issuer, Item, Reversed, Specimen, Voucher};
use crate::machinery::pdf::{Pictures, fonts};

/// 复核人 and 收款人: nobody handles an online payment by hand.
const CHECKER: &str = "系统自动核验";
const CASHIER: &str = "在线收费系统";
/// The printer's sign for a character that no font has.
const LACKING: char = '〓';

/// Who makes the papers of this folder.
pub(super) fn issuer(app: &App) -> Box<dyn Issuer> {
    let keys = Arc::clone(&app.keys);
    match app.folder.mode {
        Mode::Production => Box::new(Voucher::new(keys)),
        Mode::Training | Mode::Demo => Box::new(Specimen::new(keys)),
    }
}

/// What is drawn on the paper, with `pictures` for what no font draws of its payer's name. `None`
/// while the receipt, or the one it takes back, has no number.
pub(super) fn face(
    app: &App,
    receipt: &Receipt,
    twin: Option<&Receipt>,
    pictures: Pictures,
) -> Option<Face> {
    let number = receipt.number.as_ref()?;
    let reverses = match receipt.colour {
        Colour::Blue => None,
        Colour::Red => Some(twin?.number.as_ref()?),
    };
    let printed = &receipt.printed;
    Some(Face {
        title: issuer(app).title().to_owned(),
        code: number.code.clone(),
        number: number.serial_text(),
        check_code: receipt.check_code.clone(),
        payer: printable(&printed.payer, &pictures),
        payer_code: printed.payer_code.clone(),
        issued_at: receipt.issued_at,
        items: printed.lines.iter().map(item).collect(),
        total: receipt.amount,
        other: lacking_told(&printed.payer, &pictures),
        pictures,
        payee: app.config.centre_name.clone(),
        checker: CHECKER.to_owned(),
        cashier: CASHIER.to_owned(),
        verify_url: format!("{}{}", app.config.base_url(), check_href(receipt, number)),
        order_no: receipt.order_no.grouped(),
        channel: printed.channel.clone(),
        paid_at: printed.paid_at,
        reverses: reverses.map(|it| Reversed { code: it.code.clone(), number: it.serial_text() }),
    })
}

/// Where a receipt is checked: the address in its code.
fn check_href(receipt: &Receipt, number: &Number) -> String {
    let (code, serial, check) = (&number.code, number.serial_text(), &receipt.check_code);
    let date = office_date(receipt.issued_at);
    format!("/verification?code={code}&number={serial}&check={check}&date={date}")
}

fn item(line: &Line) -> Item {
    Item {
        code: line.code.clone(),
        name: line.name.clone(),
        unit: line.unit.clone(),
        quantity: line.quantity,
        standard: line.standard,
        amount: line.amount,
        note: String::new(),
    }
}

fn printable(name: &PersonName, pictures: &Pictures) -> String {
    let lacking = fonts::lacking(name.shown());
    let prints = |it: char| !lacking.contains(&it) || pictures.of(it).is_some();
    name.shown().chars().map(|it| if prints(it) { it } else { LACKING }).collect()
}

/// How the paper shows characters of a name that no font draws, in a sentence or two; empty when
/// there are none.
fn lacking_told(name: &PersonName, pictures: &Pictures) -> String {
    let lacking = fonts::lacking(name.shown());
    let (pictured, absent): (Vec<char>, Vec<char>) =
        lacking.into_iter().partition(|it| pictures.of(*it).is_some());
    let mut told = String::new();
    // The character itself cannot be set; its number in Unicode says which one it is.
    if !absent.is_empty() {
        told += &format!("交款人姓名中的“{LACKING}”代替字库缺少的字：{}。", codes(&absent));
    }
    if !pictured.is_empty() {
        told += &format!("交款人姓名中以图片印出的字：{}。", codes(&pictured));
    }
    told
}

/// Which characters of a name no font draws, for whoever looks at the page: the paper shows them
/// otherwise. Empty when there are none.
pub(super) fn lacking_noted(name: &PersonName) -> String {
    let lacking = fonts::lacking(name.shown());
    if lacking.is_empty() {
        return String::new();
    }
    format!(
        "交款人姓名中有字库缺少的字：{}。PDF以“缺字图片”印出，生成时还没有图片的印作“{LACKING}”，\
         并在“其他信息”中注明。",
        codes(&lacking)
    )
}

fn codes(characters: &[char]) -> String {
    let codes: Vec<String> =
        characters.iter().map(|it| format!("U+{:04X}", u32::from(*it))).collect();
    codes.join("、")
}

/// A receipt as pages show it.
pub(super) struct Shown {
    pub(super) face: Face,
    /// Is it worth nothing: demonstration or training?
    pub(super) specimen: bool,
    /// The code that leads to its check; none on the page of that check.
    pub(super) code: Option<Code>,
}

impl Shown {
    /// The whole receipt, for its owner and for staff. `None` as with [`face`].
    pub(super) fn new(app: &App, receipt: &Receipt, twin: Option<&Receipt>) -> Option<Shown> {
        let face = face(app, receipt, twin, Pictures::default())?;
        let code = Code::of(&face.verify_url);
        // A screen may have letters that the paper lacks.
        let payer = receipt.printed.payer.shown().to_owned();
        let specimen = app.folder.mode.may_pretend();
        Some(Shown { face: Face { payer, other: String::new(), ..face }, specimen, code })
    }

    /// The receipt as a stranger sees it.
    pub(super) fn masked(app: &App, receipt: &Receipt, twin: Option<&Receipt>) -> Option<Shown> {
        let shown = Shown::new(app, receipt, twin)?;
        let payer = receipt.printed.payer.masked();
        Some(Shown {
            face: Face { payer, payer_code: "不公开显示".to_owned(), ..shown.face },
            code: None,
            ..shown
        })
    }

    pub(super) fn subtitle(&self) -> String {
        match (self.specimen, &self.face.reverses) {
            (true, _) => "演示票据　不作报销凭证".to_owned(),
            (false, None) => "财政电子票据开具前的缴费证明".to_owned(),
            (false, Some(_)) => "退款证明".to_owned(),
        }
    }

    pub(super) fn seal(&self) -> [&'static str; 2] {
        [if self.specimen { "演示用章" } else { "电子凭证" }, "收费专用"]
    }

    pub(super) fn date(&self) -> String {
        office_date(self.face.issued_at).to_string()
    }

    pub(super) fn paid_at(&self) -> String {
        second(self.face.paid_at)
    }

    /// An amount as it counts on this receipt: negative on a red one.
    pub(super) fn amount(&self, amount: &Fen) -> String {
        if self.face.reverses.is_some() { format!("-{amount}") } else { amount.to_string() }
    }

    pub(super) fn total_in_words(&self) -> String {
        let fen = self.face.total.fen();
        format!("人民币{}", capitals(if self.face.reverses.is_some() { -fen } else { fen }))
    }

    pub(super) fn check_href(&self) -> &str {
        let query = self.face.verify_url.find("/verification?");
        query.map_or("/verification", |at| &self.face.verify_url[at..])
    }
}

/// 2026-03-13 10:28:02
pub(super) fn second(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A QR code as one path of SVG: modules are units, and four of them on each side stay white.
pub(super) struct Code {
    pub(super) side: i32,
    pub(super) path: String,
}

impl Code {
    /// `None`: the text is too long for a code. An address of ours is not.
    fn of(text: &str) -> Option<Code> {
        const QUIET: i32 = 4;
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                // Neighbours are drawn as one, or screens show hairlines between them.
                let dark = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
                if dark > 0 {
                    path += &format!("M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
                }
                x += dark + 1;
            }
        }
        Some(Code { side: code.size() + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::{Pictures, lacking_told, printable};

    #[test]
    fn what_the_paper_lacks_is_named() {
        for (name, printed, told) in [
            ("李㛃·𰻞", "李㛃·𰻞", ""),
            ("王\u{E863}", "王〓", "交款人姓名中的“〓”代替字库缺少的字：U+E863。"),
            (
                "\u{F0000}\u{E863}李",
                "〓〓李",
                "交款人姓名中的“〓”代替字库缺少的字：U+F0000、U+E863。",
            ),
        ] {
            let name = name.parse().unwrap();
            let none = Pictures::default();
            assert_eq!(printable(&name, &none), printed);
            assert_eq!(lacking_told(&name, &none), told);
        }
    }
}
