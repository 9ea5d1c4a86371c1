//! Scores that the text states: a total, a section and lost points that differ from the sheet, and figures of others that do not.

use hongtou_rules::validate::findings::violation::{Code, Violation};
use serde_json::{Value, json};

use crate::fixture::{self, Answer};

/// A report on scores: 95 of 100, 履职效能 58 of 60, and 管理效率 37 of 40, which lost one point and two.
fn report(opening: &str, narrative: &str) -> Value {
    let mut filing = fixture::seed();
    filing["opening"] = json!([opening]);
    filing["closing"] = json!(["特此报告。"]);
    filing["body"] = Value::Null;
    filing.as_object_mut().unwrap().remove("body");
    let indicator = |title: &str, max: &str, own: &str, text: &str| json!({ "title": title, "max_points": max, "self_score": own, "narrative": [text] });
    filing["scores"] = json!({
        "total": { "max_points": "100", "self_score": "95" },
        "sections": [
            { "title": "履职效能", "kind": "base", "max_points": "60", "self_score": "58",
              "indicators": [
                indicator("办件数量", "30", "29", narrative),
                indicator("办件质量", "30", "29", "有1件办理超期，扣1分。"),
              ] },
            { "title": "管理效率", "kind": "base", "max_points": "40", "self_score": "37",
              "indicators": [indicator("预算管理", "40", "37", "个别支出进度偏慢，扣3分。")] },
        ],
    });
    filing
}

/// The doubts and errors about totals.
fn found(opening: &str, narrative: &str) -> Vec<Violation> {
    let filing = serde_json::to_vec(&report(opening, narrative)).unwrap();
    let mut all = match fixture::answer(&filing) {
        Answer::Accepted(accepted) => accepted.warnings,
        Answer::Refused(findings) => [findings.errors, findings.warnings].concat(),
        Answer::Unreadable(error) => panic!("{error}"),
    };
    all.retain(|one| one.code == Code::TextTotalMismatch);
    all
}

const NARRATIVE: &str = "有1件材料不齐，扣1分。";

#[test]
fn another_total_is_found_in_every_wording() {
    for opening in [
        "经自评，综合得分98分。",
        "综合得分98分。",
        "自评综合得分98分。",
        "对照评分标准逐项打分，最终得分98分。",
        "我镇自评98分。",
        "本单位部门整体支出绩效自评98分，等次为优。",
        "评价得分98分。",
        "自评分数为98分。",
        "自评打分98分。",
        "自评打分：９８分。",
        "按照省财政厅通知要求，我镇认真开展自评，综合得分98分。",
        "满分100分，自评98分。",
        "自评结果为98分。",
        "按照县绩效办公室的部署，我镇对照考评细则逐项自查，综合得分98分。",
    ] {
        let found = found(opening, NARRATIVE);
        assert_eq!(found.len(), 1, "{opening}: {found:?}");
        assert_eq!(found[0].pointer, "/opening/0", "{opening}");
        assert!(found[0].detail.contains("95分"), "{}", found[0].detail);
    }
}

#[test]
fn scores_of_others_and_of_parts_are_no_doubt() {
    for opening in [
        "经自评，综合得分95分。",
        "我镇自评95分，自评打分95分，最终得分95分。",
        "上年综合得分98分。",
        "上年组织了评价，综合得分98分。",
        "省财政厅对我县开展绩效评价，综合得分98分。",
        "省厅评价得分98分。",
        "第三方机构复核我局自评，综合得分98分。",
        "满分100分，分值100分。",
        "项目决策分值20分，自评18分。",
        "办件数量（30分），自评29分。",
        "各乡镇自评98分以上。",
        "自评98分以上的乡镇有3个。",
        "满意度测评，综合得分98分。",
        "力争下年度自评98分。",
        "青原镇：自评98分。",
        "青原镇自评98分，云溪镇自评96分。",
        "农村公路项目自评98分。",
        "平安建设考核综合得分98分。",
        "自评98分钟内完成。",
        "履职效能自评得分58分，管理效率自评37分。",
        "上年履职效能自评得分55分。",
        "财政局复核，履职效能得分55分。",
        "县级履职效能得分55分。",
        "履职效能满分60分。",
        "开展了绩效自评，自评100分，得分95分。",
    ] {
        assert_eq!(found(opening, NARRATIVE), [], "{opening}");
    }
}

#[test]
fn another_score_of_a_section_is_a_doubt() {
    for (opening, title) in [
        ("履职效能自评得分55分。", "履职效能"),
        ("其中履职效能得分55分，管理效率得分37分。", "履职效能"),
        ("履职效能部分自评55分。", "履职效能"),
        ("履职效能自评得分58分、管理效率自评得分38分。", "管理效率"),
    ] {
        let found = found(opening, NARRATIVE);
        assert_eq!(found.len(), 1, "{opening}: {found:?}");
        assert!(found[0].detail.contains(title), "{}", found[0].detail);
    }
}

#[test]
fn other_lost_points_are_a_doubt() {
    for narrative in
        ["有1件材料不齐，扣2分。", "有1件材料不齐（扣**2**分）。", "材料不齐，故扣了0.5分。"]
    {
        let found = found("自评得分95分。", narrative);
        assert_eq!(found.len(), 1, "{narrative}: {found:?}");
        assert_eq!(found[0].pointer, "/scores/sections/0/indicators/0/narrative/0", "{narrative}");
    }
    for narrative in [
        "有1件材料不齐，扣1分。",
        "每缺1件扣2分。",
        "未按时报送的，扣2分。",
        "两处材料不齐，扣0.5分；一处迟报，扣0.5分。",
        "上年材料不齐，扣2分。",
        "评分标准为材料不齐，扣2分。",
        "未出现扣2分的情形。",
    ] {
        assert_eq!(found("自评得分95分。", narrative), [], "{narrative}");
    }
}
