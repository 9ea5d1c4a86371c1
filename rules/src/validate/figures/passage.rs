//! A paragraph as clauses with their quantities.

use std::ops::Range;

use crate::validate::figures::quantity::{self, Quantity, Unit};
use crate::validate::figures::role::{Role, role};
use crate::validate::text::characters::visible;

/// A paragraph that has been read.
#[derive(Debug)]
pub struct Passage<'t> {
    /// The text without marks of strong runs.
    pub text: &'t str,
    /// Its quantities, in order.
    pub quantities: Vec<Quantity<'t>>,
    /// What each quantity is in its clause.
    pub roles: Vec<Role>,
    clauses: Vec<Clause>,
    // For each quantity, the first of those that follow each other without words between them.
    leaders: Vec<usize>,
}

/// A stretch of text between two marks. 、 and 和 part clauses only behind a quantity, so that
/// 城市1户、农村2户 are two clauses and 城市、农村3户 is one.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Where it starts and ends, in bytes, without the mark behind it.
    pub range: Range<usize>,
    /// The mark behind it.
    pub mark: char,
    /// How many brackets it is in.
    pub depth: usize,
    /// Which quantities it has.
    pub quantities: Range<usize>,
}

/// Brackets in brackets beyond this depth count as this deep.
const DEEPEST: usize = 3;

/// The mark where a word parts clauses.
const NO_MARK: char = '、';

/// Quantities of a clause beyond which none is understood.
const MOST_QUANTITIES: usize = 40;

/// Words that part clauses behind a quantity, with the length that belongs to the mark.
const JOINTS: [(&str, usize); 6] = [
    ("、", "、".len()),
    ("和", "和".len()),
    ("与", "与".len()),
    ("以及", "以及".len()),
    ("及", "及".len()),
    ("其中", 0),
];

impl Clause {
    /// Whether a sentence ends here.
    fn ends_sentence(&self) -> bool {
        ends_sentence(self.mark)
    }
}

impl<'t> Passage<'t> {
    /// Reads a text.
    pub fn read(text: &'t str) -> Self {
        let quantities = quantity::read(text);
        let clauses = clauses(text, &quantities);
        let (roles, leaders) = (Vec::new(), Vec::new());
        let mut passage = Self { text, quantities, roles, clauses, leaders };
        passage.find_roles();
        passage
    }

    /// The sentences, each as its clauses.
    pub fn sentences(&self) -> impl Iterator<Item = &[Clause]> {
        self.clauses.split_inclusive(Clause::ends_sentence)
    }

