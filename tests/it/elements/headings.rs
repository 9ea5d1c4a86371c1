//! Headings of all kinds: their numbers, points, typefaces and places (B-6, B-7).

use crate::elements::forms::{LEFT, RIGHT, filing, found, pages};
use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::ruler::{Line, MeasuredPage, measure, measure_rotated};

const HEITI: &str = "Noto Sans SC";
const KAITI: &str = "LXGW WenKai";
const FANGSONG: &str = "Zhuque Fangsong (technical preview)";

/// Two characters of 3号.
const INDENT: f64 = 2.0 * 156.0 / 28.0;

fn laid_out(name: &str) -> Vec<MeasuredPage> {
    pages(&TYPESETTER, name).unwrap()
}

fn line(pages: &[MeasuredPage], start: &str) -> Line {
    let found = pages.iter().find_map(|page| found(page, start));
    found.unwrap_or_else(|| panic!("no line begins with {start}")).0
}

/// Each line begins a paragraph, and its first characters have this typeface.
fn check(name: &str, lines: &[(&str, &str)]) {
    let pages = laid_out(name);
    let mut last = (0, 0.0);
    for (text, family) in lines {
        let page = pages.iter().position(|page| found(page, text).is_some());
        let page = page.unwrap_or_else(|| panic!("{name}: no line begins with {text}"));
        let line = line(&pages[page..], text);
        assert!((line.left() - LEFT - INDENT).abs() < 0.5, "{text} begins at {}", line.left());
        assert!((page, line.baseline) > last, "{text} is out of order");
        last = (page, line.baseline);
        let chinese = line.glyphs.iter().find(|glyph| glyph.text.as_str() >= "一");
        assert_eq!(chinese.unwrap().family, *family, "{text}");
    }
}

#[test]
fn first_level_numbers_continue_through_opening_scores_and_closing() {
    check(
        "report-headings-around-scores",
        &[
            ("一、基本情况", HEITI),
            ("（一）组织实施", KAITI),
            ("（二）自评过程", KAITI),
            ("二、履职效能（60分，自评得分58分）", HEITI),
            ("（一）重点任务（40分，自评得分39分）", KAITI),
            ("1.乡村振兴项目建设（20分，自评得分20分）", FANGSONG),
            ("2.人居环境整治（20分，自评得分19分）", FANGSONG),
            ("（二）民生服务（20分，自评得分19分）", KAITI),
            ("3.便民服务事项办理（20分，自评得分19分）", FANGSONG),
            ("三、预算管理（40分，自评得分38.5分）", HEITI),
            ("4.预算执行（25分，自评得分24分）", FANGSONG),
            ("四、存在问题", HEITI),
            ("五、改进措施", HEITI),
            ("（一）做实项目储备", KAITI),
            ("（二）细化绩效指标", KAITI),
        ],
    );
}

#[test]
fn a_sheet_has_one_to_four_levels() {
    check(
        "report-one-level",
        &[
            ("一、组织领导（20分，自评20分）", HEITI),
            ("成立由馆长任组长", FANGSONG),
            ("二、★公开内容（50分，自评49分）", HEITI),
            ("四、监督保障（10分，自评10分）", HEITI),
            ("特此报告。", FANGSONG),
        ],
    );
    check(
        "report-four-levels",
        &[
            ("一、教育发展（600分，自查得分582分）", HEITI),
            ("全市教育系统", FANGSONG),
            ("（一）学前教育（300分，自查得分288分）", KAITI),
            ("1.公办园建设（200分，自查得分190分）", FANGSONG),
            ("（1）新建公办园（120分，自查得分115分）", FANGSONG),
            ("（2）改扩建公办园（80分，自查得分75分）", FANGSONG),
            ("2.普惠率（100分，自查得分98分）", FANGSONG),
            ("（二）义务教育（300分，自查得分294分）", KAITI),
            ("1.学位供给（150分，自查得分146分）", FANGSONG),
            ("2.★课后服务（150分，自查得分148分）", FANGSONG),
            ("二、安全稳定（400分，自查得分388分）", HEITI),
            ("3.校车管理（50分，不涉及）", FANGSONG),
            ("（二）信访维稳（100分，自查得分100分）", KAITI),
            ("办理信访事项37件", FANGSONG),
        ],
    );
    check(
        "report-percent",
        &[
            ("一、依法行政（70%，自评得68%）", HEITI),
            ("1.规范性文件审查（40%，自评得40%）", FANGSONG),
            ("二、普法宣传（30%，自评得30%）", HEITI),
        ],
    );
}

