//! Receipts on paper: what other programs find in them, and what happens to forgers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use kaowu::base::clock::Clock;
use kaowu::base::values::Fen;
use kaowu::machinery::fiscal::{Face, Issuer, Item, Mark, Reversed, Specimen, Voucher, draw};
use kaowu::machinery::keys::Keys;
use kaowu::machinery::pdf::{Pictures, Verification, verify};

/// The test characters of domain.md 7.3, in a name of its own kind.
const RARE: &str = "㛃䶮㼆龑𠅤𡋾𫖯𬀩𰻞·";

#[test]
fn a_receipt_is_signed_as_a_whole() {
    let file = Saved::new(&specimen(&face()));

    let said = file.ask("pdfsig", &["-nocert"]);

    assert!(said.contains("Signature is Valid."), "{said}");
    assert!(said.contains("Total document signed"), "{said}");
    assert!(said.contains("ETSI.CAdES.detached"), "{said}");
    assert!(said.contains("Signer Certificate Common Name: 上海市云间区教育考试中心"), "{said}");
}

#[test]
fn every_font_is_embedded_in_part_and_with_its_unicode() {
    let file = Saved::new(&specimen(&Face { payer: RARE.to_owned(), ..face() }));

    let said = file.ask("pdffonts", &[]);

    let fonts: Vec<_> = said.lines().skip(2).collect();
    assert_eq!(fonts.len(), 3, "{said}");
    for font in fonts {
        assert!(font.contains("yes yes yes"), "{font}");
    }
}

#[test]
fn what_stands_on_a_receipt_can_be_copied_from_it() {
    let file = Saved::new(&specimen(&Face { payer: RARE.to_owned(), ..face() }));

    let text = file.ask("pdftotext", &["-layout"]);

    let wanted = [
        "上海市非税收入统一票据（电子）",
        "票据代码：31010126",
        "票据号码：0000001842",
        "校验码：7f3a9c",
        "开票日期：2026-03-13",
        RARE,
        "专科层次依法自主招生报名考试费",
        "人民币壹佰肆拾元整",
        "¥140.00",
        "2026-03-13 10:28:02",
        "不作报销凭证",
    ];
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
}

#[test]
fn a_voucher_says_that_it_waits_for_the_fiscal_receipt() {
    let voucher = Voucher::new(keys());
    let pdf = voucher.issue(&Face { title: voucher.title().to_owned(), ..face() }).unwrap();

    let text = Saved::new(&pdf).ask("pdftotext", &["-layout"]);

    assert!(text.contains("缴费凭证（待换开财政电子票据）"), "{text}");
    assert!(text.contains("不是财政票据"), "{text}");
    assert!(!text.contains("演示"), "{text}");
}

#[test]
fn a_red_receipt_names_the_one_it_takes_back() {
    let original = Reversed { code: "31010126".to_owned(), number: "0000001842".to_owned() };
    let number = "0000001901".to_owned();
    let file = Saved::new(&specimen(&Face { number, reverses: Some(original), ..face() }));

    let text = file.ask("pdftotext", &["-layout"]);

    for wanted in ["红字", "人民币负壹佰肆拾元整", "¥-140.00", "-100.00", "票据号码 0000001842"]
    {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
}

#[test]
fn a_phone_finds_the_way_to_verification() {
    let file = Saved::new(&specimen(&face()));
    let picture = file.path.with_extension("");
    file.ask("pdftoppm", &["-r", "150", "-gray", "-png", "-singlefile"]);

    let said = run("zbarimg", &["-q", "--raw"], &picture.with_extension("png"), None);

    assert_eq!(said.trim(), face().verify_url);
}

#[test]
fn a_receipt_is_a_sound_file() {
    let file = Saved::new(&specimen(&face()));

    let said = file.ask("qpdf", &["--check"]);

    assert!(said.contains("No syntax or stream encoding errors"), "{said}");
}

#[test]
fn the_same_face_gives_the_same_bytes_but_for_the_signature() {
    let (first, second) = (specimen(&face()), specimen(&face()));

    assert_eq!(first.len(), second.len());
    let differ: Vec<_> = (0..first.len()).filter(|at| first[*at] != second[*at]).collect();
    let envelope = first.windows(10).position(|window| window == b"/Contents<").unwrap() + 10;
    assert!(differ.iter().all(|at| (envelope..envelope + 2 * 3072).contains(at)), "{differ:?}");
}

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let pdf = specimen(&face());
    let end = pdf.len();
    // All of the signature's own revision, and a sample of the pages before it.
    let places = (0..end).filter(|at| *at + 9000 > end || at % 211 == 0).step_by(13);

    for at in places {
        for flip in [0x01, 0x20] {
            let mut forged = pdf.clone();
            forged[at] ^= flip;
            let verification = verify(&forged);
            assert!(!matches!(verification, Verification::Whole(_)), "byte {at}: {verification:?}");
        }
    }
}

