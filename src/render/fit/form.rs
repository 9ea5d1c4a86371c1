//! How the pages of each form (格式) differ from the ordinary document (GB/T 9704 section 10).

use crate::document::OfficialDocument;
use crate::document::masthead::Form;
use crate::document::masthead::number::NumberFormat;

/// The template of a form.
pub(crate) fn template(form: Form) -> &'static str {
    match form {
        // Minutes differ only in their data: mark, attendance lists, no seal (S1 10.3).
        Form::Report | Form::Notice | Form::Minutes => "report",
        Form::Letter => "letter",
        Form::Command => "command",
    }
}

/// The first page with a number. The first page of a letter has none (N-7).
pub(crate) fn first_numbered(form: Form) -> usize {
    match form {
        Form::Letter => 2,
        Form::Report | Form::Notice | Form::Command | Form::Minutes => 1,
    }
}

/// The page on which a form puts its colophon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ColophonPage {
    /// The last page, which must be even (V-3).
    #[default]
    LastEven,
    /// The last page, odd or even. S1 10.1 puts the 抄送 of a letter there and does not require an even
    /// page; a blank page would also separate a letter of one page from its 抄送. The rule of even
    /// pages (V-3) is about a 版记 with rules and an 印发 line, which a letter does not have.
    Last,
}

/// The page of the colophon. If nothing is printed in it, no page is added for it.
pub(crate) fn colophon_page(document: &OfficialDocument) -> ColophonPage {
    let is_empty = document.printing.is_none() && document.copy_recipients.is_empty();
    match document.form {
        Form::Letter => ColophonPage::Last,
        _ if is_empty => ColophonPage::Last,
        Form::Report | Form::Notice | Form::Command | Form::Minutes => ColophonPage::LastEven,
    }
}

/// 发文字号 as printed. A command shows only its serial number, 令号 (S1 10.2).
pub(crate) fn number(document: &OfficialDocument) -> String {
    let number = &document.document_number;
    match (document.form, number.format()) {
        (Form::Command, NumberFormat::Standard) => format!("第{}号", number.serial()),
        _ => number.printed(),
    }
}
