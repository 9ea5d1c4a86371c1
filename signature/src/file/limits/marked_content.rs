//! Shortens the lists of marked content in the structure of tagged PDFs while they are read.
//!
//! A paragraph whose letters change the font has a dictionary for each of them:
//! `<</Type/MCR/MCID 0/Pg 7 0 R>><</Type/MCR/MCID 1/Pg 7 0 R>>…`. Each takes 600 bytes in memory. A run of
//! them is read as one stream that no file can have in this place, with the page, the first number and the
//! count. Different lists stay different, and the page stays referred to.

use lopdf::{Dictionary, Object, ObjectId, Stream};

use crate::file::lexer::{Lexer, Token, TokenKind, decoded_name};

/// The memory that a mark takes, besides its place in the list.
pub(crate) const BYTES_PER_MARK: usize = 640;

/// A piece of marked content: its page and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    page: ObjectId,
    number: i64,
}

impl Mark {
    /// A dictionary with these three entries and no others.
    fn of(object: &Object) -> Option<Self> {
        let Object::Dictionary(entries) = object else { return None };
        let number = entries.get(b"MCID").ok()?.as_i64().ok()?;
        let page = entries.get(b"Pg").ok()?.as_reference().ok()?;
        (entries.len() == 3 && entries.has_type(b"MCR")).then_some(Self { page, number })
    }

    /// The same from the tokens between `<<` and `>>`, in the order in which we write them.
    fn of_tokens(file: &[u8], tokens: &[Token]) -> Option<Self> {
        let [kind, mark, key, number, page_key, page, generation, reference] = tokens else {
            return None;
        };
        let is = |token: &Token, name: &[u8]| {
            token.kind == TokenKind::Name && file[token.position.clone()] == *name
        };
        let is_mark = is(kind, b"/Type")
            && is(mark, b"/MCR")
            && is(key, b"/MCID")
            && is(page_key, b"/Pg")
            && file[reference.position.clone()] == *b"R";
        let TokenKind::Integer(number) = number.kind else { return None };
        let TokenKind::Integer(page) = page.kind else { return None };
        let TokenKind::Integer(generation) = generation.kind else { return None };
        let page = (u32::try_from(page).ok()?, u16::try_from(generation).ok()?);
        is_mark.then_some(Self { page, number })
    }

    fn follows(self, before: Self) -> bool {
        self.page == before.page && before.number.checked_add(1) == Some(self.number)
    }
}

