//! The checks of the score sheet's structure, from the sections down to the components.

use crate::document::rich_text::RichText;
use crate::scoring::sheet::{
    Component, Group, Indicator, ScoreSheet, Section, SectionKind, SectionParts,
};
use crate::submission::{
    PostedComponent, PostedGroup, PostedIndicator, PostedScores, PostedSection,
};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::reasons;
use crate::validate::scores::sums::{self, Entry};
use crate::validate::text::characters::quoted;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};

/// Checks the whole score sheet; `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
    context: &TextContext<'_>,
) -> Option<ScoreSheet> {
    let sections_place = place.key("sections");
    if !sheet_fits(check, &sections_place, posted) {
        return None;
    }
    if posted.sections.is_empty() {
        let detail = "自评得分表至少要有一个部分，请填写。".to_owned();
        check.error(&sections_place, Code::ListEmpty, detail);
    }
    let sections =
        every(
            posted.sections.iter().enumerate().map(|(index, posted)| {
                section(check, &sections_place.item(index), posted, context)
            }),
        );
    let total = sums::total(check, &place.key("total"), posted);
    reasons::report(check, &sections_place);
    Some(ScoreSheet { sections: sections?, total: total? })
}

/// Checks the number of entries before any entry.
fn sheet_fits(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedScores) -> bool {
    if !check.list_fits(place, posted.sections.len(), limits::SECTIONS) {
        return false;
    }
    let indicators = count_of_indicators(posted);
    if indicators > limits::INDICATORS {
        let detail = format!("指标共{indicators}项，超过上限{}项，请删减。", limits::INDICATORS);
        check.error(place, Code::TooLong, detail);
        return false;
    }
    true
}

/// How many indicators a sheet has, each a row of its table.
pub fn count_of_indicators(posted: &PostedScores) -> usize {
    let of_section = |section: &PostedSection| {
        let groups = section.groups.as_deref().unwrap_or_default();
        let grouped: usize = groups.iter().map(|group| group.indicators.len()).sum();
        grouped + section.indicators.as_deref().unwrap_or_default().len()
    };
    posted.sections.iter().map(of_section).sum()
}

fn section(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedSection,
    context: &TextContext<'_>,
) -> Option<Section> {
    let groups = posted.groups.as_deref().unwrap_or_default();
    let indicators = posted.indicators.as_deref().unwrap_or_default();
    let title = check.text(&place.key("title"), &posted.title, &TextRule::SECTION_TITLE);
    let entry = Entry::from(posted);
    let score = sums::score(check, place, posted.kind, &entry);
    let detail = match (groups.is_empty(), indicators.is_empty()) {
        (true, true) => Some("下面没有内容，请填写分组或指标。"),
        (false, false) => Some("下面既有分组又有指标，只能用其中一种，请调整。"),
        _ => None,
    };
    match detail {
        Some(detail) => {
            let detail = format!("“{}”{detail}", quoted(&posted.title));
            check.error(place, Code::SectionParts, detail);
        }
        None => {
            let parts = groups.iter().map(Entry::from).chain(indicators.iter().map(Entry::from));
            sums::parts(check, place, &entry, parts);
        }
    }
    let groups = section_groups(check, &place.key("groups"), groups, posted.kind, context);
    let indicators =
        indicators_of(check, &place.key("indicators"), indicators, posted.kind, context);
    let (groups, indicators) = (groups?, indicators?);
    let parts = match (groups.is_empty(), indicators.is_empty()) {
        (false, true) => SectionParts::Groups(groups),
        (true, false) => SectionParts::Indicators(indicators),
        _ => return None,
    };
    Some(Section { title: title?, kind: posted.kind, score: score?, parts })
}

fn section_groups(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedGroup],
    kind: SectionKind,
    context: &TextContext<'_>,
) -> Option<Vec<Group>> {
    if !check.list_fits(place, posted.len(), limits::GROUPS) {
        return None;
    }
    every(
        posted
            .iter()
            .enumerate()
            .map(|(index, posted)| group(check, &place.item(index), posted, kind, context)),
    )
}

