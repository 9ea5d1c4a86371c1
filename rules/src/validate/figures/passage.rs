//! Splits a paragraph into clauses with their quantities.

use std::ops::Range;

use crate::validate::figures::quantity::{self, Quantity, Unit};
use crate::validate::figures::role::{Role, role};
use crate::validate::text::characters::visible;

/// A parsed paragraph.
#[derive(Debug)]
pub struct Passage<'t> {
    /// The text without `**`.
    pub text: &'t str,
    /// Its quantities, in order.
    pub quantities: Vec<Quantity<'t>>,
    /// The role of each quantity in its clause.
    pub roles: Vec<Role>,
    clauses: Vec<Clause>,
    // For each quantity, the first of the quantities that precede it without words between them.
    leaders: Vec<usize>,
}

/// The text between two marks. 、 and 和 end a clause only after a quantity: 城市1户、农村2户 has two
/// clauses, 城市、农村3户 has one.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its range in bytes, without the mark after it.
    pub range: Range<usize>,
    /// The mark after it.
    pub mark: char,
    /// The number of brackets around it.
    pub depth: usize,
    /// The indexes of its quantities.
    pub quantities: Range<usize>,
}

/// The largest depth; deeper brackets count as this deep.
const DEEPEST: usize = 3;

/// The mark of a clause that ends at 、 or a word such as 和.
pub const NO_MARK: char = '、';

/// The most quantities of a clause; those of a longer one are vague.
const MOST_QUANTITIES: usize = 40;

/// Words that end a clause after a quantity, with the length that is skipped like a mark.
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
    /// Parses a text.
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

    /// A quantity with the words before it for a quotation of at most 30 characters that ends with the
    /// quantity. In 5户8人, 8人 is quoted together with 5户.
    pub fn quote(&self, clause: &Clause, index: usize) -> String {
        self.quote_from(clause, self.leaders[index], index)
    }

    /// A quotation from one quantity of a clause to another, with the words before them.
    pub fn quote_from(&self, clause: &Clause, first: usize, last: usize) -> String {
        const LONGEST: usize = 30;
        let start = self.label_start(clause, first);
        let text = self.text[start..self.quantities[last].end].trim();
        let cut = text.chars().count().saturating_sub(LONGEST);
        let shown: String = text.chars().skip(cut).map(visible).collect();
        if cut > 0 { format!("…{shown}") } else { shown }
    }

    /// The words that name a quantity; in 5户8人 both have the words before 5户.
    pub fn name(&self, clause: &Clause, index: usize) -> &'t str {
        self.label(clause, self.leaders[index])
    }

    /// The amounts of a clause: exact, and not a change, a base or a rate.
    pub fn amounts(&self, clause: &Clause) -> Vec<usize> {
        if clause.quantities.len() > MOST_QUANTITIES {
            return Vec::new();
        }
        let is_amount = |index: &usize| {
            self.quantities[*index].unit.is_amount() && self.roles[*index] == Role::Amount
        };
        clause.quantities.clone().filter(is_amount).collect()
    }

    /// Whether a clause only states a change, or has only rates.
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
    let mut builder = ClauseBuilder { clauses: Vec::new(), last_at: [None; DEEPEST + 1], depth: 0 };
    let (mut start, mut first, mut next, mut at) = (0, 0, 0, 0);
    while at < text.len() {
        if let Some(quantity) = quantities.get(next).filter(|quantity| quantity.start == at) {
            at = quantity.end;
            next += 1;
            let rest = &text[at..];
            if let Some((_, length)) = JOINTS.iter().find(|(word, _)| rest.starts_with(word)) {
                builder.add(text, start..at, NO_MARK, first..next);
                at += length;
                (start, first) = (at, next);
            }
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let end = at;
        at += c.len_utf8();
        if is_mark(c) {
            builder.add(text, start..end, c, first..next);
            (start, first) = (at, next);
        }
    }
    builder.add(text, start..text.len(), '。', first..next);
    builder.clauses
}

/// Collects the clauses and counts the open brackets.
struct ClauseBuilder {
    clauses: Vec<Clause>,
    // The last clause at each depth.
    last_at: [Option<usize>; DEEPEST + 1],
    depth: usize,
}

impl ClauseBuilder {
    fn add(&mut self, text: &str, range: Range<usize>, mark: char, quantities: Range<usize>) {
        let depth = self.depth.min(DEEPEST);
        let is_bracket = matches!(mark, '（' | '(' | '）' | ')');
        if text[range.clone()].trim().is_empty() {
            // After a bracket: the mark ends the clause before the bracket. A sentence ends with its
            // last clause.
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
