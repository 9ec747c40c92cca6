//! (room not furnished yet)

pub mod captcha;
