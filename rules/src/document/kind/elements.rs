//! What each kind of document has of the elements that not every kind has, with the source of each rule.

use crate::document::kind::DocumentKind;
use crate::document::masthead::number::NumberFormat;

/// Whether a kind has an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It must be there unless the document has 题注, which says who adopted it and when.
    RequiredWithoutNote,
    /// It is not there.
    Absent,
}

/// Where 成文日期 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePlace {
    /// Below 署名 (B-17).
    BelowText,
    /// In 题注, below the title.
    BelowTitle,
    /// In 题注 if a meeting adopted the document, otherwise below 署名.
    Either,
}

/// A rule with its source: an article of the 条例, a clause of GB/T 9704, or `USAGE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<T> {
    /// The rule.
    pub is: T,
    /// Its source, as a sentence cites it.
    pub source: &'static str,
}

/// The source of a rule that no text states.
pub const USAGE: &str = "惯例";

/// The elements of a kind.
#[derive(Debug, Clone, Copy)]
pub struct KindElements {
    /// 主送机关.
    pub primary_recipients: Rule<Need>,
    /// 签发人.
    pub signatories: Rule<Need>,
    /// 发文机关署名.
    pub sign_off: Rule<Need>,
    /// The place of 成文日期.
    pub date: Rule<DatePlace>,
    /// 印发机关和印发日期.
    pub printing: Rule<Need>,
    /// The forms of 发文字号.
    pub numbers: Rule<&'static [NumberFormat]>,
}

const fn rule<T: Copy>(is: T, source: &'static str) -> Rule<T> {
    Rule { is, source }
}

const ADDRESSED: &str = "《条例》第九条第八项";
const SIGNED: &str = "《条例》第九条第十一项";
const SIGNATORIES: &str = "《条例》第九条第六项";
const DATED: &str = "GB/T 9704第7.3.5条";
const PRINTED: &str = "《条例》第九条第十七项";
const NUMBERED: &str = "GB/T 9704第7.2.5条";
const COMMAND: &str = "GB/T 9704第10.2条";
const ONE_SUPERIOR: &str = "《条例》第十五条第一项";

const STANDARD: &[NumberFormat] = &[NumberFormat::Standard];
/// Published documents are numbered in a series of their own.
const SERIES: &[NumberFormat] = &[
    NumberFormat::Standard,
    NumberFormat::YearSerial,
    NumberFormat::BracketedYear,
    NumberFormat::Serial,
];
const ISSUES: &[NumberFormat] = &[
    NumberFormat::Standard,
    NumberFormat::YearSerial,
    NumberFormat::BracketedYear,
    NumberFormat::Serial,
    NumberFormat::Issue,
];

/// Sent to subordinates or between agencies, signed and printed: 通知, 通报, 批复, 函.
const SENT: KindElements = KindElements {
    primary_recipients: rule(Need::Required, ADDRESSED),
    signatories: rule(Need::Absent, SIGNATORIES),
    sign_off: rule(Need::Required, SIGNED),
    date: rule(DatePlace::BelowText, DATED),
    printing: rule(Need::Required, PRINTED),
    numbers: rule(STANDARD, NUMBERED),
};

/// Adopted by a meeting: 决议.
const ADOPTED: KindElements = KindElements {
    primary_recipients: rule(Need::Absent, USAGE),
    sign_off: rule(Need::Absent, USAGE),
    date: rule(DatePlace::BelowTitle, USAGE),
    printing: rule(Need::Optional, USAGE),
    numbers: rule(SERIES, USAGE),
    ..SENT
};

/// Publishes a decision of a meeting or, as 统计公报, a matter of importance (条例 8(4)).
const COMMUNIQUE: KindElements = KindElements {
    sign_off: rule(Need::RequiredWithoutNote, SIGNED),
    date: rule(DatePlace::Either, USAGE),
    ..ADOPTED
};

/// Published to everyone: 公告.
const PROCLAIMED: KindElements = KindElements {
    primary_recipients: rule(Need::Absent, "《条例》第八条第五项"),
    printing: rule(Need::Optional, USAGE),
    numbers: rule(SERIES, USAGE),
    ..SENT
};

