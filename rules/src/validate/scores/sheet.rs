//! The checks of the score sheet's structure, from the sections down to the items.

use crate::scoring::not_applicable::{NOT_APPLICABLE, NotApplicableRule};
use crate::scoring::sheet::{
    Component, Entry, EntryScore, ScoreSheet, Section, SectionKind, SheetPlace,
};
use crate::scoring::wording::{ScoreWord, Wording};
use crate::submission::scores::{PostedComponent, PostedScores, PostedWording};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::{PostedEntry, count_of_leaves};
use crate::validate::scores::grade;
use crate::validate::scores::lost;
use crate::validate::scores::narratives;
use crate::validate::scores::reasons;
use crate::validate::scores::sums::{self, Stated};
use crate::validate::text::characters::quoted;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};
use crate::validate::text::typeface::Typeface;

/// The mark before the heading of a starred entry.
const STAR: char = '★';

/// Checks the score sheet of the text. Returns `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
    context: &TextContext<'_>,
) -> Option<ScoreSheet> {
    if posted.placement == Some(SheetPlace::Attachment) {
        narratives::warn(check, &place.key("sections"), posted);
    }
    read_sheet(check, place, posted, context, context.prints_reasons())
}

/// Checks the score sheet of an attachment, which prints it as a table and nowhere else. Returns `None`
/// after an error anywhere in it.
pub fn read_attached(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
    context: &TextContext<'_>,
) -> Option<ScoreSheet> {
    let settings = [
        ("placement", posted.placement.is_some()),
        ("run_in", posted.run_in.is_some()),
        ("points_place", posted.points_place.is_some()),
    ];
    for (key, _) in settings.into_iter().filter(|(_, is_there)| *is_there) {
        let detail = "附件自己的评分表只印成自评表，这一项写了也不起作用，请删去。".to_owned();
        check.error(&place.key(key), Code::Unsupported, detail);
    }
    let has_narrative = narratives::refuse(check, &place.key("sections"), posted);
    let sheet = read_sheet(check, place, posted, context, true)?;
    let is_table = !has_narrative && settings.iter().all(|(_, is_there)| !is_there);
    is_table.then_some(sheet)
}

fn read_sheet(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
    context: &TextContext<'_>,
    prints_reasons: bool,
) -> Option<ScoreSheet> {
    let sections_place = place.key("sections");
    if !sheet_fits(check, &sections_place, posted) {
        return None;
    }
    if posted.sections.is_empty() {
        let detail = "自评得分表至少要有一个部分，请填写。".to_owned();
        check.error(&sections_place, Code::ListEmpty, detail);
    }
    let rule = not_applicable_rule(check, place, posted);
    let sections = every(posted.sections.iter().enumerate().map(|(index, section)| {
        let entries = Entries { kind: section.kind, rule, prints_reasons, context };
        let entry = entries.read(check, &sections_place.item(index), &section.into())?;
        Some(Section { kind: section.kind, entry })
    }));
    let total = sums::total(check, &place.key("total"), posted, rule);
    reasons::report(check, &sections_place);
    let grades = posted.grades.as_deref().unwrap_or_default();
    let grade =
        grade::read(check, &place.key("grades"), grades, total.map(|total| total.self_score));
    Some(ScoreSheet {
        sections: sections?,
        total: total?,
        grade: grade?,
        place: posted.placement.unwrap_or_default(),
        wording: wording(posted.wording.as_ref(), context.score_word()),
        points_place: posted.points_place.unwrap_or_default(),
        is_run_in: posted.run_in.unwrap_or_default(),
    })
}

/// Checks that a filing whose scores are printed only in the attached table has such a table and a text.
pub fn placement_fits(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
    has_table: bool,
    has_text: bool,
) -> bool {
    if posted.placement != Some(SheetPlace::Attachment) || (has_table && has_text) {
        return true;
    }
    let detail = if has_table {
        "得分只印在自评表中，正文没有内容，请填写正文开头（opening）。"
    } else {
        "得分只印在自评表中，而没有自评表，请在一个附件或正文的开头、结尾中写自评表（score_table）。"
    };
    check.error(&place.key("placement"), Code::ScorePlacement, detail.to_owned());
    false
}