    /// All clauses.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The text of a clause.
    pub fn clause(&self, clause: &Clause) -> &'t str {
        self.text[clause.range.clone()].trim()
    }

    /// The words before a quantity in its clause.
    pub fn label(&self, clause: &Clause, index: usize) -> &'t str {
        self.text[self.label_start(clause, index)..self.quantities[index].start].trim()
    }

    fn label_start(&self, clause: &Clause, index: usize) -> usize {
        match index.checked_sub(1) {
            Some(before) if clause.quantities.contains(&before) => self.quantities[before].end,
            _ => clause.range.start,
        }
    }

    /// The words after a quantity in its clause.
    pub fn tail(&self, clause: &Clause, index: usize) -> &'t str {
        let end = match index + 1 {
            after if clause.quantities.contains(&after) => self.quantities[after].start,
            _ => clause.range.end,
        };
        self.text[self.quantities[index].end..end].trim()
    }

    /// A quantity with the words before it, as a sentence quotes it: at most 30 characters, the
    /// number last. Of 5户8人 the latter is quoted with the former.
    pub fn quote(&self, clause: &Clause, index: usize) -> String {
        self.quote_from(clause, self.leaders[index], index)
    }

    /// The quantities of a clause from one to another, with the words before them.
    pub fn quote_from(&self, clause: &Clause, first: usize, last: usize) -> String {
        const LONGEST: usize = 30;
        let start = self.label_start(clause, first);
        let text = self.text[start..self.quantities[last].end].trim();
        let cut = text.chars().count().saturating_sub(LONGEST);
        let shown: String = text.chars().skip(cut).map(visible).collect();
        if cut > 0 { format!("…{shown}") } else { shown }
    }

    /// The words that name a quantity: of 5户8人 both have the words before 5户.
    pub fn name(&self, clause: &Clause, index: usize) -> &'t str {
        self.label(clause, self.leaders[index])
    }

    /// The amounts of a clause: exact, no change, no base, no rate.
    pub fn amounts(&self, clause: &Clause) -> Vec<usize> {
        if clause.quantities.len() > MOST_QUANTITIES {
            return Vec::new();
        }
        let is_amount = |index: &usize| {
            self.quantities[*index].unit.is_amount() && self.roles[*index] == Role::Amount
        };
        clause.quantities.clone().filter(is_amount).collect()
    }

    /// Whether a clause only says how something changed, or has no figures but rates.
    pub fn is_remark(&self, clause: &Clause) -> bool {
        let is_remark = |index: usize| {
            let unit = self.quantities[index].unit;
            unit == Unit::PERCENT
                || unit == Unit::PERCENTAGE_POINTS
                || matches!(self.roles[index], Role::Change(_) | Role::Base)
        };
        clause.quantities.len() <= MOST_QUANTITIES && clause.quantities.clone().all(is_remark)
    }

    fn find_roles(&mut self) {
        for clause in &self.clauses {
            for index in clause.quantities.clone() {
                let label = self.label(clause, index);
                let is_led = label.is_empty() && index > clause.quantities.start;
                let before = self.leaders.last().copied().filter(|_| is_led);
                self.leaders.push(before.unwrap_or(index));
                let tail = self.tail(clause, index);
                self.roles.push(role(&self.quantities[index], label, tail));
            }
        }
    }
}

fn clauses(text: &str, quantities: &[Quantity<'_>]) -> Vec<Clause> {
    let mut parting = Parting { clauses: Vec::new(), last_at: [None; DEEPEST + 1], depth: 0 };
    let (mut start, mut first, mut next, mut at) = (0, 0, 0, 0);
    while at < text.len() {
        if let Some(quantity) = quantities.get(next).filter(|quantity| quantity.start == at) {
            at = quantity.end;
            next += 1;
            let rest = &text[at..];
            if let Some((_, length)) = JOINTS.iter().find(|(word, _)| rest.starts_with(word)) {
                parting.add(text, start..at, NO_MARK, first..next);
                at += length;
                (start, first) = (at, next);
            }
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let end = at;
        at += c.len_utf8();
        if is_mark(c) {
            parting.add(text, start..end, c, first..next);
            (start, first) = (at, next);
        }
    }
    parting.add(text, start..text.len(), '。', first..next);
    parting.clauses
}

/// Adds clauses and follows the brackets.
struct Parting {
    clauses: Vec<Clause>,
    // The last clause at each depth.
    last_at: [Option<usize>; DEEPEST + 1],
    depth: usize,
}

impl Parting {
    fn add(&mut self, text: &str, range: Range<usize>, mark: char, quantities: Range<usize>) {
        let depth = self.depth.min(DEEPEST);
        let is_bracket = matches!(mark, '（' | '(' | '）' | ')');
        if text[range.clone()].trim().is_empty() {
            // After a bracket: the mark ends the clause before the bracket. A sentence ends with its
            // last clause, wherever that is.
            let last = self.clauses.len().checked_sub(1);
            let ended = if ends_sentence(mark) { last } else { self.last_at[depth] };
            if let Some(ended) = ended.filter(|_| !is_bracket) {
                self.clauses[ended].mark = mark;
            }
        } else {
            self.last_at[depth] = Some(self.clauses.len());
            self.clauses.push(Clause { range, mark, depth, quantities });
        }
        match mark {
            _ if ends_sentence(mark) => {
                self.depth = 0;
                self.last_at = [None; DEEPEST + 1];
            }
            '（' | '(' => {
                self.depth += 1;
                self.last_at[self.depth.min(DEEPEST)] = None;
            }
            '）' | ')' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn ends_sentence(mark: char) -> bool {
    matches!(mark, '。' | '！' | '？' | '!' | '?' | '\n')
}

fn is_mark(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '（' | '(' | '）' | ')')
}
