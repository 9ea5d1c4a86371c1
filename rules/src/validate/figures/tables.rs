//! Compares figures of the text with the score sheet and the attached project tables.

use std::borrow::Cow;

use crate::scoring::amount::{Amount, AmountUnit};
use crate::scoring::points::Points;
use crate::submission::project::PostedProjectTable;
use crate::submission::scores::PostedScores;
use crate::submission::{PostedAttachment, Submission};
use crate::validate::figures::passage::{Clause, Passage};
use crate::validate::figures::quantity::Unit;
use crate::validate::figures::span::{Span, rate_shown, shown};
use crate::validate::findings::place_name::place_name;
use crate::validate::limits;
use crate::validate::text::own_scores;
use crate::validate::text::text_total::{OF_THE_FILING, Total, stated};

/// Words before the name of a figure that do not change its meaning.
const BEFORE: [&str; 9] = ["", "项目", "本项目", "该项目", "其", "该", "项目资金", "年度", "资金"];

/// Characters between the name and the number.
const AFTER: [char; 6] = ['为', '达', '是', '共', '：', ' '];

const INITIAL: [&str; 2] = ["年初预算数", "年初预算"];
const BUDGET: [&str; 2] = ["全年预算数", "全年预算"];
const EXECUTED: [&str; 3] = ["全年执行数", "实际执行", "实际执行数"];
const RATES: [&str; 2] = ["预算执行率", "执行率"];

/// Words of a paragraph about a part of the year.
const NOT_YET: [&str; 6] = ["截至", "截止", "上半年", "季度", "月底", "月末"];

/// Words of a clause about a part of the score.
const PARTS_OF_THE_SCORE: [&str; 5] = ["指标", "执行", "产出", "效益", "满意度"];

/// Phrases that introduce a total even in an attachment, which may be another document.
const TOTALS_OF_ATTACHMENTS: [&str; 5] =
    ["自评综合得分", "自查总得分", "自评总得分", "自查总分", "自评总分"];

/// The most project tables that are compared with the text.
const MOST_PROJECTS: usize = 20;

/// The score sheet and the project tables of a submission.
#[derive(Debug)]
pub struct Tables<'s> {
    scores: Option<&'s PostedScores>,
    projects: Vec<Project<'s>>,
    title: Cow<'s, str>,
}

/// The first line of funds and the total of a project table.
#[derive(Debug)]
struct Project<'s> {
    /// The index of its attachment.
    index: usize,
    name: &'s str,
    unit: AmountUnit,
    initial: Option<&'s str>,
    budget: &'s str,
    executed: &'s str,
    max_points: &'s str,
    self_score: &'s str,
}

impl<'s> Tables<'s> {
    /// The tables of a submission.
    pub fn of(posted: &'s Submission) -> Self {
        let attachments = posted.document.attachments.iter().flatten().take(limits::LIST);
        let project = |(index, attachment): (usize, &'s PostedAttachment)| {
            Project::of(attachment.project_table.as_ref()?, index)
        };
        let projects = attachments.enumerate().filter_map(project).take(MOST_PROJECTS).collect();
        Self {
            scores: posted.scores.as_ref(),
            projects,
            title: posted.document.title.text(&posted.document.issuers),
        }
    }

    /// The doubts about a paragraph that contradicts the table of its project.
    pub fn doubts(&self, passage: &Passage<'_>) -> Vec<String> {
        let Some(project) = self.project_of(passage.text) else { return Vec::new() };
        let mut found = Vec::new();
        for clause in passage.clauses() {
            // The parts of the funds have other lines.
            if passage.clause(clause).starts_with("其中") {
                break;
            }
            for index in clause.quantities.clone() {
                found.extend(project.money(passage, clause, index));
                found.extend(project.rate(passage, clause, index));
            }
        }
        if self.scores.is_none() {
            found.extend(project.score(passage.text));
        }
        found
    }

    /// The doubt about a paragraph of an attachment whose total differs from that of the score sheet.
    pub fn other_total(&self, text: &str) -> Option<String> {
        let total = &self.scores?.total;
        let max_points = Points::parse(&total.max_points.text).ok()?;
        let self_score = Points::parse(&total.self_score.text).ok()?;
        let total = Total { max_points, self_score };
        let all = stated(text, &TOTALS_OF_ATTACHMENTS, &PARTS_OF_THE_SCORE);
        let other = all.into_iter().find(|stated| !stated.agrees_with(&total))?;
        Some(format!(
            "文中写“{other}”，得分表的总分是{self_score}分；如果说的不是本次总分，可以不改。"
        ))
    }