fn wording(posted: Option<&PostedWording>, of_text: ScoreWord) -> Wording {
    let Some(posted) = posted else { return Wording::ByLevel { word: of_text } };
    Wording::Uniform {
        max_word: posted.max_points.unwrap_or_default(),
        word: posted.self_score.unwrap_or(of_text),
        unit: posted.unit.unwrap_or_default(),
    }
}

/// Checks the number of entries before the entries themselves.
fn sheet_fits(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedScores) -> bool {
    if !check.list_fits(place, posted.sections.len(), limits::SECTIONS) {
        return false;
    }
    let leaves = count_of_leaves(posted);
    if leaves > limits::INDICATORS {
        let detail = format!("指标共{leaves}项，超过上限{}项，请删减。", limits::INDICATORS);
        check.error(place, Code::TooLong, detail);
        return false;
    }
    true
}

/// The rule for entries that do not apply. Reports its absence if there are such entries.
fn not_applicable_rule(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedScores,
) -> Option<NotApplicableRule> {
    let mut sections = posted.sections.iter();
    if posted.not_applicable.is_none()
        && sections.any(|section| has_not_applicable(&section.into()))
    {
        let detail = format!(
            "有的项目写为“{NOT_APPLICABLE}”，请在not_applicable写明如何计入合计：\
             full（按满分计）、excluded（不计入）或proportional（按比例折算）。"
        );
        check.error(&place.key("not_applicable"), Code::NotApplicableRule, detail);
    }
    posted.not_applicable
}

fn has_not_applicable(entry: &PostedEntry<'_>) -> bool {
    let is_one = |text: &str| text == NOT_APPLICABLE;
    entry.self_score.is_some_and(|posted| is_one(&posted.text))
        || entry.components.iter().any(|component| is_one(&component.self_score.text))
        || entry.parts().1.iter().any(has_not_applicable)
}

/// Checks the entries of one section.
struct Entries<'e, 's> {
    kind: SectionKind,
    rule: Option<NotApplicableRule>,
    /// Whether a table prints the sheet, with reasons and evidence.
    prints_reasons: bool,
    context: &'e TextContext<'s>,
}

impl Entries<'_, '_> {
    fn read(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedEntry<'_>,
    ) -> Option<Entry> {
        let title_rule = TextRule::heading_of(posted.level);
        let title = self.title(check, place, posted, &title_rule);
        star_prints(check, place, posted, title_rule.faces());
        let score = self.score(check, place, posted);
        let components = self.components(check, place, posted);
        let narrative = self.context.narrative(check, &place.key("narrative"), posted.narrative);
        lost::check(check, place, self.kind, posted);
        let (reason, evidence) = self.loss(check, place, posted);
        let parts = self.parts(check, place, posted);
        Some(Entry {
            level: posted.level,
            title: title?,
            is_starred: posted.is_starred,
            score: score?,
            components: components?,
            narrative: narrative?,
            reason: reason?,
            evidence: evidence?,
            parts: parts?,
        })
    }

    /// The heading. Without one, the entry must have text, which the score table does not print.
    fn title(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedEntry<'_>,
        rule: &TextRule,
    ) -> Option<Option<String>> {
        if let Some(title) = posted.title {
            return check.text(&place.key("title"), title, rule).map(Some);
        }
        let what = if posted.narrative.is_empty() {
            "没有标题，也没有正文说明（narrative），请填写其中一项。"
        } else if self.prints_reasons {
            "没有标题，自评表的指标一栏无从填入，请填写标题。"
        } else {
            return Some(None);
        };
        let detail = format!("{}{what}", place.label());
        check.error(&place.key("title"), Code::MissingKey, detail);
        None
    }

    /// The points, which an entry has both or neither of.
    fn score(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedEntry<'_>,
    ) -> Option<Option<EntryScore>> {
        if let Some(stated) = Stated::of(posted) {
            return sums::entry_score(check, place, self.kind, &stated).map(Some);
        }
        let (key, missing, given) = match (posted.max_points, posted.self_score) {
            (None, None) => return Some(None),
            (None, Some(_)) => ("max_points", "分值", "自评得分"),
            (Some(_), _) => ("self_score", "自评得分", "分值"),
        };
        let detail = format!(
            "“{}”写了{given}而没有写{missing}，请填写；不计分的，两项都不写。",
            quoted(posted.name())
        );
        check.error(&place.key(key), Code::MissingKey, detail);
        None
    }

