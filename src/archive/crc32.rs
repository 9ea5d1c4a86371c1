//! CRC-32 as ZIP uses it (ISO 3309). Eight bytes per step, since every PDF is summed when it is made.

/// The polynomial, with its bits reversed.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// For each distance from the end of a step, what each byte adds to the sum.
const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut distance = 1;
    while distance < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[distance - 1][byte];
            tables[distance][byte] = (before >> 8) ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        distance += 1;
    }
    tables
}

/// A CRC-32 that is computed part by part.
#[derive(Debug, Clone, Copy)]
pub struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc32 {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let mut sum = self.0;
        let mut steps = bytes.chunks_exact(8);
        for step in &mut steps {
            let mut next = 0;
            for (index, byte) in step.iter().enumerate() {
                let mixed = if index < 4 { byte ^ sum.to_le_bytes()[index] } else { *byte };
                next ^= TABLES[7 - index][usize::from(mixed)];
            }
            sum = next;
        }
        for byte in steps.remainder() {
            sum = (sum >> 8) ^ TABLES[0][usize::from(byte ^ sum.to_le_bytes()[0])];
        }
        self.0 = sum;
    }

    /// The sum of all bytes.
    pub fn sum(self) -> u32 {
        !self.0
    }
}

/// The CRC-32 of bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc32::default();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::{Crc32, crc32};

    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414F_A339);
        let mut crc = Crc32::default();
        for part in [&b"The quick br"[..], b"own fox jumps ", b"over the lazy dog"] {
            crc.update(part);
        }
        assert_eq!(crc.sum(), 0x414F_A339);
    }
}
