//! DER values as a tree, and random changes to it.

use crate::mutations::chance::Chance;

const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Tags that a changed value may get.
const TAGS: [u8; 16] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa1, 0x80, 0x24, 0x1f,
];

/// A value and those inside it.
#[derive(Clone)]
pub(super) struct Node {
    tag: u8,
    /// The byte before the value in a bit string.
    prefix: Vec<u8>,
    content: Content,
    length: Length,
}

#[derive(Clone)]
enum Content {
    Values(Vec<Node>),
    Bytes(Vec<u8>),
}

/// How a length is written.
#[derive(Clone, Copy)]
enum Length {
    Minimal,
    /// With four bytes.
    Long,
    Indefinite,
    /// Not the length of the content.
    Wrong(u32),
}

impl Node {
    /// Reads a value with all values inside, also those in octet strings and bit strings. Ignores what
    /// follows it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        Self::first(bytes).map(|(node, _)| node)
    }

    fn first(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&[tag, length], rest) = bytes.split_first_chunk()?;
        let n_digits = if length < 0x80 { 0 } else { usize::from(length & 0x7f) };
        let (digits, rest) = rest.split_at_checked(n_digits)?;
        let length = match digits {
            [] => usize::from(length),
            digits => digits.iter().fold(0, |all, digit| all << 8 | usize::from(*digit)),
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let n_prefix = usize::from(tag == BIT_STRING).min(length);
        let (prefix, inside) = content.split_at(n_prefix);
        let is_wrapping = [OCTET_STRING, BIT_STRING].contains(&tag);
        let may_contain = tag & 0x20 != 0 || (is_wrapping && inside.first() == Some(&SEQUENCE));
        let values = may_contain.then(|| Self::all(inside)).flatten();
        let content = values.map_or_else(|| Content::Bytes(inside.to_vec()), Content::Values);
        Some((Self { tag, prefix: prefix.to_vec(), content, length: Length::Minimal }, rest))
    }

    fn all(mut bytes: &[u8]) -> Option<Vec<Self>> {
        let mut values = Vec::new();
        while !bytes.is_empty() {
            let (value, rest) = Self::first(bytes)?;
            values.push(value);
            bytes = rest;
        }
        Some(values)
    }

    pub(super) fn written(&self) -> Vec<u8> {
        let mut content = self.prefix.clone();
        match &self.content {
            Content::Values(values) => values.iter().for_each(|it| content.extend(it.written())),
            Content::Bytes(bytes) => content.extend(bytes),
        }
        let length = u32::try_from(content.len()).expect("a short value");
        let mut bytes = vec![self.tag];
        match (self.length, length) {
            (Length::Minimal, 0..0x80) => bytes.push(content.len() as u8),
            (Length::Minimal, _) => {
                let digits = length.to_be_bytes();
                let n_zeros = digits.iter().take_while(|digit| **digit == 0).count();
                bytes.push(0x84 - n_zeros as u8);
                bytes.extend(&digits[n_zeros..]);
            }
            (Length::Long, _) => bytes.extend([&[0x84][..], &length.to_be_bytes()].concat()),
            (Length::Wrong(wrong), _) => {
                bytes.extend([&[0x84][..], &wrong.to_be_bytes()].concat());
            }
            (Length::Indefinite, _) => bytes.push(0x80),
        }
        bytes.extend(content);
        if matches!(self.length, Length::Indefinite) {
            bytes.extend([0, 0]);
        }
        bytes
    }

    fn n_nodes(&self) -> usize {
        match &self.content {
            Content::Values(values) => 1 + values.iter().map(Self::n_nodes).sum::<usize>(),
            Content::Bytes(_) => 1,
        }
    }

    /// The value with this number, from the outside to the inside.
    fn node(&mut self, number: usize) -> &mut Self {
        let mut left = number;
        if left == 0 || matches!(self.content, Content::Bytes(_)) {
            return self;
        }
        left -= 1;
        let Content::Values(values) = &mut self.content else { unreachable!("seen above") };
        for value in values {
            let n_nodes = value.n_nodes();
            if left < n_nodes {
                return value.node(left);
            }
            left -= n_nodes;
        }
        unreachable!("there is no value {number}")
    }

    fn random(&mut self, chance: &mut Chance) -> &mut Self {
        let number = chance.below(self.n_nodes());
        self.node(number)
    }

    /// Changes one value at random. It may be replaced by a value of a donor.
    pub(super) fn change(&mut self, chance: &mut Chance, donor: &mut Self) {
        let donated = donor.random(chance).clone();
        let node = self.random(chance);
        match chance.below(16) {
            0 => node.tag = *chance.choose(&TAGS),
            1 => node.tag ^= 1 << chance.below(8),
            2 => node.length = Length::Long,
            3 => node.length = Length::Indefinite,
            4 => {
                let near = u32::try_from(chance.below(300)).expect("a small number");
                node.length = Length::Wrong(*chance.choose(&[near, 1 << 24, u32::MAX]));
            }
            5 => node.content = Content::Bytes(Vec::new()),
            6 | 7 => *node = donated,
            8 => {
                let depth = *chance.choose(&[1, 2, 60]);
                (0..depth).for_each(|_| node.wrap());
            }
            _ => match &mut node.content {
                Content::Values(values) => change_values(values, chance, donated),
                Content::Bytes(bytes) => change_bytes(bytes, chance),
            },
        }
    }

    fn wrap(&mut self) {
        let inside = self.clone();
        self.content = Content::Values(vec![inside]);
        self.prefix.clear();
    }
}

fn change_values(values: &mut Vec<Node>, chance: &mut Chance, donated: Node) {
    let (from, to) = (chance.below(values.len()), chance.below(values.len()));
    match chance.below(6) {
        0 => values.insert(from, donated),
        _ if values.is_empty() => values.push(donated),
        1 => drop(values.remove(from)),
        2 => values.swap(from, to),
        3 => values.insert(to, values[from].clone()),
        4 => values.truncate(from),
        _ => {
            let copies = vec![values[from].clone(); *chance.choose(&[2, 40, 600])];
            values.splice(to..to, copies);
        }
    }
}

fn change_bytes(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    match chance.below(6) {
        0 => bytes.push(chance.byte()),
        _ if bytes.is_empty() => bytes.push(chance.byte()),
        1 => drop(bytes.remove(at)),
        2 => bytes.truncate(at),
        3 => bytes.fill(*chance.choose(&[0, 0xff, b'0', b'9'])),
        _ => bytes[at] ^= 1 << chance.below(8),
    }
}

#[test]
fn unchanged_values_are_written_as_they_were() {
    for name in ["b-t-1.p7s", "seal-4.der", "sub.crl", "ocsp-good.der", "p256-signer.der"] {
        let bytes = crate::containers::cases::file(name);
        let node = Node::read(&bytes).unwrap();
        assert!(node.n_nodes() > 20 && bytes.starts_with(&node.written()), "{name}");
    }
}
