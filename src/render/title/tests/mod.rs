//! Titles and the lines that are right for them.

mod judge;

use std::time::{Duration, Instant};

use super::lines_of;
use crate::document::title::width_of;

/// Titles with a slash at each line break, chosen by hand.
pub(crate) const TITLES: [&str; 62] = [
    "巴中市民政局 巴中市财政局/关于报送2021年度困难群众救助工作/绩效评价自评情况的报告",
    "四川省民政厅关于印发/《四川省最低生活保障审核确认办法》的通知",
    "四川省人民政府办公厅/关于转发省民政厅等部门《四川省困难群众/基本生活救助实施意见》的通知",
    "四川省民政厅 四川省财政厅/四川省乡村振兴局关于做好2022年度/困难群众救助补助资金绩效评价工作的通知",
    "成都市民政局关于转发民政部办公厅/财政部办公厅关于做好新冠肺炎疫情防控期间/困难群众兜底保障工作的通知",
    "四川省民政厅关于进一步加强农村留守儿童/和困境儿童关爱服务工作的通知",
    "国务院办公厅关于印发/“十四五”城乡社区服务体系建设规划的通知",
    "国务院关于同意建立养老服务/部际联席会议制度的批复",
    "巴中市人民政府关于批转市民政局/《巴中市“十四五”养老服务体系建设规划/（2021—2025年）》的通知",
    "巴中市财政局关于下达2023年中央财政/困难群众救助补助资金预算的通知",
    "四川省财政厅 四川省民政厅/关于提前下达2024年中央财政/困难群众救助补助资金预算指标的通知",
    "南充市民政局关于2022年度中央财政/困难群众救助补助资金绩效自评情况的报告",
    "绵阳市卫生健康委员会/绵阳市财政局 绵阳市医疗保障局/关于2023年度基本公共卫生服务项目/绩效评价自评情况的报告",
    "达州市人力资源和社会保障局/关于申请拨付2024年就业补助资金的请示",
    "中共四川省委办公厅 四川省人民政府办公厅/关于印发《四川省深化党和国家机构改革/实施方案》的通知",
    "四川省教育厅关于表彰2023年全省优秀教师/和优秀教育工作者的决定",
    "巴中市应急管理局关于“7·15”/较大道路交通事故调查处理情况的通报",
    "宜宾市人民政府关于加快推进新型城镇化建设/促进农业转移人口市民化的实施意见",
    "四川省民政厅关于贯彻落实/《社会救助暂行办法》有关情况的报告",
    "关于报送2022年部门整体支出/绩效自评报告的函",
    "四川省人民政府办公厅/转发省发展改革委等部门/关于进一步完善社会救助和保障标准/与物价上涨挂钩联动机制实施意见的通知",
    "泸州市民政局关于转发/《四川省民政厅关于印发/〈四川省特困人员认定办法〉的通知》的通知",
    "自贡市民政局等十部门/关于加强困境未成年人保护工作的实施意见",
    "巴中市巴州区民政局关于2021年第三季度/城乡低保动态管理工作情况的报告",
    "四川省审计厅关于2022年度省级预算执行/和其他财政收支的审计工作报告",
    "凉山彝族自治州民政局/关于开展“最美社工”评选活动的通知",
    "乐山市人民政府/关于调整乐山市城乡居民最低生活保障标准/和特困人员救助供养标准的通知",
    "广元市民政局关于2020年至2022年/农村低保专项治理工作开展情况的报告",
    "民政部 财政部/国家乡村振兴局关于印发/《关于巩固拓展民政领域脱贫攻坚成果/同乡村振兴有效衔接的实施意见》的通知",
    "关于张伟等15名同志职务任免的通知",
    "四川省民政厅关于做好2023年元旦春节期间/困难群众基本生活保障和“寒冬送温暖”/专项救助行动有关工作的紧急通知",
    "眉山市民政局/关于申报2022年中央集中彩票公益金/支持社会福利事业专项资金项目的请示",
    "四川省民政厅 四川省财政厅/四川省人力资源和社会保障厅/四川省退役军人事务厅 四川省残疾人联合会/关于联合开展2024年度全省困难残疾人/生活补贴和重度残疾人护理补贴资金/绩效评价有关工作的通知",
    "关于报送巴中市2021年度/困难群众救助补助资金绩效自评及特困人员/供养服务机构改造提升项目资金使用管理情况/自查自纠整改落实情况的报告",
    "巴中市民政局关于印发/《巴中市民政系统2024年度/困难群众救助补助资金及福利彩票公益金/使用管理绩效评价实施细则（试行）》的通知",
    "达州市应急管理局关于2023年度/应急物资储备工作自评情况的通报",
    "四川省民政厅等五部门关于2023年度/全省残疾人两项补贴工作绩效自评情况的报告",
    "凉山彝族自治州民政局等四部门/关于2023年度易地搬迁困难群众/救助工作自评情况的报告",
    "四川省民政厅等十部门关于2023年度/困境未成年人保护工作绩效自评情况的报告",
    "国家发展改革委 财政部关于印发/《中央预算内投资项目管理办法》的通知",
    "教育部关于公布2023年度/普通高等学校本科专业备案和审批结果的通知",
    "四川省人民政府/关于2023年国民经济和社会发展计划/执行情况及2024年计划草案的报告",
    "遂宁市民政局/关于给予张建华同志记功奖励的决定",
    "关于任命王小明为巴中市民政局副局长的通知",
    "内江市财政局/关于批复2024年部门预算的通知",
    "雅安市民政局关于恳请解决/石棉县“9·5”泸定地震灾后特困人员/供养服务设施重建资金的请示",
    "国务院关于修改和废止部分行政法规的决定",
    "四川省财政厅关于下达2024年/第一批困难群众救助补助资金3.5亿元的通知",
    "攀枝花市住房和城乡建设局 攀枝花市民政局/关于做好城镇住房保障家庭收入/认定工作的通知",
    "四川省民政厅关于印发/《四川省困难群众救助补助资金/绩效评价管理暂行办法实施细则》的通知",
    "巴中市民政局/巴中市财政局关于转发/《四川省民政厅四川省财政厅/关于进一步规范困难群众救助补助资金/使用管理的通知》的通知",
    "四川省人民政府关于印发/《四川省“十四五”民政事业发展规划/和二〇三五年远景目标纲要》的通知",
    "国务院办公厅关于印发《全国一体化/政务大数据体系建设指南》的通知",
    "南充市人民政府办公室关于印发/《南充市推进基本养老服务体系建设/三年行动计划（2023—2025年）》的通知",
    "财政部 民政部关于印发《中央财政/困难群众救助补助资金管理办法》的通知",
    "达州市人力资源和社会保障局关于贯彻落实/《工程建设领域农民工工资保证金规定》/有关事项的通知",
    "四川省民政厅 四川省财政厅/关于印发《四川省困难群众救助补助资金/使用管理和绩效评价实施办法》的通知",
    "绵阳市民政局关于印发/《绵阳市民政系统安全生产治本攻坚/三年行动方案（2024—2026年）》的通知",
    "巴中市民政局关于征求/《巴中市困难群众救助补助资金/监督管理办法（征求意见稿）》意见的函",
    "四川省财政厅关于贯彻落实/《中共中央国务院关于全面实施/预算绩效管理的意见》情况的报告",
    "广元市民政局关于废止/《广元市城市居民最低生活保障工作规程》/等5件规范性文件的决定",
    "成都市人民政府办公厅关于印发/《成都市进一步完善医疗保障制度/促进医疗卫生事业高质量发展/若干措施》的通知",
];

