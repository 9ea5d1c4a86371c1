//! Documents of which parts were lost, or read as something that they do not say.

use hongtou_import::import;
use hongtou_import::report::Import;
use serde_json::{Value, json};

/// A notice of one agency with lines between the addressees and the colophon.
fn notice(lines: &str) -> String {
    format!(
        "临河县水务局文件\n临水发〔2022〕9号\n临河县水务局关于做好春灌工作的通知\n各乡镇水管站：\n{lines}\n\
         临河县水务局办公室　2022年3月8日印发\n"
    )
}

/// A report with scores in its text and what follows its date.
fn report(attached: &str) -> String {
    format!(
        "临河县水务局文件\n临水〔2022〕3号　　签发人：何志成\n临河县水务局关于2021年度绩效自评情况的报告\n\
         县财政局：\n我局对2021年度工作开展了自评，自评得分92分。\n一、项目决策（40分，自评得分37分）\n\
         立项依据充分，个别指标没有量化。\n二、项目产出（60分，自评得分55分）\n完成渠道清淤18公里。\n\
         附件：渠道清淤绩效自评表\n临河县水务局\n2022年1月20日\n附件\n渠道清淤绩效自评表\n{attached}"
    )
}

fn read(text: &str) -> Import {
    import(text.as_bytes()).unwrap()
}

/// Compares parts of a submission by their pointers.
fn assert_parts(text: &str, parts: &[(&str, Value)]) -> Import {
    let read = read(text);
    for (pointer, expected) in parts {
        let found = read.submission.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(found, *expected, "{pointer} of {text}\n{:#}", read.submission);
    }
    read
}

fn unread(read: &Import) -> Vec<&str> {
    read.unread.iter().map(|part| part.text.as_str()).collect()
}

const OTHER_TABLE: &str = "一级指标\t二级指标\t分值\t得分\t扣分原因\n管护责任\t责任到人\t30\t30\t\n\
    管护效果\t渠道完好率\t70\t61\t3处渗漏未修\n合计\t\t100\t91\t\n";

#[test]
fn a_table_that_differs_from_the_text_is_kept() {
    let own = json!({
        "sections": [
            { "title": "管护责任", "kind": "base", "max_points": "30", "self_score": "30",
              "indicators": [{ "title": "责任到人", "max_points": "30", "self_score": "30" }] },
            { "title": "管护效果", "kind": "base", "max_points": "70", "self_score": "61", "indicators": [
                { "title": "渠道完好率", "max_points": "70", "self_score": "61", "reason": "3处渗漏未修" }] },
        ],
        "total": { "max_points": "100", "self_score": "91" },
    });
    let parts = [
        ("/document/attachments/0/scores", own),
        ("/document/attachments/0/score_table", Value::Null),
        ("/scores/total/self_score", json!("92")),
    ];
    let read = assert_parts(&report(OTHER_TABLE), &parts);
    assert!(read.problems.iter().any(|problem| problem.message.contains("与正文的得分不一致")));
    // The same sections with other points are no less different.
    let table = "一级指标\t分值\t得分\t扣分原因\n项目决策\t40\t31\t指标没有量化\n项目产出\t60\t55\t进度滞后\n";
    let parts = [
        ("/document/attachments/0/scores/total/self_score", json!("86")),
        ("/scores/total/self_score", json!("92")),
        ("/scores/sections/0/reason", Value::Null),
    ];
    assert_parts(&report(table), &parts);
}

#[test]
fn a_table_that_equals_the_text_gives_its_reasons() {
    let table = "一级指标\t分值\t得分\t扣分原因\n项目决策\t40\t37\t指标没有量化\n项目产出\t60\t55\t进度滞后\n";
    let parts = [
        ("/document/attachments/0/score_table", json!(true)),
        ("/scores/sections/0/reason", json!("指标没有量化")),
    ];
    assert_parts(&report(table), &parts);
}

#[test]
fn text_beside_a_score_table_is_kept_or_reported() {
    let note = "注：自评小组由局长任组长。\n渗漏渠段已列入秋修计划。\n";
    let read = read(&report(&format!("{OTHER_TABLE}{note}")));
    let body = read.submission.pointer("/document/attachments/0/body").unwrap();
    let body = body.as_array().unwrap();
    assert_eq!(
        body[1..],
        [json!("注：自评小组由局长任组长。"), json!("渗漏渠段已列入秋修计划。")][..]
    );
    assert!(body[0]["table"].is_object());

    let table = "一级指标\t分值\t得分\t扣分原因\n项目决策\t40\t37\t指标没有量化\n项目产出\t60\t55\t进度滞后\n";
    let read = self::read(&report(&format!("{table}{note}")));
    assert_eq!(unread(&read), ["注：自评小组由局长任组长。", "渗漏渠段已列入秋修计划。"]);
    assert!(read.problems.iter().any(|problem| problem.message.contains("评分表以外的内容")));
}

