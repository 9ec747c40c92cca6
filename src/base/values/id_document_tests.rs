use jiff::civil::date;

use super::DocumentKind::{
    self, ChinesePassport, ForeignPassport, ForeignPermanentResident, HkMacaoPermit,
    HkMacaoTaiwanResident, Military, Other, ResidentId, TaiwanPermit,
};
use super::{IdDocument, NotADocument, Sex};

fn read(kind: DocumentKind, text: &str) -> IdDocument {
    IdDocument::read(kind, text).unwrap_or_else(|why| panic!("{kind} {text}: {why}"))
}

#[test]
fn numbers_of_every_kind_are_read() {
    for (kind, typed, number, key) in [
        (ResidentId, "500154199301135886", "500154199301135886", "R:500154199301135886"),
        (ResidentId, "11010119900307803x", "11010119900307803X", "R:11010119900307803X"),
        (ResidentId, "440308199901101512", "440308199901101512", "R:440308199901101512"),
        (ResidentId, "610104620927690", "610104620927690", "R:610104196209276908"),
        (ResidentId, "610104196209276908", "610104196209276908", "R:610104196209276908"),
        (ResidentId, "３１０１０１６８０３０５１２１", "310101680305121", "R:310101196803051218"),
        (ResidentId, " 310199 20010307 005x ", "31019920010307005X", "R:31019920010307005X"),
        (HkMacaoTaiwanResident, "810000199408230021", "810000199408230021", "S:810000199408230021"),
        (HkMacaoTaiwanResident, "830000199201300022", "830000199201300022", "S:830000199201300022"),
        (HkMacaoPermit, "h12345678", "H12345678", "H:H12345678"),
        (HkMacaoPermit, "Ｍ1234567802", "M1234567802", "H:M12345678"),
        (TaiwanPermit, "12345678", "12345678", "T:12345678"),
        (TaiwanPermit, "1234567890（b）", "1234567890(B)", "T:1234567890"),
        (TaiwanPermit, "1234567890", "1234567890", "T:1234567890"),
        (ChinesePassport, "e12345678", "E12345678", "C:E12345678"),
        (ChinesePassport, "EA1234567", "EA1234567", "C:EA1234567"),
        (ForeignPassport, "c01x00t47", "C01X00T47", "F:C01X00T47"),
        (ForeignPermanentResident, "usa110123456789", "USA110123456789", "P:USA110123456789"),
        (Military, "军字第０１２号", "军字第012号", "M:军字第012号"),
        (Other, "abcd", "ABCD", "O:ABCD"),
    ] {
        let document = read(kind, typed);
        assert_eq!((document.number(), document.match_key().as_str()), (number, key));
    }
}

#[test]
fn demonstration_numbers_tell_birth_and_sex() {
    for (number, born, sex) in [
        ("310199199901010013", date(1999, 1, 1), Sex::Male),
        ("310199199512310020", date(1995, 12, 31), Sex::Female),
        ("310199200402290132", date(2004, 2, 29), Sex::Male),
        ("31019919880615118X", date(1988, 6, 15), Sex::Female),
        ("31019920010307005X", date(2001, 3, 7), Sex::Male),
        ("31010120010101004X", date(2001, 1, 1), Sex::Female),
        ("310101200002290015", date(2000, 2, 29), Sex::Male),
        ("310115199506151185", date(1995, 6, 15), Sex::Female),
        ("310106200101010033", date(2001, 1, 1), Sex::Male),
        ("310101680305121", date(1968, 3, 5), Sex::Male),
        ("310101196803051218", date(1968, 3, 5), Sex::Male),
    ] {
        let document = read(ResidentId, number);
        assert_eq!(document.birth_date(), Some(born), "{number}");
        assert_eq!(document.sex(), Some(sex), "{number}");
        assert!(document.born_after(born.yesterday().unwrap()) && !document.born_after(born));
    }
    for (kind, number, born) in [
        (HkMacaoTaiwanResident, "810000199901010014", Some(date(1999, 1, 1))),
        (HkMacaoTaiwanResident, "830000200001010026", Some(date(2000, 1, 1))),
        (ForeignPassport, "31019920010307005X", None),
    ] {
        assert_eq!(read(kind, number).birth_date(), born);
    }
}

#[test]
fn what_is_wrong_with_a_resident_number_is_said() {
    for (kind, typed, complaint) in [
        (ResidentId, "", "请填写身份证号"),
        (ResidentId, "31019919990101001", "身份证号应为 18 位，现在是 17 位，请核对后重新填写"),
        (
            ResidentId,
            "310199199901010014",
            "身份证号的校验位不对，请核对最后一位，再逐位核对其余数字",
        ),
        (
            ResidentId,
            "3101991999010100A3",
            "身份证号应为 17 位数字加 1 位校验码（数字或 X），请核对后重新填写",
        ),
        (
            ResidentId,
            "310199200102300014",
            "身份证号中的出生日期（第 7 位起）不存在或早于 1900 年，请核对后重新填写",
        ),
        (
            ResidentId,
            "990199199901010013",
            "这不是身份证号，而像是外国人永久居留身份证号码，请核对号码，或把证件类型改为“外国人永久居留身份证”",
        ),
        (
            ResidentId,
            "810000199901010014",
            "这不是身份证号，而像是港澳台居民居住证号码，请核对号码，或把证件类型改为“港澳台居民居住证”",
        ),
        (
            HkMacaoTaiwanResident,
            "310199199901010013",
            "这不是港澳台居民居住证号码，而像是身份证号，请核对号码，或把证件类型改为“居民身份证”",
        ),
        (
            HkMacaoTaiwanResident,
            "010199199901010013",
            "港澳台居民居住证号码的前两位不是81（香港）、82（澳门）或 83（台湾），请核对开头两位",
        ),
        (ResidentId, "010199199901010013", "身份证号的前两位不是省级地区代码，请核对开头两位"),
        (
            ResidentId,
            "3.10199E+17",
            "身份证号被表格软件改成了数值，末尾几位已丢失，请把该列设为“文本”格式后重新填写完整号码",
        ),
        (
            ResidentId,
            "310199199901010000",
            "身份证号被表格软件改成了数值，末尾几位已丢失，请把该列设为“文本”格式后重新填写完整号码",
        ),
    ] {
        assert_eq!(IdDocument::read(kind, typed).unwrap_err().to_string(), complaint, "{typed}");
    }
}

