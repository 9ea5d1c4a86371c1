//! What staff call the keys and the listed values of the input format.

/// The Chinese name of a key, where the format has it.
pub fn key_name(key: &str) -> Option<&'static str> {
    Some(match key {
        "document" => "公文要素",
        "form" => "格式",
        "direction" => "行文方向",
        "issuers" => "发文机关",
        "document_number" => "发文字号",
        "agency_code" => "机关代字",
        "year" => "年份",
        "serial" => "发文顺序号",
        "signatories" => "签发人",
        "copy_number" => "份号",
        "classification" => "密级和保密期限",
        "level" => "密级",
        "years" => "保密期限",
        "urgency" => "紧急程度",
        "title" => "标题",
        "primary_recipients" => "主送机关",
        "attachments" => "附件",
        "sign_off" => "发文机关署名",
        "document_date" => "成文日期",
        "annotation" => "附注",
        "copy_recipients" => "抄送机关",
        "printing_office" => "印发机关",
        "printing_date" => "印发日期",
        "opening" => "正文开头",
        "closing" => "正文结尾",
        "body" => "正文",
        "heading" => "标题",
        "paragraph" => "段落",
        "table" => "表格",
        "narrative" => "正文说明",
        "scores" => "自评得分表",
        "sections" => "部分",
        "groups" => "分组",
        "indicators" => "指标",
        "components" => "分项",
        "total" => "总分",
        "kind" => "类别",
        "name" => "名称",
        "max_points" => "分值",
        "self_score" => "自评得分",
        "reason" => "扣分原因",
        "evidence" => "佐证材料",
        _ => return None,
    })
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
        "base" => "基本分",
        "bonus" => "加分项",
        "deduction" => "扣分项",
        _ => return None,
    })
}
