//! What kind and 密级 ask of other elements and of the words (条例 9(1), 15(4); B-3).

use crate::document::kind::DocumentKind;
use crate::submission::text::Lines;
use crate::submission::{PostedDocument, Submission};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::running;

/// Words that ask a superior to decide.
const REQUESTS: [&str; 9] = [
    "妥否，请批示",
    "妥否，请批复",
    "当否，请批示",
    "当否，请批复",
    "请予批准",
    "请予批复",
    "请批准为盼",
    "特此请示",
    "请审批",
];

/// Marks that a title should not have.
const TITLE_MARKS: &str = "，。；：？！…,;:?!";

/// Digits of the shortest telephone number.
const PHONE_DIGITS: usize = 7;

/// Checks what the kind asks of the words, and the title's punctuation.
pub(crate) fn check(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    kind: Option<DocumentKind>,
) {
    let document = &posted.document;
    title_marks(check, &place.key("title"), &document.title.text(&document.issuers));
    if document.classification.is_some() && document.copy_number.is_none() {
        let detail = "涉密公文应当标注份号，请填写（《条例》第九条第一项）。".to_owned();
        check.error(&place.key("copy_number"), Code::CopyNumberMissing, detail);
    }
    match kind {
        Some(DocumentKind::Report) => no_request(check, posted),
        Some(DocumentKind::Request) => contact(check, &place.key("annotation"), document),
        _ => {}
    }
}

fn title_marks(check: &mut Checker<'_>, place: &Place<'_>, title: &str) {
    let at_fault = title.chars().take(limits::TITLE).find(|c| TITLE_MARKS.contains(*c));
    if let Some(mark) = at_fault {
        let detail = format!(
            "标题中有“{mark}”；标题除书名号、引号、顿号和括号外，一般不用标点符号，请核对。"
        );
        check.warning(place, Code::TitlePunctuation, detail);
    }
}

/// 请示 names someone to ask, and a telephone number (P).
fn contact(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    let annotation = document.annotation.as_ref().map_or(&[][..], Lines::as_slice);
    let digits =
        annotation.iter().flat_map(|line| line.chars()).filter(char::is_ascii_digit).count();
    if digits < PHONE_DIGITS {
        let detail = "请示应在附注处写明联系人的姓名和电话，请补充。".to_owned();
        check.warning(place, Code::ContactMissing, detail);
    }
}

fn no_request(check: &mut Checker<'_>, posted: &Submission) {
    running::each_of_document(posted, &mut |place, text| asks_nothing(check, place, text));
}

fn asks_nothing(check: &mut Checker<'_>, place: &Place<'_>, paragraph: &str) {
    // Each of the phrases has it.
    if !paragraph.contains('请') {
        return;
    }
    if let Some(request) = REQUESTS.iter().find(|request| paragraph.contains(**request)) {
        let detail = format!(
            "报告中写有“{}”；不得在报告等非请示性公文中夹带请示事项，请改用请示或删去\
             （《条例》第十五条第四项）。",
            quoted(request)
        );
        check.warning(place, Code::RequestInReport, detail);
    }
}
