//! What staff call the keys and the listed values of the input format.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every key with its Chinese name. The keys of one object stand in the order in which they are
/// printed.
const KEYS: [(&str, &str); 79] = [
    ("document", "公文要素"),
    ("opening", "正文开头"),
    ("scores", "自评得分表"),
    ("body", "正文"),
    ("closing", "正文结尾"),
    ("form", "格式"),
    ("document_kind", "文种"),
    ("direction", "行文方向"),
    ("issuers", "发文机关"),
    ("issuer_mark", "发文机关标志"),
    ("document_number", "发文字号"),
    ("signatories", "签发人"),
    ("copy_number", "份号"),
    ("classification", "密级和保密期限"),
    ("urgency", "紧急程度"),
    ("heading", "标题"),
    ("paragraph", "段落"),
    ("table", "表格"),
    ("agency_code", "机关代字"),
    ("year", "年份"),
    ("serial", "发文顺序号"),
    ("level", "密级"),
    ("years", "保密期限"),
    ("project_name", "项目名称"),
    ("department", "主管部门"),
    ("implementing_unit", "实施单位"),
    ("funds", "项目资金"),
    ("execution", "预算执行率"),
    ("goal", "年度总体目标"),
    ("name", "名称"),
    ("first_level", "一级指标"),
    ("second_level", "二级指标"),
    ("title", "标题"),
    ("primary_recipients", "主送机关"),
    ("attachments", "附件"),
    ("sign_off", "发文机关署名"),
    ("seal", "用印方式"),
    ("sign_off_positions", "签发人职务"),
    ("document_date", "成文日期"),
    ("attendance", "出席人员名单"),
    ("annotation", "附注"),
    ("copy_recipients", "抄送机关"),
    ("subordinates", "下级机关"),
    ("orientation", "方向"),
    ("binding", "装订方式"),
    ("printing_office", "印发机关"),
    ("printing_date", "印发日期"),
    ("score_table", "自评表"),
    ("project_table", "项目支出绩效自评表"),
    ("text", "文字"),
    ("suffix", "后缀"),
    ("column_span", "跨列数"),
    ("row_span", "跨行数"),
    ("present", "出席"),
    ("absent", "请假"),
    ("observers", "列席"),
    ("caption", "表题"),
    ("columns", "列"),
    ("width", "列宽"),
    ("align", "对齐方式"),
    ("head", "表头"),
    ("rows", "表格各行"),
    ("sections", "部分"),
    ("kind", "类别"),
    ("target", "年度指标值"),
    ("expected", "预期目标"),
    ("actual", "实际完成情况"),
    ("initial_budget", "年初预算数"),
    ("budget", "全年预算数"),
    ("executed", "全年执行数"),
    ("max_points", "分值"),
    ("self_score", "自评得分"),
    ("groups", "分组"),
    ("indicators", "指标"),
    ("components", "分项"),
    ("narrative", "正文说明"),
    ("reason", "扣分原因"),
    ("evidence", "佐证材料"),
    ("total", "总分"),
];

/// The place of each key in `KEYS`.
static PLACES: LazyLock<BTreeMap<&str, usize>> =
    LazyLock::new(|| KEYS.iter().enumerate().map(|(place, (key, _))| (*key, place)).collect());

/// The Chinese name of a key. Returns `None` if the format does not have the key.
pub fn key_name(key: &str) -> Option<&'static str> {
    PLACES.get(key).map(|place| KEYS[*place].1)
}

/// Sorts keys of one object as they are printed; unknown keys come last.
pub fn key_order(key: &str) -> usize {
    PLACES.get(key).copied().unwrap_or(KEYS.len())
}

/// The Chinese name of a listed value, where it is not Chinese itself.
pub fn value_name(value: &str) -> Option<&'static str> {
    Some(match value {
        "report" => "报告",
        "notice" => "通知",
        "letter" => "信函",
        "command" => "命令",
        "minutes" => "纪要",
        "upward" => "上行",
        "downward" => "下行",
        "parallel" => "平行",
        "portrait" => "纵向",
        "landscape" => "横向",
        "center" => "中",
        "together" => "与正文合订",
        "separate" => "另行装订",
        "right" => "右",
        "sealed" => "加盖印章",
        "unsealed" => "不加盖印章",
        "signature_stamp" => "加盖签名章",
        "left" => "左侧",
        "mirrored" => "对称",
        "base" => "基本分",
        "bonus" => "加分项",
        "deduction" => "扣分项",
        _ => return None,
    })
}
