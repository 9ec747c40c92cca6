//! Stars in place of what is nobody's business.

/// A text with its first `head` and last `tail` characters, and a star for each between them.
pub(super) fn starred(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let is_shown = |at: usize| at < head || at + tail >= count;
    text.chars().enumerate().map(|(at, it)| if is_shown(at) { it } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::starred;

    #[test]
    fn each_hidden_character_is_a_star() {
        for (text, head, tail, shown) in [
            ("13812341234", 3, 4, "138****1234"),
            ("军字第123号", 3, 1, "军字第***号"),
            ("abc", 0, 0, "***"),
            ("", 3, 4, ""),
        ] {
            assert_eq!(starred(text, head, tail), shown);
        }
    }
}
