use std::sync::Arc;

use crate::base::outcome::Fault;
use crate::machinery::keys::Keys;
use crate::machinery::pdf;

use super::{Face, Issuer, Mark};

/// Makes the receipts of demonstration and training: they look real and say that they are not.
#[derive(Debug)]
pub struct Specimen {
    keys: Arc<Keys>,
}

impl Specimen {
    /// Signs with these keys.
    pub fn new(keys: Arc<Keys>) -> Specimen {
        Specimen { keys }
    }
}

impl Issuer for Specimen {
    fn title(&self) -> &'static str {
        "上海市非税收入统一票据（电子）"
    }

    fn issue(&self, face: &Face) -> Result<Vec<u8>, Fault> {
        super::draw(face, Mark::Specimen, self.keys.receipts())
    }

    fn made(&self, pdf: &[u8]) -> bool {
        pdf::verify(pdf).is_whole_by(self.keys.receipts().certificate_der())
    }
}