#[test]
fn bytes_that_were_appended_are_found() {
    let mut pdf = specimen(&face());
    assert!(matches!(verify(&pdf), Verification::Whole(_)));

    pdf.extend_from_slice(b"\n%%EOF\n");

    let Verification::Extended(by) = verify(&pdf) else { panic!("{:?}", verify(&pdf)) };
    assert_eq!(by.name, "上海市云间区教育考试中心");
}

#[test]
fn what_another_one_signed_is_not_ours() {
    let house = Specimen::new(keys());
    let forger = Specimen::new(Arc::new(new_keys()));

    let forged = forger.issue(&face()).unwrap();

    assert!(matches!(verify(&forged), Verification::Whole(_)));
    assert!(forger.made(&forged) && !house.made(&forged));
    assert!(house.made(&specimen(&face())));
}

#[test]
fn a_file_without_our_signature_is_unsigned() {
    let hostile = [
        b"%PDF-1.7".as_slice(),
        b"/ByteRange",
        b"/ByteRange [0 1 2",
        b"/ByteRange [0 18446744073709551615 18446744073709551615 2]",
        b"/ByteRange [0 10 12 4]<>  ",
    ];

    for file in hostile {
        let verification = verify(file);
        assert!(
            matches!(verification, Verification::Unsigned | Verification::Altered),
            "{verification:?}"
        );
    }
}

#[test]
fn twenty_items_and_long_names_stay_on_one_sheet() {
    let item = Item {
        name: "高等教育自学考试毕业论文（设计）指导与答辩费（含实践性环节考核）".to_owned(),
        ..face().items[0].clone()
    };
    let long = Face {
        items: vec![item; 20],
        payer: "阿卜杜热合曼·买买提".repeat(5),
        payee: "上海市云间区高等教育自学考试与社会证书考试综合服务中心（泗泾分部）".to_owned(),
        ..face()
    };

    let file = Saved::new(&specimen(&long));

    let said = file.ask("pdfinfo", &[]);
    assert!(said.contains("Pages:           1"), "{said}");
    let text = file.ask("pdftotext", &["-raw"]);
    assert_eq!(text.matches("103042701").count(), 20);
    let many = Face { items: vec![face().items[0].clone(); 21], ..face() };
    assert!(draw(&many, Mark::Specimen, keys().receipts()).is_err());
}

fn face() -> Face {
    let item = |code: &str, name: &str, fen| Item {
        code: code.to_owned(),
        name: name.to_owned(),
        unit: "人次".to_owned(),
        quantity: 1,
        standard: Fen::of(fen),
        amount: Fen::of(fen),
        note: String::new(),
    };
    Face {
        title: "上海市非税收入统一票据（电子）".to_owned(),
        code: "31010126".to_owned(),
        number: "0000001842".to_owned(),
        check_code: "7f3a9c".to_owned(),
        payer: "林晓禾".to_owned(),
        pictures: Pictures::default(),
        payer_code: "310199********0024".to_owned(),
        issued_at: at("2026-03-13T10:28:05+08:00"),
        items: vec![
            item("103042701", "专科层次依法自主招生报名考试费", 10_000),
            item("103042702", "职业技能测试费", 4_000),
        ],
        total: Fen::of(14_000),
        other: String::new(),
        payee: "上海市云间区教育考试中心".to_owned(),
        checker: "周敏".to_owned(),
        cashier: "系统".to_owned(),
        verify_url: "https://192.168.1.20:8443/receipts/verification\
                     ?code=31010126&number=0000001842&check=7f3a9c&date=2026-03-13"
            .to_owned(),
        order_no: "20260313 310199 01 01 1234567890".to_owned(),
        channel: "微信支付（银行卡）".to_owned(),
        paid_at: at("2026-03-13T10:28:02+08:00"),
        reverses: None,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("the instants of these tests are written out")
}

fn clock() -> Clock {
    Clock::standing(at("2026-03-13T10:28:02+08:00"))
}

fn keys() -> Arc<Keys> {
    static KEYS: OnceLock<Arc<Keys>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| Arc::new(new_keys()));
    Arc::clone(keys)
}

fn new_keys() -> Keys {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    Keys::make(&folder.path().join("keys"), "上海市云间区教育考试中心", &clock())
        .expect("keys are made in an empty folder")
}

fn specimen(face: &Face) -> Vec<u8> {
    draw(face, Mark::Specimen, keys().receipts()).expect("the face fits on a sheet")
}

/// A document in a folder of its own, for other programs to look at.
struct Saved {
    path: PathBuf,
    folder: tempfile::TempDir,
}

impl Saved {
    fn new(pdf: &[u8]) -> Saved {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join("receipt.pdf");
        std::fs::write(&path, pdf).expect("there is room for a document");
        Saved { path, folder }
    }

    /// What a program says of it; those that write a file write it beside it.
    fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let target = match program {
            "pdftotext" => Some(PathBuf::from("-")),
            "pdftoppm" => Some(self.folder.path().join("receipt")),
            _ => None,
        };
        run(program, arguments, &self.path, target.as_deref())
    }
}

fn run(program: &str, arguments: &[&str], file: &Path, target: Option<&Path>) -> String {
    let output = Command::new(program).args(arguments).arg(file).args(target).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("these programs write UTF-8")
}
