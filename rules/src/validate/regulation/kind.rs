//! 文种 against the title, the direction and the form (条例 8 and 9(7), GB/T 9704 section 10).

use crate::document::kind::DocumentKind;
use crate::document::masthead::{Direction, Form};
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::regulation::cited;
use crate::validate::text::rule::bare;

/// Finds the kind, and says where it does not fit; `None` where neither key nor title names one.
pub(crate) fn check(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<DocumentKind> {
    let title = document.title.text(&document.issuers);
    let title = bare(&title);
    // A title without words, or with too many, has been refused already.
    let is_refused = title.is_empty() || title.chars().count() > limits::TITLE;
    let in_title = DocumentKind::of_title(title);
    match (document.document_kind, in_title) {
        (Some(posted), Some(title)) if posted != title => {
            let detail = format!(
                "文种写为“{}”，标题以“{}”结尾，两者应当一致，请核对（《条例》第九条第七项）。",
                posted.name(),
                title.name()
            );
            check.error(&place.key("document_kind"), Code::DocumentKind, detail);
        }
        (Some(posted), None) if !is_refused => {
            let detail = format!(
                "文种写为“{0}”，标题没有以“{0}”结尾，请核对（《条例》第九条第七项）。",
                posted.name()
            );
            check.error(&place.key("document_kind"), Code::DocumentKind, detail);
        }
        (None, None) if !is_refused => {
            let detail = "标题末尾没有写明文种；标题由发文机关名称、事由和文种组成，\
                          文种应是报告、请示、通知、函等十五种之一（《条例》第八条、第九条第七项）。";
            check.warning(&place.key("title"), Code::DocumentKind, detail.to_owned());
        }
        _ => {}
    }
    let kind = document.document_kind.or(in_title)?;
    fits_direction(check, place, kind, document.direction);
    fits_form(check, place, kind, document.form);
    Some(kind)
}

/// Whether two elements fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// As the rule has it.
    Good,
    /// The rule knows it otherwise, but practice varies.
    Doubtful,
    /// Contrary to the rule.
    Wrong,
}

fn fits_direction(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: DocumentKind,
    direction: Direction,
) {
    let purpose = match kind {
        DocumentKind::Report => "用于向上级机关汇报工作",
        DocumentKind::Request => "用于向上级机关请求指示、批准",
        DocumentKind::Decision => "用于对重要事项作出决策和部署",
        DocumentKind::Command | DocumentKind::Order => "用于公布、宣布和授予",
        DocumentKind::Proclamation | DocumentKind::PublicNotice => "用于向社会公布事项",
        DocumentKind::Notice => "用于发布、传达要求下级机关执行和有关单位周知或者执行的事项",
        DocumentKind::Circular => "用于表彰、批评、传达和告知",
        DocumentKind::Reply => "用于答复下级机关请示事项",
        DocumentKind::Bill => "用于向同级人民代表大会或者人大常务委员会提请审议事项",
        DocumentKind::Letter => "用于不相隶属机关之间",
        // These kinds allow every direction.
        DocumentKind::Resolution
        | DocumentKind::Communique
        | DocumentKind::Opinion
        | DocumentKind::Minutes => return,
    };
    let detail = format!(
        "“{}”{purpose}，行文方向写为{}，请核对文种或行文方向（{}）。",
        kind.name(),
        direction.chinese_name(),
        cited(kind)
    );
    let place = place.key("direction");
    match direction_fit(kind, direction) {
        Fit::Good => {}
        Fit::Doubtful => check.warning(&place, Code::KindDirection, detail),
        Fit::Wrong => check.error(&place, Code::KindDirection, detail),
    }
}

#[expect(clippy::unnested_or_patterns, reason = "a line a kind and where it may go")]
fn direction_fit(kind: DocumentKind, direction: Direction) -> Fit {
    match (kind, direction) {
        (DocumentKind::Report, Direction::Downward)
        | (DocumentKind::Request, Direction::Downward | Direction::Parallel)
        | (
            DocumentKind::Decision
            | DocumentKind::Command
            | DocumentKind::Order
            | DocumentKind::Proclamation
            | DocumentKind::PublicNotice
            | DocumentKind::Notice
            | DocumentKind::Circular
            | DocumentKind::Reply
            | DocumentKind::Letter,
            Direction::Upward,
        )
        | (DocumentKind::Bill, Direction::Downward) => Fit::Wrong,
        // Self-evaluations are reported to a department of the same level too, and offices of
        // governments write letters and answers across these lines.
        (DocumentKind::Report, Direction::Parallel)
        | (DocumentKind::Letter, Direction::Downward)
        | (DocumentKind::Reply, Direction::Parallel) => Fit::Doubtful,
        _ => Fit::Good,
    }
}

fn fits_form(check: &mut Checker<'_>, place: &Place<'_>, kind: DocumentKind, form: Form) {
    let name = kind.name();
    let (fit, detail) = match (form, kind) {
        (Form::Command, DocumentKind::Command | DocumentKind::Order)
        | (Form::Minutes, DocumentKind::Minutes)
        | (Form::Report, DocumentKind::Report)
        | (
            Form::Letter,
            DocumentKind::Letter
            | DocumentKind::Notice
            | DocumentKind::Reply
            | DocumentKind::Opinion
            | DocumentKind::Circular,
        ) => return,
        (Form::Command, _) => (
            Fit::Wrong,
            format!(
                "命令格式只用于命令（令），文种是“{name}”，请改用其他格式（GB/T 9704第10.2条）。"
            ),
        ),
        (_, DocumentKind::Command | DocumentKind::Order) => {
            (Fit::Wrong, format!("文种是“{name}”，格式应为命令（command）（GB/T 9704第10.2条）。"))
        }
        (Form::Minutes, _) => (
            Fit::Wrong,
            format!("纪要格式只用于纪要，文种是“{name}”，请改用其他格式（GB/T 9704第10.3条）。"),
        ),
        (_, DocumentKind::Minutes) => {
            (Fit::Wrong, "文种是“纪要”，格式应为纪要（minutes）（GB/T 9704第10.3条）。".to_owned())
        }
        (Form::Letter, _) => (
            Fit::Doubtful,
            format!(
                "信函格式一般用于函、通知、批复等，文种是“{name}”，请核对格式（GB/T 9704第10.1条）。"
            ),
        ),
        (Form::Report, _) => (
            Fit::Doubtful,
            format!("格式写为报告（report），文种是“{name}”；一般公文的格式写notice，请核对。"),
        ),
        (Form::Notice, _) => return,
    };
    let place = place.key("form");
    match fit {
        Fit::Wrong => check.error(&place, Code::KindForm, detail),
        Fit::Good | Fit::Doubtful => check.warning(&place, Code::KindForm, detail),
    }
}