/// The issuers named in the titles.
const ISSUERS: [&str; 42] = [
    "巴中市民政局",
    "巴中市财政局",
    "四川省民政厅",
    "四川省人民政府办公厅",
    "四川省财政厅",
    "四川省乡村振兴局",
    "成都市民政局",
    "国务院办公厅",
    "国务院",
    "巴中市人民政府",
    "南充市民政局",
    "绵阳市卫生健康委员会",
    "绵阳市财政局",
    "绵阳市医疗保障局",
    "达州市人力资源和社会保障局",
    "中共四川省委办公厅",
    "四川省教育厅",
    "巴中市应急管理局",
    "宜宾市人民政府",
    "泸州市民政局",
    "自贡市民政局",
    "巴中市巴州区民政局",
    "四川省审计厅",
    "凉山彝族自治州民政局",
    "乐山市人民政府",
    "广元市民政局",
    "民政部",
    "财政部",
    "国家乡村振兴局",
    "眉山市民政局",
    "四川省人力资源和社会保障厅",
    "四川省退役军人事务厅",
    "四川省残疾人联合会",
    "达州市应急管理局",
    "国家发展改革委",
    "教育部",
    "四川省人民政府",
    "遂宁市民政局",
    "内江市财政局",
    "雅安市民政局",
    "攀枝花市住房和城乡建设局",
    "攀枝花市民政局",
];

