//! Passwords that everybody tries first: a true list, not clever patterns, so that a sensible
//! choice is never refused for looking like a bad one.

/// One password a line, in lower case, sorted; where they come from stands in
/// `common-passwords.VENDOR.md`.
const LIST: &str = include_str!("common-passwords.txt");

/// Is it on the list, whatever its case?
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    LIST.lines().any(|it| it == lower)
}

#[cfg(test)]
mod tests {
    use super::{LIST, is_common};

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.is_sorted(), "a diff of the list should be readable");
        assert!(lines.iter().all(|it| it.len() >= 8 && *it == it.to_lowercase()));
        assert!((1_000..1_500).contains(&lines.len()));
    }

    #[test]
    fn only_what_is_really_common_is_refused() {
        for common in ["password1", "Abc12345", "A1234567", "Qwerty123", "1qaz2wsx", "Test1234"] {
            assert!(is_common(common), "{common}");
        }
        for fine in ["Demo2026pay", "Kaowu2026a", "Kaowu2026!", "Test1234abcd", "Gui7hua5"] {
            assert!(!is_common(fine), "{fine}");
        }
    }
}
