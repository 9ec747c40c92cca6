use std::sync::Arc;

use crate::base::outcome::Fault;
use crate::machinery::keys::Keys;
use crate::machinery::pdf;

use super::{Face, Issuer, Mark};

/// Makes what production may hand out until the treasury's receipt is there.
#[derive(Debug)]
pub struct Voucher {
    keys: Arc<Keys>,
}

impl Voucher {
    /// Signs with these keys.
    pub fn new(keys: Arc<Keys>) -> Voucher {
        Voucher { keys }
    }
}

impl Issuer for Voucher {
    fn title(&self) -> &'static str {
        "缴费凭证（待换开财政电子票据）"
    }

    fn issue(&self, face: &Face) -> Result<Vec<u8>, Fault> {
        super::draw(face, Mark::Voucher, self.keys.receipts())
    }

    fn made(&self, pdf: &[u8]) -> bool {
        pdf::verify(pdf).is_whole_by(self.keys.receipts().certificate_der())
    }
}
