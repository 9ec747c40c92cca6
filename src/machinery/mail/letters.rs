//! The letters' texts: `web/mail/<message>/subject.txt` and `body.txt`.

use askama::Template;

use super::Letter;
use crate::base::outcome::Fault;
use crate::base::values::{Email, Fen};

/// 缴费成功: what was paid, and where its receipt is.
#[derive(Clone, Debug)]
pub struct ReceiptIssued {
    /// The centre's name.
    pub centre: String,
    /// What was paid for.
    pub project: String,
    /// How much.
    pub amount: Fen,
    /// The order's short number, as one says it on the telephone.
    pub order: String,
    /// The receipt's number; `None`: it waits for one (待领号).
    pub receipt: Option<String>,
    /// When it was paid, as people read it.
    pub paid_at: String,
    /// The appliance's address, without a final slash.
    pub site: String,
    /// What a folder that is not for production says of itself.
    pub banner: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "mail/receipt_issued/subject.txt")]
struct ReceiptIssuedSubject<'l>(&'l ReceiptIssued);

#[derive(Template)]
#[template(path = "mail/receipt_issued/body.txt")]
struct ReceiptIssuedBody<'l>(&'l ReceiptIssued);

impl ReceiptIssued {
    /// The letter to `to`.
    ///
    /// # Errors
    /// A fault when its text cannot be rendered.
    pub fn to(&self, to: Email) -> Result<Letter, Fault> {
        Ok(Letter {
            to,
            subject: rendered(&ReceiptIssuedSubject(self))?.trim().to_owned(),
            body: rendered(&ReceiptIssuedBody(self))?,
            cause: "receipt_issued",
        })
    }
}

/// 退款完成: what went back, why, and when it will be on the card.
#[derive(Clone, Debug)]
pub struct RefundFinished {
    /// The centre's name.
    pub centre: String,
    /// What had been paid for.
    pub project: String,
    /// How much.
    pub amount: Fen,
    /// The order's short number, as one says it on the telephone.
    pub order: String,
    /// Why, as the payer reads it.
    pub reason: &'static str,
    /// Did it go by bank transfer, and not the way it came?
    pub by_hand: bool,
    /// Did it take a receipt back?
    pub receipt: bool,
    /// When it went back, as people read it.
    pub at: String,
    /// The appliance's address, without a final slash.
    pub site: String,
    /// What a folder that is not for production says of itself.
    pub banner: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "mail/refund_finished/subject.txt")]
struct RefundFinishedSubject<'l>(&'l RefundFinished);

#[derive(Template)]
#[template(path = "mail/refund_finished/body.txt")]
struct RefundFinishedBody<'l>(&'l RefundFinished);

impl RefundFinished {
    /// The letter to `to`.
    ///
    /// # Errors
    /// A fault when its text cannot be rendered.
    pub fn to(&self, to: Email) -> Result<Letter, Fault> {
        Ok(Letter {
            to,
            subject: rendered(&RefundFinishedSubject(self))?.trim().to_owned(),
            body: rendered(&RefundFinishedBody(self))?,
            cause: "refund_finished",
        })
    }
}

fn rendered(text: &impl Template) -> Result<String, Fault> {
    text.render().map_err(|error| Fault::new(error.to_string()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Fen, ReceiptIssued, RefundFinished};

    #[test]
    fn a_payer_learns_what_went_back_and_how() {
        let letter = RefundFinished {
            centre: "上海市云间区教育考试中心".into(),
            project: "专科层次依法自主招生报名考试费".into(),
            amount: Fen::of(12_000),
            order: "123 456 7890".into(),
            reason: "重复付款",
            by_hand: false,
            receipt: false,
            at: "2026年3月13日 10:24".into(),
            site: "https://kaowu.example.cn".into(),
            banner: None,
        };
        let sent = letter.to("lin@example.com".parse().unwrap()).unwrap();
        expect![[r#"
            退款完成：专科层次依法自主招生报名考试费

            您好：

            您的退款已经办理完成。

            缴费项目：专科层次依法自主招生报名考试费
            退款金额：120.00 元
            退款原因：重复付款
            退款时间：2026年3月13日 10:24
            退款方式：原路退回付款的银行卡，到账时间以银行为准
            订单尾号：123 456 7890

            查看详情：请登录 https://kaowu.example.cn，打开“我的订单”。

            几个工作日后仍未到账时，请凭订单尾号联系本中心。
            本邮件由系统自动发出，请勿回复。

            上海市云间区教育考试中心"#]]
        .assert_eq(&format!("{}\n\n{}", sent.subject, sent.body));

        let reversed = RefundFinished { by_hand: true, receipt: true, ..letter };
        let body = reversed.to("lin@example.com".parse().unwrap()).unwrap().body;
        assert!(body.contains("退款方式：银行转账"), "{body}");
        assert!(body.contains("原票据已冲红"), "{body}");
    }

    #[test]
    fn a_payer_learns_what_was_paid_and_where_its_receipt_is() {
        let letter = ReceiptIssued {
            centre: "上海市云间区教育考试中心".into(),
            project: "专科层次依法自主招生报名考试费".into(),
            amount: Fen::of(12_000),
            order: "123 456 7890".into(),
            receipt: None,
            paid_at: "2026年3月13日 10:24".into(),
            site: "https://kaowu.example.cn".into(),
            banner: Some("培训环境：仅供培训使用，不会产生真实扣款。"),
        };
        let waiting = letter.to("lin@example.com".parse().unwrap()).unwrap();
        expect![[r#"
            【演练】缴费成功：专科层次依法自主招生报名考试费

            培训环境：仅供培训使用，不会产生真实扣款。

            您好：

            您的缴费已经成功。

            缴费项目：专科层次依法自主招生报名考试费
            缴费金额：120.00 元
            缴费时间：2026年3月13日 10:24
            订单尾号：123 456 7890
            票据号码：待领号。缴费不受影响，领到号码后即可查看票据。

            查看票据：请登录 https://kaowu.example.cn，打开“我的票据”。

            建议您退出后再次登录核对缴费状态，并保存票据图片。
            本邮件由系统自动发出，请勿回复。如非您本人缴费，请联系本中心。

            上海市云间区教育考试中心"#]]
        .assert_eq(&format!("{}\n\n{}", waiting.subject, waiting.body));

        let numbered = ReceiptIssued { receipt: Some("3101990000000017".into()), ..letter };
        let letter = numbered.to("lin@example.com".parse().unwrap()).unwrap();
        assert!(letter.body.contains("票据号码：3101990000000017"), "{}", letter.body);
    }
}