#[test]
fn scores_may_be_only_in_the_attached_table() {
    let pages = laid_out("report-scores-in-table");
    let text: String = pages[..2].iter().flat_map(MeasuredPage::lines).map(|l| l.text()).collect();
    assert!(text.contains("得分93.5分，等次为“优”"), "{text}");
    assert!(!text.contains("河道整治里程"), "{text}");
    let laid_out = TYPESETTER.lay_out(&filing("report-scores-in-table")).unwrap();
    let rotated = measure_rotated(&laid_out);
    let attached = rotated[2..].iter().map(MeasuredPage::landscape);
    let text: String = attached.flat_map(|page| page.lines()).map(|line| line.text()).collect();
    assert!(text.contains("河道整治里程") && text.contains("等次：优"), "{text}");
}

#[test]
fn a_run_in_heading_changes_the_typeface_at_its_full_stop() {
    check(
        "notice-run-in-headings",
        &[
            ("（一）政务公开基础工作。包括", KAITI),
            ("（二）平台建设。政府网站", KAITI),
            ("1.检索功能。站内检索", FANGSONG),
            ("（一）任何单位", FANGSONG),
            ("（二）各单位", FANGSONG),
            ("（三）县政府办公室", FANGSONG),
        ],
    );
    let pages = laid_out("notice-run-in-headings");
    let line = line(&pages, "（一）政务公开基础工作。");
    let families: Vec<&str> = ["作", "包"]
        .map(|text| line.glyphs.iter().find(|glyph| glyph.text == text).unwrap().family.as_str())
        .to_vec();
    assert_eq!(families, [KAITI, FANGSONG]);
}

#[test]
fn an_issued_text_has_chapters_articles_and_attachments_but_no_label() {
    check(
        "notice-issued-measures",
        &[
            ("第一条为规范", HEITI),
            ("第二条临时", HEITI),
            ("（一）应救尽救", FANGSONG),
            ("（三）与其他", FANGSONG),
            ("第三条申请", HEITI),
            ("申请有困难的", FANGSONG),
            ("第六条本办法", HEITI),
        ],
    );
    let pages = laid_out("notice-issued-measures");
    let first: String = pages[0].lines().iter().map(Line::text).collect();
    assert!(!first.contains("附件"), "{first}");
    let lines = pages[1].lines();
    assert_eq!(lines[0].text(), "临江市临时救助工作办法");
    assert_eq!(lines[1].text(), "（2024年6月12日临江市民政局党组会议通过）");
    for text in ["第一章总则", "第二章申请和审核", "第一节申请", "第二节审核确认"]
    {
        let line = line(&pages[1..2], text);
        let middle = f64::midpoint(LEFT, RIGHT);
        assert!((line.centre() - middle).abs() < 0.1, "{text} at {}", line.centre());
        assert!(line.glyphs.iter().all(|glyph| glyph.family == HEITI), "{text}");
    }
    let text = |page: &MeasuredPage| page.lines().iter().map(Line::text).collect::<String>();
    assert!(text(&pages[2]).contains("附件：1.临时救助申请书2.临时救助标准"));
    assert!(text(&pages[3]).starts_with("附件1临时救助申请书"));
    assert!(text(&pages[4]).starts_with("附件2临时救助标准"));
}

#[test]
fn a_narrative_may_follow_its_heading_on_the_same_line() {
    check(
        "report-run-in-narrative",
        &[
            ("2024年节约用水工作自评得100.5分，其中", FANGSONG),
            ("一、基础工作（分值60分，得分58.5分）。制度", HEITI),
            ("县级节水联席会议", FANGSONG),
            ("（一）计划用水管理（分值40分，得分40分）。下达", KAITI),
            ("（二）用水计量（分值20分，得分18.5分）。在线", KAITI),
            ("二、载体建设（分值40分，得分40分）", HEITI),
            ("（一）节水型单位（分值25分，得分25分）", KAITI),
            ("1.县级机关（分值15分，得分15分）。建成", FANGSONG),
            ("2.学校（分值10分，得分10分）", FANGSONG),
            ("（二）节水型小区（分值15分，得分15分）。新建", KAITI),
            ("三、宣传创新（加分项，分值3分，得分2分）。", HEITI),
        ],
    );
    let pages = laid_out("report-run-in-narrative");
    let text: String = pages[0].lines().iter().map(Line::text).collect();
    for inserted in ["基础工作得58.5分（共60分）", "加分2分", "项目自评得97.43分"]
    {
        assert!(text.contains(inserted), "{inserted} is not in {text}");
    }
}

