//! Placeholder.
use crate::base::chance::Chance;
/// x
pub fn draw(_answer: &str, _chance: &Chance) -> Vec<u8> {
    Vec::new()
}
/// x
pub fn answer(chance: &Chance) -> String {
    chance.digits(4)
}
/// x
pub fn same(given: &str, wanted: &str) -> bool {
    given == wanted
}