#[test]
fn what_is_wrong_with_another_number_is_said() {
    for (kind, typed, complaint) in [
        (
            HkMacaoPermit,
            "H1234567",
            "港澳居民来往内地通行证号码应为字母 H 或 M 加 8 位数字（旧证加 10 位数字），请核对后重新填写",
        ),
        (
            TaiwanPermit,
            "1234567(B)",
            "台湾居民来往大陆通行证号码应为 8 位数字（旧证为 10 位数字加括号和字母，如 (B)），请核对后重新填写",
        ),
        (
            ChinesePassport,
            "X12345678",
            "中国护照号码应为 9 位：以 E、G、D、S 或 P 开头，第二位是数字或字母，其余是数字，请核对后重新填写",
        ),
        (ForeignPassport, "A123", "外国护照号码应为 5 至 20 位数字和英文字母，请核对后重新填写"),
        (
            ForeignPermanentResident,
            "US110123456789",
            "外国人永久居留身份证号码应为以 9 开头的 18 位号码，旧证为 3 位字母加 12 位数字，请核对后重新填写",
        ),
        (Military, "军12", "军人证件号码应为 4 至 30 个字符，不含换行等控制字符，请核对后重新填写"),
        (Other, "", "请填写证件号码"),
    ] {
        assert_eq!(IdDocument::read(kind, typed).unwrap_err().to_string(), complaint, "{typed}");
    }
}

#[test]
fn a_card_of_2023_begins_with_9_and_keeps_the_same_check() {
    let tried = "0123456789X".chars().map(|check| {
        IdDocument::read(ForeignPermanentResident, &format!("91184019880615118{check}"))
    });

    let (right, wrong): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);

    let right: Vec<_> = right.into_iter().flatten().collect();
    assert_eq!(right.len(), 1);
    assert_eq!(right[0].birth_date(), Some(date(1988, 6, 15)));
    assert_eq!(right[0].sex(), Some(Sex::Female));
    assert!(wrong.into_iter().all(|it| it == Err(NotADocument::Check(ForeignPermanentResident))));
}

#[test]
fn documents_that_end_alike_are_different_accounts() {
    let keys: Vec<_> = [
        (HkMacaoPermit, "H12345678"),
        (TaiwanPermit, "12345678"),
        (ChinesePassport, "E12345678"),
        (ForeignPassport, "E12345678"),
    ]
    .map(|(kind, number)| read(kind, number))
    .map(|it| (it.match_key(), it.initial_password()))
    .into();

    for (at, (key, password)) in keys.iter().enumerate() {
        assert_eq!(password, "345678");
        assert!(!keys[..at].iter().any(|(other, _)| other == key), "{key}");
    }
}

#[test]
fn the_initial_password_is_the_last_six() {
    for (kind, number, password, also) in [
        (ResidentId, "31019919880615118x", "15118X", "１５１１８ｘ"),
        (ResidentId, "310101680305121", "305121", "051218"),
        (HkMacaoPermit, "H12345678", "345678", " 345678 "),
        (TaiwanPermit, "1234567890(B)", "890(B)", "890（b）"),
        (Other, "ab12", "00AB12", "00ab12"),
        (Military, "军字第20240001号", "40001号", "40001号"),
    ] {
        let document = read(kind, number);
        assert_eq!(document.initial_password(), password);
        assert!(document.is_initial_password(password) && document.is_initial_password(also));
        assert!(!document.is_initial_password("") && !document.is_initial_password("123456"));
    }
}

#[test]
fn masks_hide_what_they_promise() {
    for (kind, number, before, after) in [
        (ResidentId, "31019919880615118X", "310199************", "310199********118X"),
        (ResidentId, "310101680305121", "310101*********", "310101*****5121"),
        (HkMacaoPermit, "H12345678", "H12******", "H12****78"),
        (TaiwanPermit, "12345678", "12******", "12****78"),
        (ForeignPassport, "AB123", "*****", "A***3"),
        (Military, "军字第20240001号", "军字第202******", "军字第2*****01号"),
    ] {
        let document = read(kind, number);
        assert_eq!(document.masked_before_reset(), before);
        assert_eq!(document.masked(), after);
    }
}

#[test]
fn debug_tells_three_characters_at_most() {
    assert_eq!(
        format!("{:?}", read(ResidentId, "31019919880615118X")),
        "IdDocument(ResidentId 310***************)"
    );
    assert_eq!(
        format!("{:?}", read(TaiwanPermit, "12345678")),
        "IdDocument(TaiwanPermit 12******)"
    );
}

#[test]
fn invented_numbers_are_right() {
    assert_eq!(IdDocument::invented(date(1999, 1, 1), 1).number(), "310199199901010013");
    assert_eq!(IdDocument::invented(date(1988, 6, 15), 118).number(), "31019919880615118X");
}