#[test]
fn two_score_tables_are_two_sheets() {
    let text = "临河县水务局文件\n临水〔2022〕4号\n临河县水务局关于2021年度绩效自评情况的报告\n县财政局：\n\
        部门整体支出自评得分88分，渠道管护项目自评得分91分，上年得分88分。\n附件：1.部门整体支出绩效自评表\n\
        2.渠道管护绩效自评表\n临河县水务局\n2022年1月20日\n附件1\n部门整体支出绩效自评表\n\
        一级指标\t二级指标\t分值\t得分\t扣分原因\n预算执行\t预算编制\t40\t30\t漏报1个项目\n\t执行进度\t20\t18\t滞后\n\
        预算执行\t资产管理\t40\t40\t\n合计\t\t100\t88\t\n附件2\n渠道管护绩效自评表\n";
    let parts = [
        ("/document/attachments/0/score_table", json!(true)),
        ("/document/attachments/1/scores/total/self_score", json!("91")),
        ("/scores/sections/0/indicators/2/title", json!("资产管理")),
        ("/scores/sections/1", Value::Null),
        ("/scores/total", json!({ "max_points": "100", "self_score": "88" })),
        (
            "/opening/0",
            json!(
                "部门整体支出自评得分{total.self_score}分，渠道管护项目自评得分\
                 {attachment.2.self_score}分，上年得分88分。"
            ),
        ),
    ];
    assert_parts(&format!("{text}{OTHER_TABLE}"), &parts);
}

#[test]
fn printed_totals_stay_if_they_differ_from_the_sums() {
    let table = OTHER_TABLE.replace("100\t91", "100\t95");
    let parts = [("/document/attachments/0/scores/total/self_score", json!("95"))];
    assert_parts(&report(&table), &parts);
}

#[test]
fn a_list_above_the_sign_off_is_text() {
    let lines =
        "对下列单位予以通报表扬：\n县委办\n县财政局\n东坪镇水管站\n临河县水务局\n2022年3月8日";
    let body = json!(["对下列单位予以通报表扬：", "县委办", "县财政局", "东坪镇水管站"]);
    let parts = [("/body", body), ("/document/sign_off", json!(["临河县水务局"]))];
    assert_parts(&notice(lines), &parts);
}

#[test]
fn agencies_that_the_mark_does_not_name_sign() {
    let lines = "请抓好落实。\n临河县水务局\n临河县财政局\n临河县农业农村局\n2022年3月8日";
    let names = json!(["临河县水务局", "临河县财政局", "临河县农业农村局"]);
    let parts = [("/body", json!(["请抓好落实。"])), ("/document/sign_off", names)];
    assert_parts(&notice(lines), &parts);
}

#[test]
fn short_paragraphs_and_lists_are_not_joined() {
    let paragraphs = [
        "春灌在即，为保证农田适时用水，现将有关事项通知如下。",
        "各站要逐段检查渠道和涵闸，重点查看去年渗漏的渠段。",
        "各站要公布供水计划和值班电话，不得无故推迟或者停水。",
        "一等奖：",
        "东坪镇水管站",
        "西坪镇水管站",
        "请于3月底前将检查情况报县水务局农村水利股。",
    ];
    for separator in ["\n", "\n\n"] {
        let lines = format!("{}\n临河县水务局\n2022年3月8日", paragraphs.join(separator));
        assert_parts(&notice(&lines), &[("/body", json!(paragraphs))]);
    }
}

#[test]
fn reports_to_superiors_are_copied_too() {
    let lines = "请抓好落实。\n临河县水务局\n2022年3月8日\n抄报：市水务局，市政府办公室。\n抄送：县委办公室，\n\
        县财政局。\n各供水公司。";
    let names = json!(["市水务局", "市政府办公室", "县委办公室", "县财政局", "各供水公司"]);
    assert_parts(&notice(lines), &[("/document/copy_recipients", names)]);
}

#[test]
fn what_follows_the_colophon_is_reported() {
    let text = format!("{}共印40份\n", notice("请抓好落实。\n临河县水务局\n2022年3月8日"));
    assert_eq!(unread(&read(&text)), ["共印40份"]);
}

