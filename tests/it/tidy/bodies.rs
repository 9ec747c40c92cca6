//! A body is read through `Posted<T>`, so that no handler can forget the token or a limit.

use super::File;
use super::rust::{lines_with, read_shipped};

/// Rocket's own guards for a body.
const GUARDS: &[&str] = &["Form<", "Json<", "Data<"];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("src/") && !may(path)) {
        let code = read_shipped(path, text).code;
        for guard in GUARDS {
            for line in lines_with(&code, guard) {
                said.push(format!("{path}:{line}: bodies: {guard}…> instead of Posted<…>"));
            }
        }
    }
    said
}

/// The platform's notices are signed, not typed; the simulator is nobody's page of ours.
fn may(path: &str) -> bool {
    path.starts_with("src/web/")
        || path.starts_with("src/simulator/")
        || path == "src/features/orders/notices.rs"
}

#[test]
fn a_bare_guard_is_caught() {
    super::catches(
        complaints,
        &[
            ("src/features/orders/site.rs", "\nfn pay(form: Form<Wish>) {}\n"),
            ("src/features/fees/console.rs", "fn f(it: rocket::Data<'_>) {} fn g() -> Json<T> {}"),
            ("src/features/orders/notices.rs", "fn hear(data: Data<'_>) {}"),
            ("src/features/staff/rules.rs", "struct Held<D>(PhantomData<D>);"),
        ],
        &[
            "src/features/orders/site.rs:2: bodies: Form<…>",
            "src/features/fees/console.rs:1: bodies: Data<…>",
            "src/features/fees/console.rs:1: bodies: Json<…>",
        ],
    );
}
