//! The checks of 发文字号, 成文日期 and 印发日期, each alone and against each other (H-11, B-17).

use crate::document::date::{DateError, DocumentDate};
use crate::document::kind::DocumentKind;
use crate::document::kind::elements::KindElements;
use crate::document::masthead::number::{DocumentNumber, DocumentNumberError, NumberFormat};
use crate::submission::PostedDocument;
use crate::submission::elements::number::PostedNumber;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::TextRule;

/// 发文字号 of the document.
pub fn document_number(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<DocumentNumber> {
    let date = Some(document.document_date.as_str());
    number(check, place, &document.document_number, date, document.kind())
}

/// 发文字号 of a text of a kind, of the year of its 成文日期.
pub fn number(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedNumber,
    date: Option<&str>,
    kind: Option<DocumentKind>,
) -> Option<DocumentNumber> {
    let code = check.text(&place.key("agency_code"), &posted.agency_code, &TextRule::LINE);
    // A code at fault has been reported; a good one in its place lets the other parts be read.
    let readable = code.as_deref().unwrap_or("号");
    let number = DocumentNumber::new(readable, posted.year, posted.serial);
    for error in number.as_ref().err().into_iter().flatten() {
        let (key, detail) = match error {
            DocumentNumberError::AgencyCode => ("agency_code", agency_code_detail(readable)),
            DocumentNumberError::Year => {
                let year = posted.year;
                ("year", format!("发文字号的年份写为{year}，应为1949至2099之间的四位数。"))
            }
            DocumentNumberError::Serial => {
                let serial = posted.serial;
                ("serial", format!("发文顺序号写为{serial}，应在1至999999之间。"))
            }
        };
        check.error(&place.key(key), Code::DocumentNumberForm, detail);
    }
    let number = number.ok()?;
    if let Some(Ok(date)) = date.map(DocumentDate::parse)
        && date.year() != i32::from(number.year())
    {
        let detail = format!(
            "发文字号的年份是{}年，成文日期是{date}，两者年份不一致，请核对。",
            number.year()
        );
        let place = place.key("year");
        if is_turn_of_year(i32::from(number.year()), date) {
            check.warning(&place, Code::DateOrder, detail);
        } else {
            check.error(&place, Code::DateOrder, detail);
        }
    }
    let number = number.with_format(format(check, &place.key("format"), posted, kind));
    code.map(|_| number)
}

/// The posted form of 发文字号, which must be one that the kind has.
fn format(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedNumber,
    kind: Option<DocumentKind>,
) -> NumberFormat {
    let format = posted.format.unwrap_or_default();
    let numbers = KindElements::of(kind).numbers;
    if let Some(kind) = kind
        && !numbers.is.contains(&format)
    {
        let allowed: Vec<String> =
            numbers.is.iter().map(|format| format!("“{}”", format.example())).collect();
        let detail = format!(
            "“{}”的发文字号不用“{}”的写法，应写成{}的样子，请改正（{}）。",
            kind.name(),
            format.example(),
            allowed.join("或"),
            numbers.source
        );
        check.error(place, Code::DocumentNumberForm, detail);
    }
    format
}

/// Whether a document was numbered in one year and signed early in the next, or signed in December
/// with a number of the next year.
fn is_turn_of_year(number: i32, date: DocumentDate) -> bool {
    match date.year() - number {
        1 => date.month() <= 3,
        -1 => date.month() == 12,
        _ => false,
    }
}

fn agency_code_detail(code: &str) -> String {
    format!(
        "机关代字“{}”不合要求：只能用汉字，最多{}字，不能有“第”字。",
        quoted(code),
        DocumentNumber::MAX_AGENCY_CODE
    )
}

/// A date by itself.
pub fn date(check: &mut Checker<'_>, place: &Place<'_>, posted: &str) -> Option<DocumentDate> {
    let error = match DocumentDate::parse(posted) {
        Ok(date) => return Some(date),
        Err(error) => error,
    };
    let (name, shown) = (place.label(), quoted(posted));
    let detail = match error {
        DateError::Form => format!("{name}“{shown}”的写法不对，应写成2021-12-22的样子。"),
        DateError::NoSuchDay => format!("{name}“{shown}”在日历上没有这一天，请核对。"),
        DateError::Year => format!("{name}“{shown}”的年份应在1949至2099年之间。"),
    };
    check.error(place, Code::DateMalformed, detail);
    None
}

/// 印发日期, not before 成文日期.
pub fn printing_date(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    posted: &str,
) -> Option<DocumentDate> {
    let printing_date = date(check, place, posted)?;
    if let Ok(document_date) = DocumentDate::parse(&document.document_date)
        && printing_date < document_date
    {
        let detail = format!("印发日期{printing_date}早于成文日期{document_date}，请核对。");
        check.error(place, Code::DateOrder, detail);
    }
    Some(printing_date)
}