/// Published to those whom it concerns.
const PUBLIC_NOTICE: KindElements = KindElements {
    primary_recipients: rule(Need::Absent, "《条例》第八条第六项"),
    ..PROCLAIMED
};

const DECISION: KindElements = KindElements {
    primary_recipients: rule(Need::Optional, USAGE),
    sign_off: rule(Need::RequiredWithoutNote, SIGNED),
    date: rule(DatePlace::Either, USAGE),
    ..SENT
};

const ORDER: KindElements = KindElements {
    primary_recipients: rule(Need::Absent, COMMAND),
    sign_off: rule(Need::Required, COMMAND),
    date: rule(DatePlace::BelowText, COMMAND),
    printing: rule(Need::Optional, USAGE),
    numbers: rule(SERIES, COMMAND),
    ..SENT
};

/// Goes up, down or across.
const OPINION: KindElements =
    KindElements { signatories: rule(Need::Optional, SIGNATORIES), ..SENT };

const TO_SUPERIOR: KindElements = KindElements {
    primary_recipients: rule(Need::Required, ONE_SUPERIOR),
    signatories: rule(Need::Required, SIGNATORIES),
    ..SENT
};

/// Goes to the people's congress, which is no superior in the sense of 签发人, but is treated so by some.
const BILL: KindElements = KindElements { signatories: rule(Need::Optional, SIGNATORIES), ..SENT };

const MINUTES: KindElements = KindElements {
    primary_recipients: rule(Need::Optional, USAGE),
    sign_off: rule(Need::Optional, "GB/T 9704第10.3条"),
    date: rule(DatePlace::Either, USAGE),
    numbers: rule(ISSUES, USAGE),
    ..SENT
};

impl KindElements {
    /// The elements of a kind; those of 通知 if the kind is not known.
    pub fn of(kind: Option<DocumentKind>) -> &'static Self {
        match kind {
            Some(DocumentKind::Resolution) => &ADOPTED,
            Some(DocumentKind::Communique) => &COMMUNIQUE,
            Some(DocumentKind::Decision) => &DECISION,
            Some(DocumentKind::Command | DocumentKind::Order) => &ORDER,
            Some(DocumentKind::Proclamation) => &PROCLAIMED,
            Some(DocumentKind::PublicNotice) => &PUBLIC_NOTICE,
            Some(DocumentKind::Opinion) => &OPINION,
            Some(DocumentKind::Report | DocumentKind::Request) => &TO_SUPERIOR,
            Some(DocumentKind::Bill) => &BILL,
            Some(DocumentKind::Minutes) => &MINUTES,
            Some(
                DocumentKind::Notice
                | DocumentKind::Circular
                | DocumentKind::Reply
                | DocumentKind::Letter,
            )
            | None => &SENT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DatePlace, KindElements, Need};
    use crate::document::kind::DocumentKind;
    use crate::document::masthead::number::NumberFormat;

    #[test]
    fn every_cell_has_a_source_and_the_standard_number_fits_every_kind() {
        for kind in DocumentKind::ALL {
            let elements = KindElements::of(Some(kind));
            let sources = [
                elements.primary_recipients.source,
                elements.signatories.source,
                elements.sign_off.source,
                elements.date.source,
                elements.printing.source,
                elements.numbers.source,
            ];
            let is_cited = |source: &str| {
                source.starts_with("《条例》第")
                    || source.starts_with("GB/T 9704第")
                    || source == "惯例"
            };
            assert!(sources.into_iter().all(is_cited), "{kind:?}: {sources:?}");
            assert_eq!(elements.numbers.is[0], NumberFormat::Standard, "{kind:?}");
        }
    }

    #[test]
    fn a_document_without_sign_off_has_its_date_below_the_title() {
        for kind in DocumentKind::ALL {
            let elements = KindElements::of(Some(kind));
            let may_be_unsigned = elements.sign_off.is != Need::Required;
            assert_eq!(may_be_unsigned, elements.date.is != DatePlace::BelowText, "{kind:?}");
        }
    }
}