    fn parts(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedEntry<'_>,
    ) -> Option<Vec<Entry>> {
        if posted.has_two_kinds_of_parts() {
            let detail = format!(
                "“{}”下面既有分组又有指标，只能用其中一种，请调整。",
                quoted(posted.name())
            );
            check.error(place, Code::SectionParts, detail);
            return None;
        }
        let (key, parts) = posted.parts();
        let place_of_parts = place.key(key);
        if !check.list_fits(&place_of_parts, parts.len(), limits::GROUPS) {
            return None;
        }
        if let Some(stated) = Stated::of(posted) {
            let all: Vec<Stated<'_>> = parts.iter().flat_map(Stated::counted).collect();
            sums::entry_parts(check, place, &stated, &all, self.rule);
        }
        let numbered = parts.iter().enumerate();
        every(numbered.map(|(index, part)| self.read(check, &place_of_parts.item(index), part)))
    }

    /// Checks 扣分原因 and 佐证材料, which the score table prints only for entries without parts.
    fn loss(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedEntry<'_>,
    ) -> (Option<Option<String>>, Option<Vec<String>>) {
        let has_parts = !posted.parts().1.is_empty();
        for (key, name, is_given) in [
            ("reason", "扣分原因", posted.reason.is_some()),
            ("evidence", "佐证材料", !posted.evidence.is_empty()),
        ] {
            if has_parts && is_given {
                let detail = format!(
                    "“{}”下面还有分项，{name}应写在各分项之下，请移下去。",
                    quoted(posted.name())
                );
                check.error(&place.key(key), Code::ReasonAboveParts, detail);
            }
        }
        let is_printed = self.prints_reasons;
        let is_explained = !is_printed && reasons::narrative_says_why(posted);
        if posted.reason.is_none()
            && !has_parts
            && !is_explained
            && let Some(stated) = Stated::of(posted)
        {
            reasons::wanted(check, &place.key("reason"), self.kind, &stated);
        }
        if !is_printed && !has_parts {
            reasons::not_printed(check, place, posted);
        }
        let reason = check.optional_text(&place.key("reason"), posted.reason, &TextRule::PARAGRAPH);
        let evidence = check.texts(&place.key("evidence"), posted.evidence, &TextRule::LINE);
        (reason, evidence)
    }

    /// Checks the components of an indicator, whose points are printed after their names in its title.
    fn components(
        &self,
        check: &mut Checker<'_>,
        entry_place: &Place<'_>,
        entry: &PostedEntry<'_>,
    ) -> Option<Vec<Component>> {
        let place = entry_place.key("components");
        if !check.list_fits(&place, entry.components.len(), limits::LIST) {
            return None;
        }
        let all: Vec<Stated<'_>> = entry.components.iter().map(Stated::from).collect();
        if let Some(stated) = Stated::of(entry) {
            sums::entry_parts(check, entry_place, &stated, &all, self.rule);
        }
        // Each name is searched after the previous one, because the points are printed in this order.
        let title = entry.title.unwrap_or_default();
        let mut rest = title;
        every(entry.components.iter().enumerate().map(|(index, posted)| {
            self.component(check, &place.item(index), posted, title, &mut rest)
        }))
    }

    fn component(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedComponent,
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
        let score = sums::entry_score(check, place, self.kind, &Stated::from(posted));
        Some(Component { name: name?, score: score? })
    }
}

/// Checks that the fonts have the star of a starred entry.
fn star_prints(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedEntry<'_>,
    faces: &[Typeface],
) {
    if !posted.is_starred {
        return;
    }
    let missing: Vec<&str> = faces
        .iter()
        .filter(|face| !check.coverage.has(**face, STAR))
        .map(|face| face.chinese_name())
        .collect();
    if !missing.is_empty() {
        let detail = format!("{}及其后备字体中没有“{STAR}”，无法印出。", missing.join("、"));
        check.error(&place.key("starred"), Code::GlyphMissing, detail);
    }
}