#[test]
fn positions_mean_a_signature_stamp() {
    let text = "临河县水务局\n临河县财政局文件\n临水发〔2022〕9号\n临河县水务局 临河县财政局关于做好春灌工作的通知\n\
        各乡镇水管站：\n请抓好落实。\n临河县水务局局长\n临河县财政局副局长\n2022年3月8日\n";
    let parts = [
        ("/body", json!(["请抓好落实。"])),
        ("/document/seal", json!("signature_stamp")),
        ("/document/sign_off", json!(["临河县水务局", "临河县财政局"])),
        ("/document/sign_off_positions", json!(["临河县水务局局长", "临河县财政局副局长"])),
    ];
    assert_parts(text, &parts);
    let text = "南岭自治区人民政府令\n第12号\n《南岭自治区节水办法》已经通过，现予公布。\n自治区主席　巴特尔\n\
        2022年3月8日\n";
    let parts = [
        ("/body", json!(["《南岭自治区节水办法》已经通过，现予公布。"])),
        ("/document/sign_off_positions", json!(["自治区主席"])),
    ];
    assert_eq!(unread(&assert_parts(text, &parts)), ["巴特尔"]);
}

#[test]
fn dates_in_characters_and_subject_words_of_older_documents() {
    let lines = "请抓好落实。\n临河县水务局\n二○○七年三月十六日\n主题词：水利  灌溉  通知\n抄送：县委办公室。";
    let parts = [
        ("/body", json!(["请抓好落实。"])),
        ("/document/document_date", json!("2007-03-16")),
        ("/document/copy_recipients", json!(["县委办公室"])),
    ];
    let read = assert_parts(&notice(lines), &parts);
    assert_eq!(unread(&read), ["主题词：水利  灌溉  通知"]);
    assert!(read.problems.iter().any(|problem| problem.message.contains("主题词")));
}

#[test]
fn a_title_above_the_number_is_the_title() {
    let title = "临河县水务局关于做好春灌工作的通知";
    let end = "各乡镇水管站：\n请抓好落实。\n临河县水务局\n2022年3月8日\n";
    let parts = [
        ("/document/title", json!(title)),
        ("/document/issuers", json!(["临河县水务局"])),
        ("/document/primary_recipients", json!(["各乡镇水管站"])),
        ("/body", json!(["请抓好落实。"])),
    ];
    for number in ["临水发〔2022〕9号", "（临水发[2022]9号）"] {
        for above in [
            title.to_owned(),
            title.replace("关于", "\n关于"),
            format!("临河县水务局文件\n{title}"),
            format!("临河县水务局\n{title}"),
            format!("{title}\n发布时间：2022-03-09　来源：县水务局"),
        ] {
            assert_parts(&format!("{above}\n{number}\n{end}"), &parts);
        }
    }
}

#[test]
fn a_mark_that_ends_in_a_kind_is_no_title() {
    let text = "临河县水务局函\n临水函〔2022〕9号\n关于商请清淤的函\n县农业农村局：\n请予支持。\n\
        临河县水务局\n2022年3月8日\n";
    assert_parts(text, &[("/document/title", json!("关于商请清淤的函"))]);
}

#[test]
fn a_date_above_the_text_is_not_that_of_the_document() {
    let text = "临河县水务局关于春灌的通知\n临水发〔2022〕9号\n2022年3月9日\n各站：\n请抓好落实。\n\
        临河县水务局\n2022年3月8日\n";
    let parts = [
        ("/document/document_date", json!("2022-03-08")),
        ("/document/primary_recipients", json!(["各站"])),
        ("/body", json!(["请抓好落实。"])),
    ];
    assert_eq!(unread(&assert_parts(text, &parts)), ["2022年3月9日"]);
}

#[test]
fn columns_that_a_sheet_does_not_have_are_reported() {
    let table = "一级指标\t分值\t上年得分\t自评得分\t复核得分\t扣分原因\n项目决策\t40\t33\t37\t36\t没有量化\n\
        项目产出\t60\t51\t55\t54\t滞后\n";
    let parts = [
        ("/document/attachments/0/score_table", json!(true)),
        ("/scores/sections/1/reason", json!("滞后")),
    ];
    let read = assert_parts(&report(table), &parts);
    assert_eq!(unread(&read), ["上年得分：33 51", "复核得分：36 54"]);
}

#[test]
fn an_attachment_may_have_its_title_beside_its_label() {
    let lines = "请抓好落实。\n附件：1.供水计划表\n2.值班表\n临河县水务局\n2022年3月8日\n附件1：供水计划表\n\
        每日供水两次。\n附件2：值班表\n周一何志成。";
    let parts = [
        ("/document/attachments/0/body", json!(["每日供水两次。"])),
        ("/document/attachments/1/body", json!(["周一何志成。"])),
    ];
    assert_parts(&notice(lines), &parts);
}

