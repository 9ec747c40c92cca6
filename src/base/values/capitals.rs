const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// An amount in fen as 人民币大写, without the prefix 人民币.
///
/// Source: 支付结算办法 附一 正确填写票据和结算凭证的基本规定. Where that leaves a choice we write
/// no 零 before 角 and no 整 after 角. A negative amount (a red receipt) begins with 负.
///
/// ```
/// use kaowu::base::values::capitals;
/// assert_eq!(capitals(140_950), "壹仟肆佰零玖元伍角");
/// ```
pub fn capitals(fen: i64) -> String {
    let sign = if fen < 0 { "负" } else { "" };
    let amount = fen.unsigned_abs();
    let (yuan, jiao, fen) = (amount / 100, amount / 10 % 10, amount % 10);
    let yuan = match (yuan, amount) {
        (0, 0) => "零元".to_owned(),
        (0, _) => String::new(),
        (yuan, _) => format!("{}元", whole(yuan)),
    };
    let rest = match (jiao, fen) {
        (0, 0) => "整".to_owned(),
        (0, fen) if yuan.is_empty() => format!("{}分", digit(fen)),
        (0, fen) => format!("零{}分", digit(fen)),
        (jiao, 0) => format!("{}角", digit(jiao)),
        (jiao, fen) => format!("{}角{}分", digit(jiao), digit(fen)),
    };
    format!("{sign}{yuan}{rest}")
}

/// A whole number from 1 up. Beyond 亿 the units repeat: 万亿, 亿亿.
fn whole(number: u64) -> String {
    match number {
        0..10_000 => below_ten_thousand(number),
        10_000..100_000_000 => joined(number, 10_000, "万"),
        100_000_000.. => joined(number, 100_000_000, "亿"),
    }
}

/// The two parts of a number around `unit`. A 零 stands between them where the lower part begins
/// with a zero.
fn joined(number: u64, unit: u64, name: &str) -> String {
    let (upper, lower) = (whole(number / unit), number % unit);
    match lower {
        0 => format!("{upper}{name}"),
        lower if lower < unit / 10 => format!("{upper}{name}零{}", whole(lower)),
        lower => format!("{upper}{name}{}", whole(lower)),
    }
}

/// Up to four digits; zeros in the middle are one 零, zeros at the end are none.
fn below_ten_thousand(number: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        match number / unit % 10 {
            0 => gap = !text.is_empty(),
            figure => {
                if gap {
                    text.push_str(digit(0));
                }
                gap = false;
                text.push_str(digit(figure));
                text.push_str(name);
            }
        }
    }
    text
}

fn digit(figure: u64) -> &'static str {
    DIGITS[figure as usize]
}

#[cfg(test)]
mod tests {
    use super::capitals;

    #[test]
    fn amounts_are_written_as_the_rule_for_receipts_says() {
        for (fen, text) in [
            (1, "壹分"),
            (10, "壹角"),
            (100, "壹元整"),
            (5_000, "伍拾元整"),
            (14_000, "壹佰肆拾元整"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (60_000, "陆佰元整"),
            (140_950, "壹仟肆佰零玖元伍角"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (600_714, "陆仟零柒元壹角肆分"),
            (1_000_100, "壹万零壹元整"),
            (10_001_000, "壹拾万零壹拾元整"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (10_000_000, "壹拾万元整"),
            (10_700_053, "壹拾万柒仟元伍角叁分"),
            (100_000_000, "壹佰万元整"),
            (10_000_010_000, "壹亿零壹佰元整"),
            (-5_000, "负伍拾元整"),
            (0, "零元整"),
        ] {
            assert_eq!(capitals(fen), text, "{fen}");
        }
    }

    #[test]
    fn zeros_between_the_units_are_one() {
        for (fen, text) in [
            (11, "壹角壹分"),
            (101, "壹元零壹分"),
            (1_010, "壹拾元壹角"),
            (100_100, "壹仟零壹元整"),
            (101_000, "壹仟零壹拾元整"),
            (100_010_000, "壹佰万零壹佰元整"),
            (10_000_500_000, "壹亿零伍仟元整"),
            (10_010_000_000, "壹亿零壹拾万元整"),
            (200_500_000_000, "贰拾亿零伍佰万元整"),
            (9_999_999_999, "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
            (100_000_000_000_000, "壹万亿元整"),
        ] {
            assert_eq!(capitals(fen), text, "{fen}");
        }
    }

    #[test]
    fn no_two_amounts_are_written_alike() {
        let mut written = std::collections::HashSet::new();
        for fen in (0..300_000).chain((300_000..20_000_000).step_by(997)) {
            let text = capitals(fen);
            assert!(!text.contains("零零"), "{text}");
            assert_eq!(text.ends_with('整'), fen % 100 == 0, "{text}");
            assert!(written.insert(text), "{fen}");
        }
        for extreme in [i64::MIN, i64::MAX] {
            assert!(capitals(extreme).ends_with('分'));
        }
    }
}