fn group(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedGroup,
    kind: SectionKind,
    context: &TextContext<'_>,
) -> Option<Group> {
    let title = check.text(&place.key("title"), &posted.title, &TextRule::GROUP_TITLE);
    let entry = Entry::from(posted);
    let score = sums::score(check, place, kind, &entry);
    let indicators_place = place.key("indicators");
    if posted.indicators.is_empty() {
        let detail = format!("“{}”下面没有指标，请填写。", quoted(&posted.title));
        check.error(&indicators_place, Code::ListEmpty, detail);
    }
    sums::parts(check, place, &entry, posted.indicators.iter().map(Entry::from));
    let indicators = indicators_of(check, &indicators_place, &posted.indicators, kind, context)
        .filter(|indicators| !indicators.is_empty());
    Some(Group { title: title?, score: score?, indicators: indicators? })
}

fn indicators_of(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedIndicator],
    kind: SectionKind,
    context: &TextContext<'_>,
) -> Option<Vec<Indicator>> {
    every(
        posted
            .iter()
            .enumerate()
            .map(|(index, posted)| indicator(check, &place.item(index), posted, kind, context)),
    )
}

fn indicator(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIndicator,
    kind: SectionKind,
    context: &TextContext<'_>,
) -> Option<Indicator> {
    let title = check.text(&place.key("title"), &posted.title, &TextRule::HEADING);
    let entry = Entry::from(posted);
    let score = sums::score(check, place, kind, &entry);
    let components = components(check, place, posted, kind);
    let narrative: Option<Vec<RichText>> = context.narrative(
        check,
        &place.key("narrative"),
        posted.narrative.as_deref().unwrap_or_default(),
    );
    let is_explained = !context.prints_reasons() && reasons::narrative_says_why(posted);
    if posted.reason.is_none() && !is_explained {
        reasons::wanted(check, &place.key("reason"), kind, &entry);
    }
    if !context.prints_reasons() {
        reasons::not_printed(check, place, posted);
    }
    let reason =
        check.optional_text(&place.key("reason"), posted.reason.as_deref(), &TextRule::PARAGRAPH);
    let evidence = check.texts(
        &place.key("evidence"),
        posted.evidence.as_deref().unwrap_or_default(),
        &TextRule::LINE,
    );
    Some(Indicator {
        title: title?,
        score: score?,
        components: components?,
        narrative: narrative?,
        reason: reason?,
        evidence: evidence?,
    })
}

/// The components of an indicator, whose points are printed behind their names in its title.
fn components(
    check: &mut Checker<'_>,
    indicator_place: &Place<'_>,
    indicator: &PostedIndicator,
    kind: SectionKind,
) -> Option<Vec<Component>> {
    let posted = indicator.components.as_deref().unwrap_or_default();
    let place = indicator_place.key("components");
    if !check.list_fits(&place, posted.len(), limits::LIST) {
        return None;
    }
    sums::parts(check, indicator_place, &Entry::from(indicator), posted.iter().map(Entry::from));
    // Each name is searched after the previous one, because the points are printed in this order.
    let mut rest = indicator.title.as_str();
    every(posted.iter().enumerate().map(|(index, posted)| {
        let place = place.item(index);
        component(check, &place, posted, kind, &indicator.title, &mut rest)
    }))
}

fn component(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedComponent,
    kind: SectionKind,
    title: &str,
    rest: &mut &str,
) -> Option<Component> {
    let name = check.text(&place.key("name"), &posted.name, &TextRule::NAME);
    if let Some(name) = &name {
        match rest.find(name.as_str()) {
            Some(start) => *rest = &rest[start + name.len()..],
            None => {
                let order = if title.contains(name.as_str()) { "的相应位置" } else { "" };
                let detail = format!(
                    "指标标题“{}”{order}没有分项名称“{}”；分项名称要按先后顺序出现在标题中，请核对。",
                    quoted(title),
                    quoted(name)
                );
                check.error(&place.key("name"), Code::ComponentNotInTitle, detail);
            }
        }
    }
    let score = sums::score(check, place, kind, &Entry::from(posted));
    Some(Component { name: name?, score: score? })
}