#[test]
fn a_table_in_no_place_is_reported_whole() {
    let text =
        format!("{}\n甲站\t何志成\n乙站\t方敏\n", notice("请落实。\n临河县水务局\n2022年3月8日"));
    assert_eq!(unread(&read(&text)), ["甲站 何志成 乙站 方敏"]);
}

#[test]
fn lines_of_a_web_page_are_no_agencies() {
    let text = "索引号：00123/2022-017\n临河县水务局文件\n临水发〔2022〕9号\n临河县水务局关于春灌的通知\n\
        各站：\n请抓好落实。\n临河县水务局\n2022年3月8日\n";
    let read = assert_parts(text, &[("/document/issuers", json!(["临河县水务局"]))]);
    assert_eq!(unread(&read), ["索引号：00123/2022-017"]);
}

#[test]
fn signatories_above_the_number_are_no_issuers() {
    let text = "临河县水务局\n临河县财政局\n临河县农业农村局文件\n签发人：何志成　方　敏\n临水〔2022〕8号　　罗永清\n\
        临河县水务局 临河县财政局 临河县农业农村局关于春灌情况的报告\n县政府：\n灌溉已经完成。\n\
        临河县水务局\n临河县财政局\n临河县农业农村局\n2022年4月8日\n";
    let names = json!(["临河县水务局", "临河县财政局", "临河县农业农村局"]);
    let parts = [
        ("/document/issuers", names.clone()),
        ("/document/sign_off", names),
        ("/document/signatories", json!(["何志成", "方敏", "罗永清"])),
    ];
    assert_parts(text, &parts);
}

#[test]
fn blanks_between_names_and_posts_stay() {
    let lines = "组　长：何志成　县水务局局长\n成　员：方　敏　县水务局副局长\n　　　　罗永清　县供水公司经理\n\
        临河县水务局\n2022年3月8日";
    let body = json!([
        "组长：何志成　县水务局局长",
        "成员：方敏　县水务局副局长",
        "罗永清　县供水公司经理"
    ]);
    assert_parts(&notice(lines), &[("/body", body)]);
}

#[test]
fn minutes_keep_all_who_were_there() {
    let text = "临河县水务局局务会议纪要\n第4期\n临河县水务局　　2022年3月8日\n临河县水务局第4次局务会议纪要\n\
        会议研究了春灌工作，纪要如下：\n一、关于供水计划\n会议同意供水计划。\n主持：何志成\n参加：方敏、罗永清\n\
        缺席：钟海平（出差）\n列席：县财政局曾德明，\n县农业农村局林若水\n记录：敬静\n会议要求按月通报。\n\
        抄送：县政府办公室。\n临河县水务局办公室　2022年3月9日印发\n";
    let body = json!([
        "会议研究了春灌工作，纪要如下：",
        { "heading": { "level": 1, "title": "关于供水计划" } },
        "会议同意供水计划。",
        "会议要求按月通报。",
    ]);
    let attendance = json!({
        "chair": ["何志成"],
        "present": ["方敏", "罗永清"],
        "absent": ["钟海平（出差）"],
        "observers": ["县财政局曾德明", "县农业农村局林若水"],
        "recorder": ["敬静"],
    });
    let parts = [
        ("/body", body),
        ("/document/attendance", attendance),
        ("/document/issuers", json!(["临河县水务局"])),
        ("/document/issuer_mark/text", json!("临河县水务局局务会议")),
        ("/document/document_date", json!("2022-03-08")),
        ("/document/title", json!("临河县水务局第4次局务会议纪要")),
    ];
    assert_parts(text, &parts);
}

#[test]
fn a_project_table_read_as_a_table_is_reported() {
    let table = "| 项目名称 | 渠道清淤 |\n| 资金 | 全年预算数 | 全年执行数 | 执行率 |\n| | 30 | 30 | 100% |\n\
        | 产出指标 | 数量指标 | 清淤长度 | 18公里 |\n";
    let read = read(&report(table));
    let problem =
        read.problems.iter().find(|problem| problem.message.contains("项目支出绩效自评表"));
    assert_eq!(problem.unwrap().place, "第1个表格");
    assert!(read.submission.pointer("/document/attachments/0/body/0/table").is_some());
}

#[test]
fn text_below_the_list_of_attachments_is_text() {
    let lines =
        "请抓好落实。\n附件：1.供水计划表\n2.值班表\n特此通知。\n临河县水务局\n2022年3月8日";
    let attachments = json!([{ "title": "供水计划表" }, { "title": "值班表" }]);
    let parts =
        [("/document/attachments", attachments), ("/body", json!(["请抓好落实。", "特此通知。"]))];
    assert_parts(&notice(lines), &parts);
}