#[test]
fn several_issued_texts_follow_each_other_with_their_attachments() {
    check(
        "notice-two-issued-texts",
        &[
            ("第一条为鼓励", HEITI),
            ("（一）节水技术", FANGSONG),
            ("一、计划用水单位的范围", FANGSONG),
            ("二、计划用水指标", FANGSONG),
            ("（一）生活用水", FANGSONG),
            ("三、计划用水单位应当", FANGSONG),
            ("（一）安装", FANGSONG),
            ("四、本规则", FANGSONG),
        ],
    );
    let pages = laid_out("notice-two-issued-texts");
    let first_lines: Vec<String> = pages[1..].iter().map(|page| page.lines()[0].text()).collect();
    assert_eq!(first_lines[..2], ["临江市节约用水奖励办法", "附件"]);
    assert_eq!(first_lines[2], "临江市计划用水管理规则");
}

#[test]
fn the_space_after_the_number_of_an_article_is_not_stretched() {
    let json = serde_json::from_slice(&fixture::bytes("real", "measures-price-fund")).unwrap();
    let pages = measure(&TYPESETTER.lay_out(&seed::filing(&json)).unwrap());
    let mut articles = 0;
    for line in pages.iter().flat_map(MeasuredPage::lines) {
        let mut glyphs = line.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty());
        let Some(last) = glyphs.find(|glyph| glyph.text == "条" && glyph.family == HEITI) else {
            continue;
        };
        let gap = glyphs.next().unwrap().x - last.x - last.width;
        assert!((gap - INDENT / 2.0).abs() < 0.1, "{} has a gap of {gap}", line.text());
        articles += 1;
    }
    assert_eq!(articles, 11);
}

fn printed(name: &str) -> String {
    let pages = laid_out(name);
    let is_text = |line: &Line| line.baseline < 263.0;
    let lines = pages.iter().flat_map(MeasuredPage::lines).filter(is_text);
    lines.map(|line| line.text()).collect()
}

#[test]
fn an_entry_without_points_is_a_heading_alone() {
    check(
        "report-entries-without-points",
        &[
            ("一、组织保障", HEITI),
            ("（一）工作部署", KAITI),
            ("（二）制度建设。（分值20分，自评得分20分）", KAITI),
            ("1.用水定额管理。（12分，自评得分12分）", FANGSONG),
            ("二、重点任务（70分，自评得分68分）", HEITI),
        ],
    );
    assert!(!printed("report-entries-without-points").contains("工作部署。（"));
}

/// The points are after the last paragraph. Without a title, the first one has the number.
#[test]
fn points_may_stand_at_the_end_of_the_text() {
    let printed = printed("report-points-at-end");
    for text in [
        "1.修订农业、工业和生活用水定额38项，建立用水定额动态调整机制。（分值12分，得分12分）",
        "2.★对年用水量1万立方米以上的用水户全部下达用水计划。",
        "2家用水户超计划用水没有累进加价。（分值18分，得分17分）",
        "3.农业节水",
        "农田灌溉水有效利用系数提高到0.563。（分值40分，得分40分）",
        "4.城镇节水（分值30分，得分30分）",
        "（1）公共供水管网漏损率降到8.6%。（分值20分，得分20分）",
        "（2）节水型单位创建（分值10分，得分10分）",
    ] {
        assert!(printed.contains(text), "{text} in {printed}");
    }
}

/// The score table in the text, below the paragraph that names it and above the next heading.
#[test]
fn the_score_table_may_stand_in_the_text() {
    let printed = printed("report-score-table-in-text");
    let at = |text: &str| printed.find(text).unwrap_or_else(|| panic!("{text} in {printed}"));
    assert!(at("各项指标得分见下表") < at("一级指标"));
    assert!(at("一级指标") < at("等次：优"));
    assert!(at("合计") < at("四、存在问题和改进措施"));
    assert!(!printed.contains("附件"));
}