/// How many marks of the structure element at an offset continue a run.
pub(crate) fn repeated_marks(file: &[u8], from: usize) -> usize {
    let Some(entries) = Lexer::new(file, from).dictionary() else { return 0 };
    let of = |name: &[u8]| {
        let mut named = entries.iter().filter(|entry| entry.name == name);
        named.next().filter(|_| named.next().is_none()).map(|entry| entry.value.as_slice())
    };
    let is_element = |token: &Token| decoded_name(&file[token.position.clone()]) == b"StructElem";
    if !matches!(of(b"Type"), Some([kind]) if is_element(kind)) {
        return 0;
    }
    let Some([Token { kind: TokenKind::ArrayStart, .. }, items @ .., _]) = of(b"K") else {
        return 0;
    };
    let (mut repeated, mut before, mut at) = (0, None, 0);
    while let Some(token) = items.get(at) {
        let (start, mut depth) = (at, 0_usize);
        // To the end of the item.
        loop {
            match items.get(at).map(|token| token.kind) {
                Some(TokenKind::ArrayStart | TokenKind::DictionaryStart) => depth += 1,
                Some(TokenKind::ArrayEnd | TokenKind::DictionaryEnd) => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            at += 1;
            if depth == 0 || at >= items.len() {
                break;
            }
        }
        let mark = match token.kind {
            TokenKind::DictionaryStart => {
                Mark::of_tokens(file, items.get(start + 1..at - 1).unwrap_or_default())
            }
            _ => None,
        };
        repeated +=
            usize::from(mark.zip(before).is_some_and(|(mark, before)| mark.follows(before)));
        before = mark;
    }
    repeated
}

/// A filter of the PDF reader that shortens the list of a structure element.
#[expect(clippy::unnecessary_wraps, reason = "a filter of the PDF reader returns an option")]
pub(crate) fn shorten(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Dictionary(entries) = object
        && entries.has_type(b"StructElem")
        && let Ok(Object::Array(items)) = entries.get_mut(b"K")
    {
        *items = shortened(std::mem::take(items));
    }
    // Says only that the object is kept, unless it is in an object stream: such files are not shortened.
    Some((id, Object::Null))
}

fn shortened(items: Vec<Object>) -> Vec<Object> {
    let mut short = Vec::new();
    let mut run: Option<(Mark, i64)> = None;
    for item in items {
        let mark = Mark::of(&item);
        match (mark, &mut run) {
            (Some(mark), Some((first, count)))
                if first.page == mark.page
                    && first.number.checked_add(*count) == Some(mark.number) =>
            {
                *count += 1;
            }
            (mark, run) => {
                short.extend(run.take().map(as_object));
                match mark {
                    Some(mark) => *run = Some((mark, 1)),
                    None => short.push(item),
                }
            }
        }
    }
    short.extend(run.map(as_object));
    short.shrink_to_fit();
    short
}

/// A run of marks: the first one and their count. In a file, a stream is never part of a list.
fn as_object((first, count): (Mark, i64)) -> Object {
    let mut dict = Dictionary::new();
    dict.set("Pg", Object::Reference(first.page));
    dict.set("MCID", Object::Integer(first.number));
    dict.set("N", Object::Integer(count));
    let stream =
        Stream { dict, content: Vec::new(), allows_compression: false, start_position: None };
    Object::Stream(stream)
}

#[cfg(test)]
mod tests {
    use lopdf::{Dictionary, Object};

    use super::{repeated_marks, shorten};

    fn mark(number: i64, page: u32) -> Object {
        let mut entries = Dictionary::new();
        entries.set("Type", Object::Name(b"MCR".to_vec()));
        entries.set("MCID", Object::Integer(number));
        entries.set("Pg", Object::Reference((page, 0)));
        Object::Dictionary(entries)
    }

    fn read(items: &[Object]) -> Object {
        let mut element = Dictionary::new();
        element.set("Type", Object::Name(b"StructElem".to_vec()));
        element.set("K", Object::Array(items.to_vec()));
        let mut element = Object::Dictionary(element);
        assert!(shorten((4, 0), &mut element).is_some());
        element
    }

    fn items(object: &Object) -> &[Object] {
        object.as_dict().unwrap().get(b"K").unwrap().as_array().unwrap()
    }

    #[test]
    fn runs_of_marks_are_shortened_and_stay_different() {
        let run =
            |from: i64, to: i64, page| (from..to).map(|at| mark(at, page)).collect::<Vec<_>>();
        let lists = [
            run(0, 5, 7),
            run(0, 6, 7),
            run(1, 6, 7),
            run(0, 5, 8),
            [run(0, 3, 7), run(4, 6, 7)].concat(),
            [run(0, 3, 7), run(3, 5, 8)].concat(),
            [run(3, 5, 7), run(0, 3, 7)].concat(),
            [run(0, 2, 7), vec![Object::Integer(2)], run(3, 5, 7)].concat(),
            [vec![Object::Integer(0)], run(1, 5, 7)].concat(),
        ];
        let short: Vec<Object> = lists.iter().map(|list| read(list)).collect();
        let lengths: Vec<usize> = short.iter().map(|object| items(object).len()).collect();
        assert_eq!(lengths, [1, 1, 1, 1, 2, 2, 2, 3, 2]);
        for (index, one) in short.iter().enumerate() {
            assert!(short[..index].iter().all(|other| other != one), "{index}");
        }
        let page = items(&short[0])[0].as_stream().unwrap().dict.get(b"Pg").unwrap();
        assert_eq!(page.as_reference().unwrap(), (7, 0), "the page stays referred to");
    }

    #[test]
    fn only_marks_of_structure_elements_are_shortened() {
        let mut with_more = mark(1, 7);
        with_more.as_dict_mut().unwrap().set("Stm", Object::Reference((9, 0)));
        let mut other = mark(1, 7);
        other.as_dict_mut().unwrap().set("Type", Object::Name(b"OBJR".to_vec()));
        for item in [with_more, other, Object::Integer(3)] {
            assert_eq!(items(&read(&[item.clone(), item.clone()])), [item.clone(), item]);
        }
        let mut page = Object::Dictionary(Dictionary::new());
        page.as_dict_mut().unwrap().set("K", Object::Array(vec![mark(0, 7), mark(1, 7)]));
        let before = page.clone();
        assert!(shorten((4, 0), &mut page).is_some());
        assert_eq!(page, before);
    }

    #[test]
    fn marks_that_continue_a_run_are_counted_in_the_file() {
        let mark = |number: i64, page: u32| format!("<</Type/MCR/MCID {number}/Pg {page} 0 R>>");
        let run: String = (0..5).map(|number| mark(number, 7)).collect();
        let count = |list: &str| {
            repeated_marks(format!("<</Type/StructElem/S/P/K[{list}]/Pg 3 0 R>>").as_bytes(), 0)
        };
        assert_eq!(count(&run), 4);
        assert_eq!(count(&format!("0 1 2{run}{}", mark(5, 8))), 4);
        assert_eq!(count(&format!("{run}9{run}")), 8);
        assert_eq!(count(&format!("{run}[{run}]")), 4);
        assert_eq!(count("5 0 R 6 0 R<</Type/OBJR/Obj 5 0 R>>"), 0);
        let element = |start: &str| format!("<<{start}/K[{run}]>>").into_bytes();
        assert_eq!(repeated_marks(&element("/Type/StructElem"), 0), 4);
        for start in ["/Type/Page", "", "/Type/StructElem/Type/StructElem", "/Type/StructElem/K 0"]
        {
            assert_eq!(repeated_marks(&element(start), 0), 0, "{start}");
        }
    }
}