fn issuers() -> Vec<String> {
    ISSUERS.map(str::to_owned).to_vec()
}

/// The title as posted. A break between two names was a space.
fn posted(broken: &str) -> String {
    let mut title = String::new();
    for line in broken.split('/') {
        let follows_name = ISSUERS.iter().any(|name| title.ends_with(name));
        if follows_name && ISSUERS.iter().any(|name| line.starts_with(name)) {
            title.push(' ');
        }
        title.push_str(line);
    }
    title
}

fn widths(lines: &[String]) -> Vec<usize> {
    lines.iter().map(|line| width_of(line)).collect()
}

/// Whether the lines make a trapezium or a rhombus.
fn has_shape(widths: &[usize]) -> bool {
    let grows = widths.windows(2).take_while(|pair| pair[0] < pair[1]).count();
    widths[grows..].windows(2).all(|pair| pair[0] > pair[1])
}

#[test]
fn titles_break_by_meaning_into_a_shape() {
    let broken: Vec<String> = TITLES
        .iter()
        .map(|expected| lines_of(&posted(expected), &issuers()).join("/").replace('\u{3000}', " "))
        .collect();
    assert_eq!(broken, TITLES);
    let is_shapeless = |title: &&str| {
        let lines: Vec<String> = title.split('/').map(str::to_owned).collect();
        !has_shape(&widths(&lines))
    };
    let shapeless: Vec<&str> = TITLES.into_iter().filter(is_shapeless).collect();
    // The names of the five agencies make two lines of the same width.
    let five = shapeless.iter().all(|title| title.contains("四川省残疾人联合会"));
    assert!(five && shapeless.len() == 1, "{shapeless:#?}");
}

#[test]
fn a_short_title_is_one_line() {
    let title = "关于召开2024年全市民政工作会议的通知";
    assert_eq!(lines_of(title, &[]), [title]);
}

#[test]
fn lines_fit_whatever_the_title() {
    let odd = [
        "一二三四五六七八九十".repeat(20),
        "关于转发《".repeat(40),
        "A".repeat(200),
        "（".repeat(200),
        "”的、".repeat(60),
        "2021".repeat(50),
        "四川省 ".repeat(50),
        "关于印发https://example.org/a/very/long/address/of/a/page/that/no/line/holds的通知"
            .to_owned(),
    ];
    for title in odd {
        let lines = lines_of(&title, &issuers());
        assert!(widths(&lines).iter().all(|width| *width <= 2_010), "{lines:?}");
        let whole: String = title.chars().filter(|c| *c != ' ').collect();
        let kept: String = lines.concat().chars().filter(|c| *c != '\u{3000}').collect();
        assert_eq!(kept, whole);
    }
}

/// The search is fast even if all breaks cost the same; on a busy machine, not optimised. The
/// dictionary is loaded before.
#[expect(clippy::disallowed_methods, reason = "the time of a search is what is tested")]
#[test]
fn the_search_is_quick() {
    let title = "的了是在有和就不人都一个上也很到说要去你".repeat(10);
    lines_of(&title, &[]);
    let start = Instant::now();
    lines_of(&title, &[]);
    assert!(start.elapsed() < Duration::from_millis(500), "took {:?}", start.elapsed());
}

/// The percentage of published titles that must keep all rules.
const SHARE: usize = 97;

/// A split word, name or book title is never accepted.
#[expect(clippy::print_stdout, reason = "shows the share and the exceptions")]
#[test]
fn published_titles_break_by_the_rules() {
    let titles = judge::known_titles();
    let mut failed = Vec::new();
    for known in &titles {
        for issuers in [Vec::new(), known.issuers()] {
            let lines = lines_of(&known.title, &issuers);
            let faults = known.faults(&lines);
            let breaks = faults.iter().find(|fault| fault.is_split());
            assert!(breaks.is_none(), "{lines:?}: {faults:?}");
            if !faults.is_empty() {
                failed.push(format!("{lines:?}: {faults:?}"));
                break;
            }
        }
    }
    let holds = titles.len() - failed.len();
    println!("{holds} of {} titles keep all rules, all but\n{}", titles.len(), failed.join("\n"));
    assert!(100 * holds >= SHARE * titles.len(), "{failed:#?}");
}
