//! Placeholder.
/// x
pub fn href(path: &str) -> String {
    path.to_owned()
}
/// x
pub fn routes() -> Vec<rocket::Route> {
    vec![]
}
