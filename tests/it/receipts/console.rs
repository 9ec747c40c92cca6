//! 票据 and 号段, for 财务 alone.

use kaowu::features::staff::rules::DutyKind;
use rocket::http::Status;

use super::{LIN, WANG, add_segment, person, receipt, reverse, world_from};
use crate::visitors;
use crate::world::{World, hidden};

const LIST: &str = "/console/receipts";
const SEGMENTS: &str = "/console/receipts/segments";

fn finance_enters(world: &World) {
    let cookie = visitors::officer(world, "caiwu", "吴芳", &[DutyKind::Finance]);
    world.carries(cookie);
}

#[test]
fn a_receipt_is_found_by_whatever_is_known_of_it() {
    let world = world_from(1842);
    let hers = receipt(&world, person(&world, LIN), "林晓禾");
    let his = receipt(&world, person(&world, WANG), "王建国");
    finance_enters(&world);

    for (sought, found) in [
        ("1842".to_owned(), [true, false]),
        ("31010126+0000001843".to_owned(), [false, true]),
        (hers.order_no.to_string(), [true, false]),
        (his.trade_no.clone(), [false, true]),
        ("%E7%8E%8B%E5%BB%BA".to_owned(), [false, true]),
        ("%25".to_owned(), [false, false]),
        ("%27".to_owned(), [false, false]),
        (String::new(), [true, true]),
    ] {
        let page = world.page(&format!("{LIST}?q={sought}"));
        let seen = ["林晓禾", "王建国"].map(|it| page.contains(&format!(">{it}</td>")));
        assert_eq!(seen, found, "{sought}");
    }
    let page = world.page(&format!("{LIST}/{}", hers.id));
    for wanted in ["林晓禾", "0000001842", hers.trade_no.as_str(), "尚未生成", "/console/orders/"]
    {
        assert!(page.contains(wanted), "{wanted} is not in:\n{page}");
    }
    assert_eq!(world.get(&format!("{LIST}/{}/paper", hers.id)).status(), Status::Ok);
    assert!(world.page(&format!("{LIST}/{}", hers.id)).contains("已生成"));
    assert_eq!(world.get(&format!("{LIST}/999")).status(), Status::NotFound);
    assert_eq!(world.get(&format!("{LIST}/999/paper")).status(), Status::NotFound);
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let world = world_from(1);
    let lin = person(&world, LIN);
    (0..60).for_each(|_| drop(receipt(&world, lin, "林晓禾")));
    finance_enters(&world);

    let first = world.page(&format!("{LIST}?q=%E6%9E%97"));
    let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = world.page(&next);

    assert!(first.contains("0000000060") && first.contains("0000000011"), "{first}");
    assert!(!first.contains("0000000010"), "{first}");
    assert!(second.contains("0000000010") && second.contains("0000000001"), "{second}");
    assert!(!second.contains("0000000011") && !second.contains("rel=\"next\""), "{second}");
}

#[test]
fn staff_are_told_before_numbers_run_out_and_when_they_have() {
    let world = World::new();
    let lin = person(&world, LIN);
    finance_enters(&world);
    assert!(world.page(SEGMENTS).contains("还没有号段"));
    let blue = receipt(&world, lin, "林晓禾");
    reverse(&world, &blue);

    let waiting = world.page(LIST);
    assert!(waiting.contains("有2张票据待领号"), "{waiting}");
    assert!(world.page(&format!("{LIST}?state=waiting")).contains("林晓禾"));
    assert!(world.page(&format!("{LIST}/{}", blue.id)).contains("待领号"));

    add_segment(&world, 1, 100).unwrap();
    assert!(world.page(LIST).contains("剩余号码只有98个"));
    assert!(!world.page(&format!("{LIST}?state=waiting")).contains("林晓禾"));
    add_segment(&world, 1001, 2000).unwrap();
    let calm = world.page(LIST);
    assert!(!calm.contains("k-note--") && calm.contains("剩余1098个"), "{calm}");
}

#[test]
fn a_segment_is_added_once_or_its_fields_are_complained_of() {
    let world = world_from(1);
    finance_enters(&world);
    let add = |code, first, last| {
        let fields = [("code", code), ("first", first), ("last", last)];
        world.submit(SEGMENTS, SEGMENTS, &fields)
    };

    for (code, first, last, wanted) in [
        ("3101012", "1", "2", "href=\"#code\""),
        ("31010126", "0", "2", "href=\"#first\""),
        ("31010126", "", "2", "请填写起始号码"),
        ("31010126", "1", "", "请填写终止号码"),
        ("31010126", "一", "2", "起始号码应为 1 到 9999999999 之间的数字"),
        ("31010126", "１", "１０", "与已有号段 31010126"),
        ("31010126", "5000", "4999", "href=\"#last\""),
        ("31010126", "5000", "99999999999999999999", "href=\"#last\""),
        ("31010126", "5000", "10000000000", "href=\"#last\""),
        ("31010126", "1000", "2000", "与已有号段 31010126 0000000001–0000001000 重叠"),
    ] {
        let answer = add(code, first, last);
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{code} {first} {last}");
        let page = answer.into_string().unwrap();
        assert!(page.contains(wanted) && page.contains("出错："), "{wanted} is not in:\n{page}");
        assert!(page.contains(&format!("value=\"{first}\"")), "{page}");
    }

    let page = world.page(SEGMENTS);
    let fields = |last: &str| {
        let tokens = ["_csrf", "_key"].map(|it| (it, hidden(&page, it)));
        let typed = [("code", "31010126"), ("first", "0000005001"), ("last", last)];
        [&tokens[..], &typed.map(|(name, value)| (name, value.to_owned()))].concat()
    };
    for _ in 0..2 {
        assert_eq!(world.post(SEGMENTS, &fields("6000")).status(), Status::SeeOther);
    }
    let other = world.post(SEGMENTS, &fields("7000"));
    assert_eq!(other.status(), Status::UnprocessableEntity);
    assert!(other.into_string().unwrap().contains("已经添加过另一个号段"));
    let page = world.page(&format!("{SEGMENTS}?done"));
    assert_eq!(page.matches("0000005001–0000006000").count(), 1, "{page}");
}
