//! Names put together from lists; whoever bears one does so by chance.

use crate::base::chance::Chance;
use crate::base::values::{PersonName, Sex};

/// What kind of name somebody has.
#[derive(Clone, Copy)]
pub(super) enum NameSort {
    Plain,
    Minority,
    Rare,
}

/// Shares in a thousand; the rest has a plain name.
pub(super) const NAMES: [(usize, NameSort); 2] = [(30, NameSort::Minority), (10, NameSort::Rare)];

impl NameSort {
    pub(super) fn draw(self, sex: Sex, chance: &Chance) -> PersonName {
        let own = match sex {
            Sex::Female => &WOMEN,
            Sex::Male => &MEN,
        };
        let name = match self {
            NameSort::Plain => {
                let first = *chance.pick(own);
                let second = if chance.below(5) == 0 { "" } else { *chance.pick(own) };
                format!("{}{first}{second}", surname(chance))
            }
            NameSort::Rare => format!("{}{}", surname(chance), chance.pick(&RARE)),
            NameSort::Minority => {
                let given = match sex {
                    Sex::Female => chance.pick(&MINORITY_WOMEN),
                    Sex::Male => chance.pick(&MINORITY_MEN),
                };
                format!("{given}·{}", chance.pick(&MINORITY_FATHERS))
            }
        };
        name.parse().expect("a short text of Chinese characters is a name")
    }
}

/// The commoner ones twice as often.
fn surname(chance: &Chance) -> &'static str {
    let list = if chance.below(3) == 0 { &SURNAMES[..] } else { &SURNAMES[..20] };
    chance.pick::<&str>(list)
}

const SURNAMES: [&str; 64] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "于", "杜", "叶", "程", "魏", "苏", "吕", "丁",
    "任", "卢", "姚", "沈", "钟", "姜", "崔", "谭", "陆", "范", "汪", "金", "欧阳", "上官", "诸葛",
    "司徒",
];

const WOMEN: [&str; 40] = [
    "雨", "欣", "怡", "涵", "梓", "萱", "佳", "琪", "思", "雪", "婷", "静", "悦", "妍", "诗", "琳",
    "慧", "敏", "晓", "若", "溪", "芸", "可", "心", "语", "彤", "菲", "瑶", "嘉", "宁", "艺", "璇",
    "一", "诺", "文", "清", "沐", "晴", "依", "然",
];

const MEN: [&str; 40] = [
    "浩", "然", "宇", "轩", "子", "涵", "俊", "杰", "博", "文", "天", "佑", "晨", "阳", "嘉", "豪",
    "一", "鸣", "志", "远", "明", "哲", "凯", "瑞", "泽", "睿", "思", "源", "家", "乐", "鹏", "飞",
    "伟", "强", "国", "栋", "安", "逸", "辰", "皓",
];

/// One for every block that names come from, and a few that old systems lack.
pub(super) const RARE: [&str; 12] =
    ["㛃", "䶮", "㼆", "龑", "𠅤", "𡋾", "𫖯", "𬀩", "𰻞", "翀", "堃", "祎"];

const MINORITY_WOMEN: [&str; 10] = [
    "古丽努尔",
    "阿依古丽",
    "热依拉",
    "迪丽娜尔",
    "米热古丽",
    "阿依夏木",
    "努尔比亚",
    "卓玛",
    "其其格",
    "萨日娜",
];

const MINORITY_MEN: [&str; 10] = [
    "阿卜杜热合曼",
    "艾尔肯",
    "买买提江",
    "库尔班",
    "吐尔逊",
    "帕尔哈提",
    "努尔兰",
    "扎西",
    "巴特尔",
    "阿迪力",
];

const MINORITY_FATHERS: [&str; 10] =
    ["买买提", "阿卜杜拉", "艾山", "吐尔地", "依明", "玉素甫", "卡德尔", "多吉", "苏合", "叶尔肯"];