    /// The project that a paragraph names, or the only project if the title names it.
    fn project_of(&self, text: &str) -> Option<&Project<'s>> {
        let mut named = self.projects.iter().filter(|project| text.contains(project.name));
        let project = match (named.next(), named.next(), &self.projects[..]) {
            (Some(named), None, _) => named,
            (None, _, [only]) if self.title.contains(only.name) => only,
            _ => return None,
        };
        let is_of_the_year = !NOT_YET.iter().any(|word| text.contains(word));
        is_of_the_year.then_some(project)
    }
}

impl<'s> Project<'s> {
    fn of(posted: &'s PostedProjectTable, index: usize) -> Option<Self> {
        let funds = posted.funds.first()?;
        let name = posted.project_name.trim();
        (!name.is_empty()).then_some(Self {
            index,
            name,
            unit: posted.unit.unwrap_or_default(),
            initial: funds.initial_budget.as_ref().map(|posted| posted.0.text.as_str()),
            budget: &funds.budget.0.text,
            executed: &funds.executed.0.text,
            max_points: &posted.total.max_points.text,
            self_score: &posted.total.self_score.text,
        })
    }

    /// The name of a place in the attachment: 第1个附件第1项资金; of the attachment itself if `below` is empty.
    fn place_name(&self, below: &str) -> String {
        place_name(&format!("/document/attachments/{}{below}", self.index))
    }

    fn span(&self, text: &str) -> Option<Span> {
        let amount = Amount::parse(text, self.unit).ok()?;
        Some(Span::of_amount(amount, self.unit))
    }

    fn money(&self, passage: &Passage<'_>, clause: &Clause, index: usize) -> Option<String> {
        let quantity = &passage.quantities[index];
        if quantity.unit != Unit::MONEY || !passage.amounts(clause).contains(&index) {
            return None;
        }
        let label = passage.label(clause, index);
        let columns = [
            (&INITIAL[..], self.initial),
            (&BUDGET[..], Some(self.budget)),
            (&EXECUTED[..], Some(self.executed)),
        ];
        let (names, value) = columns.into_iter().find(|(names, _)| is_named(label, names))?;
        let in_table = self.span(value?)?;
        (!in_table.agrees_with(Span::of(quantity))).then(|| {
            format!(
                "文中写“{}”，项目支出绩效自评表（{}）的{}为{}，请核对。",
                passage.quote(clause, index),
                self.place_name("/project_table/funds/0"),
                names[0],
                shown(in_table.value, quantity)
            )
        })
    }

    fn rate(&self, passage: &Passage<'_>, clause: &Clause, index: usize) -> Option<String> {
        let quantity = &passage.quantities[index];
        let is_rate = quantity.unit == Unit::PERCENT && !quantity.is_vague;
        if !is_rate || !is_named(passage.label(clause, index), &RATES) {
            return None;
        }
        let computed = self.span(self.executed)?.percent_of(self.span(self.budget)?)?;
        (!computed.is_printed_as(quantity)).then(|| {
            format!(
                "文中写“{}”，按项目支出绩效自评表（{}）的全年执行数和全年预算数计算为{}，请核对。",
                passage.quote(clause, index),
                self.place_name("/project_table/funds/0"),
                rate_shown(computed.value, quantity)
            )
        })
    }

    fn score(&self, text: &str) -> Option<String> {
        let self_score = Points::parse(self.self_score).ok()?;
        let max_points = Points::parse(self.max_points).ok()?;
        let total = Total { max_points, self_score };
        let mut all = stated(text, &OF_THE_FILING, &PARTS_OF_THE_SCORE);
        all.extend(own_scores::of_the_total(text, &total, &PARTS_OF_THE_SCORE));
        let other = all.into_iter().find(|stated| !stated.agrees_with(&total))?;
        Some(format!(
            "文中写“{other}”，项目支出绩效自评表（{}）的总分是{self_score}分，请核对。",
            self.place_name("")
        ))
    }
}

/// Whether a label is one of the names, possibly with words that do not change its meaning.
fn is_named(label: &str, names: &[&str]) -> bool {
    let label = label.trim_end_matches(AFTER);
    names.iter().any(|name| label.strip_suffix(name).is_some_and(|rest| BEFORE.contains(&rest)))
}
