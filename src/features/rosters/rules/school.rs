/// The college a person applies to, as the roster has it: a code, a name, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// 院校代码.
    pub code: Option<String>,
    /// 院校名称; the code where the roster has no name.
    pub name: String,
}

impl School {
    /// Code and name from their columns; a code before the name in one column is parted from it.
    pub(super) fn read(code: Option<&str>, name: Option<&str>) -> Option<School> {
        let (code, name) = match (code, name) {
            (None, None) => return None,
            (Some(code), None) => (Some(code), code),
            (Some(code), Some(name)) => (Some(code), name),
            (None, Some(name)) => match code_and_name(name) {
                Some((code, name)) => (Some(code), name),
                None => (None, name),
            },
        };
        Some(School { code: code.map(str::to_owned), name: name.to_owned() })
    }
}

/// `10001 某学院`, `（10001）某学院`, `10001某学院`.
fn code_and_name(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_start_matches(['(', '（', '[', '【']);
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    let (code, rest) = inside.split_at(digits);
    let name = rest.trim_start_matches([')', '）', ']', '】', '-', ' ', '\u{3000}']);
    (digits >= 2 && !name.is_empty()).then_some((code, name))
}
