//! Paragraphs that are hard to break, and the lines they must be broken into (section 9).

use serde_json::Value;

use crate::fixtures::random_filing::with_opening;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::invariants::{Row, paragraphs};
use crate::pages::ruler::{Line, MeasuredPage, measure};

fn pages(json: &Value) -> Vec<MeasuredPage> {
    measure(&TYPESETTER.lay_out(&seed::filing(json)).unwrap())
}

/// The paragraphs as printed; 版头 and title contain none of the test's text.
fn printed(texts: &[String]) -> Vec<Vec<String>> {
    let pages = pages(&with_opening(texts));
    let all = paragraphs(&pages);
    // 主送机关 is the paragraph before the opening.
    let is_recipients = |rows: &Vec<Row>| rows[0].line.text().ends_with("民政局：");
    let start = all.iter().position(is_recipients).unwrap() + 1;
    all[start..start + texts.len()]
        .iter()
        .map(|rows| rows.iter().map(|row| row.line.text()).collect())
        .collect()
}

/// The first line holds 26 characters after its indent; this fills it except for some cells at its end.
fn filled(cells: usize, end: &str) -> String {
    let filler = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒".chars();
    let filler: String = filler.take(26 - cells).collect();
    format!("{filler}{end}")
}

#[test]
fn lines_break_by_the_rules() {
    let cases: Vec<(String, Vec<String>)> = CASES
        .iter()
        .map(|&(cells, end, lines)| {
            let text = filled(cells, end);
            let filler: String = text.chars().take(26 - cells).collect();
            let lines = lines.iter().map(|line| line.replace('*', &filler)).collect();
            (text, lines)
        })
        .collect();
    let texts: Vec<String> = cases.iter().map(|(text, _)| text.clone()).collect();
    let mut wrong = Vec::new();
    for ((text, expected), found) in cases.iter().zip(printed(&texts)) {
        if &found != expected {
            wrong.push(format!("{text}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// GB/T 15834, 5.1: marks are squeezed where a line would be loose otherwise, or a few characters would take
/// a line of their own.
#[test]
fn marks_are_squeezed_before_a_line_is_loose() {
    let cases: [(&str, &[&str]); 3] = [
        (
            "云州市城乡融合发展工作会议于2024年4月10日至12日在东岭县召开。会议总结过去三年的工作，\
             部署今后一个时期的任务。",
            &[
                "云州市城乡融合发展工作会议于2024年4月10日至12日在东",
                "岭县召开。会议总结过去三年的工作，部署今后一个时期的任务。",
            ],
        ),
        (
            "会议听取了社会救助科关于一季度困难群众救助资金发放情况的汇报。会议议定，第二季度救助\
             资金于4月10日前通过社会化发放平台足额发放到户，由社会救助科牵头，规划财务科配合。",
            &[
                "会议听取了社会救助科关于一季度困难群众救助资金发放情",
                "况的汇报。会议议定，第二季度救助资金于4月10日前通过社会化",
                "发放平台足额发放到户，由社会救助科牵头，规划财务科配合。",
            ],
        ),
        (
            "我局2023年度部门整体支出绩效自评100分，得分93.5分，等次为“优”，各项指标得分见附件。",
            &[
                "我局2023年度部门整体支出绩效自评100分，得分93.5分，等",
                "次为“优”，各项指标得分见附件。",
            ],
        ),
    ];
    let texts: Vec<String> = cases.iter().map(|(text, _)| (*text).to_owned()).collect();
    for ((_, expected), found) in cases.iter().zip(printed(&texts)) {
        assert_eq!(&found, expected);
    }
}

/// The white between 》 and 《, in em.
fn white_between_book_titles(text: &str) -> f64 {
    let pages = pages(&with_opening(&[text.to_owned()]));
    let lines: Vec<Line> = pages.iter().flat_map(MeasuredPage::lines).collect();
    let white = |line: &Line| {
        let pair = line.glyphs.windows(2).find(|pair| pair[0].text == "》" && pair[1].text == "《");
        pair.map(|pair| (pair[1].ink_x.0 - pair[0].ink_x.1) / (156.0 / 28.0))
    };
    lines.iter().find_map(white).unwrap()
}

#[test]
fn an_ideographic_space_does_not_let_book_titles_collide() {
    let short =
        ["第一条依据《甲办法》《乙办法》制定。", "第一条\u{3000}依据《甲办法》《乙办法》制定。"];
    let [plain, spaced] = short.map(white_between_book_titles);
    assert!((plain - spaced).abs() < 0.01, "{plain} and {spaced} em");
    let long = "第一条\u{3000}为规范工作，根据《社会救助暂行办法》《最低生活保障审核确认办法》\
                等规定，制定本办法。";
    let white = white_between_book_titles(long);
    assert!((plain - 0.05..plain + 0.3).contains(&white), "{white} em, alone {plain} em");
}

/// A text that fills the last cell of a page does not begin another: 22 lines of 28 characters (PG-7).
#[test]
fn a_page_holds_28_by_22_characters() {
    let pages = pages(&with_opening(&["文".repeat(28 * 60)]));
    let lines: Vec<_> = pages[1].lines();
    let full = lines.iter().filter(|line| line.text() == "文".repeat(28)).count();
    assert_eq!(full, 22);
}

/// How far a character may be stretched beyond its cell if an unbreakable number moved to the next
/// line: the widest gap is 8 cells, spread over about twenty characters.
const LOOSEST: f64 = 0.45;

/// A line that is stretched by more than 8 % looks loose beside its neighbours.
const LOOSE: f64 = 0.08;

/// The part of all full lines that may be loose.
const LOOSE_LINES: f64 = 0.03;

#[test]
fn few_lines_of_the_seed_filing_are_loose() {
    let pages = pages(&seed::json());
    let mut stretched: Vec<(f64, String)> = Vec::new();
    for rows in paragraphs(&pages) {
        let (_, full) = rows.split_last().unwrap();
        stretched.extend(full.iter().map(|row| (stretch(row), row.line.text())));
    }
    stretched.sort_by(|a, b| b.0.total_cmp(&a.0));
    let loose = stretched.iter().take_while(|(stretch, _)| *stretch > LOOSE).count();
    let share = loose as f64 / stretched.len() as f64;
    let worst = &stretched[..loose.max(3)];
    assert!(share <= LOOSE_LINES, "{loose} of {} lines are loose: {worst:#?}", stretched.len());
    assert!(stretched[0].0 <= LOOSEST, "{worst:#?}");
}

/// How far the most stretched character of a line exceeds its cell.
fn stretch(row: &Row) -> f64 {
    let cell = 156.0 / 28.0;
    let wide = row.line.glyphs.iter().map(|glyph| glyph.width / cell - 1.0);
    wide.fold(0.0, f64::max)
}

/// The free cells of the first line, the text after it, and the lines; `*` is the text that fills the
/// line before.
const CASES: [(usize, &str, &[&str]); 34] = [
    (0, "", &["*"]),
    (1, "日", &["*日"]),
    (1, "日。", &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地", "玄日。"]),
    (1, "日月。", &["*", "日月。"]),
    (
        0,
        "。日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄。日月盈昃辰宿列张寒来暑往"],
    ),
    (
        0,
        "”。日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄”。日月盈昃辰宿列张寒来暑往"],
    ),
    (1, "。”日月盈昃辰宿列张寒来暑往", &["*。”", "日月盈昃辰宿列张寒来暑往"]),
    (2, "（“日”）。月盈昃辰宿列张寒来暑往", &["*", "（“日”）。月盈昃辰宿列张寒来暑往"]),
    (1, "（日月盈昃辰宿列张寒来暑往", &["*", "（日月盈昃辰宿列张寒来暑往"]),
    (2, "日（月盈昃辰宿列张寒来暑往", &["*日", "（月盈昃辰宿列张寒来暑往"]),
    (1, "——日月盈昃辰宿列张寒来暑往", &["*", "——日月盈昃辰宿列张寒来暑往"]),
    (
        1,
        "……日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地", "玄……日月盈昃辰宿列张寒来暑往"],
    ),
    (
        0,
        "～日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄～日月盈昃辰宿列张寒来暑往"],
    ),
    (
        0,
        "—日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄—日月盈昃辰宿列张寒来暑往"],
    ),
    (
        0,
        "·日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄·日月盈昃辰宿列张寒来暑往"],
    ),
    (
        1,
        "／日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地", "玄／日月盈昃辰宿列张寒来暑往"],
    ),
    (
        0,
        "；日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄；日月盈昃辰宿列张寒来暑往"],
    ),
    (1, "5.41亿元日月盈昃辰宿列张寒", &["*", "5.41亿元日月盈昃辰宿列张寒"]),
    (3, "1400元/月/人日月盈昃辰宿列", &["*", "1400元/月/人日月盈昃辰宿列"]),
    (4, "川民发〔2021〕151号日月盈昃", &["*川民发", "〔2021〕151号日月盈昃"]),
    (2, "2021年12月22日日月盈昃辰宿", &["*", "2021年12月22日日月盈昃辰宿"]),
    (4, "2021年12月22日日月盈昃辰宿", &["*2021年", "12月22日日月盈昃辰宿"]),
    (1, "98%日月盈昃辰宿列张寒来", &["*", "98%日月盈昃辰宿列张寒来"]),
    (1, "\u{2212}10分日月盈昃辰宿列张寒来", &["*", "\u{2212}10分日月盈昃辰宿列张寒来"]),
    (1, "APP日月盈昃辰宿列张寒来", &["*", "APP日月盈昃辰宿列张寒来"]),
    (2, "COVID-19日月盈昃辰宿列张寒", &["*", "COVID-19日月盈昃辰宿列张寒"]),
    (2, "5户；日月盈昃辰宿列张寒", &["*5户；", "日月盈昃辰宿列张寒"]),
    (2, "100万元：日月盈昃辰宿列张寒", &["*", "100万元：日月盈昃辰宿列张寒"]),
    (2, "阿布都·热合曼日月盈昃辰", &["*阿布", "都·热合曼日月盈昃辰"]),
    (
        0,
        "！？日月盈昃辰宿列张寒来暑往",
        &["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄", "黄！？日月盈昃辰宿列张寒来暑往"],
    ),
    (1, "、《日月盈昃》《辰宿》“列”“张”", &["*、", "《日月盈昃》《辰宿》“列”“张”"]),
    (26, "一", &["一"]),
    (26, "2021", &["2021"]),
    (
        26,
        "123456789012345678901234567890123456789012345678901234567890",
        &["1234567890123456789012345678901234567890123456789012", "34567890"],
    ),
];
