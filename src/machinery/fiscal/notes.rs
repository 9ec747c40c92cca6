//! What stands below the fold: what the sheet is worth and how anybody can check it.

use crate::machinery::pdf::{Align, Ink, Sheet, Style, spot};

use super::layout::{LEFT, WIDTH};
use super::{Face, Mark};

const HEADING: Style = Style::song(10.0).ink(Ink::GREY);
const NOTE: Style = Style::plain(8.5).ink(Ink::GREY);
const INDENT: f32 = 5.0;

pub(super) fn draw(sheet: &mut Sheet<'_>, face: &Face, mark: Mark, y: f32) {
    sheet.dashes(spot(0.0, y), spot(210.0, y), Ink::GREY, 0.3);
    sheet.text(spot(LEFT, y + 10.0), Align::Left, HEADING, "说明");
    let mut next = spot(LEFT + INDENT, y + 16.5);
    for (i, note) in notes(face, mark).iter().enumerate() {
        let number = format!("{}.", i + 1);
        sheet.text(spot(LEFT, next.y), Align::Left, NOTE, &number);
        next = sheet.paragraph(next, WIDTH - INDENT, NOTE, note);
        next.y += 1.2;
    }
}

fn notes(face: &Face, mark: Mark) -> [String; 3] {
    // The address without what identifies this receipt: that is in the code.
    let page = face.verify_url.split('?').next().unwrap_or_default();
    let checking = format!(
        "查验：扫描左上角的二维码；或者打开 {page} ，输入票据代码、票据号码、校验码和开票日期。\
         任何人都可以查验，无需登录。"
    );
    let signature =
        "本文件带有收款单位的电子签名，可以在 PDF 阅读器的签名栏中查看；文件一经改动，签名即失效。";
    [worth(face, mark), checking, signature.to_owned()]
}

/// What the sheet is worth.
fn worth(face: &Face, mark: Mark) -> String {
    match (mark, &face.reverses) {
        (Mark::Specimen, _) => {
            "本票据由演示或培训环境生成，人员与金额均为虚构，不具有任何效力，不得用于报销、记账或其他用途。"
                .to_owned()
        }
        (Mark::Voucher, None) => {
            "本凭证证明收款单位已收到所列款项，不是财政票据。财政电子票据开具后，以财政电子票据为准，请勿重复报销。"
                .to_owned()
        }
        (Mark::Voucher, Some(original)) => format!(
            "本凭证为红字，证明所列款项已经退回，不是财政票据；原凭证（号码 {}）同时作废。",
            original.number
        ),
    }
}
