//! The versions of the libraries that decide the bytes of a filing.

/// The library that typesets, the one that writes the PDF, the one that finds the words of titles, and
/// the one that compresses streams, which the features of flate2 select. A test compares them with
/// `Cargo.lock`, another the bytes of the last one.
pub const LIBRARIES: [(&str, &str); 4] =
    [("typst", "0.15.1"), ("krilla", "0.8.2"), ("jieba-rs", "0.11.0"), ("zlib-rs", "0.6.8")];

#[cfg(test)]
mod tests {
    use super::LIBRARIES;

    /// The versions of a package in `Cargo.lock`.
    fn locked(package: &str) -> Vec<&'static str> {
        let lock = include_str!("../../../Cargo.lock");
        let name = format!("name = \"{package}\"");
        let packages = lock.split("[[package]]").filter(|one| one.lines().any(|line| line == name));
        let version = |one: &'static str| one.split("version = \"").nth(1)?.split('"').next();
        packages.filter_map(version).collect()
    }

    #[test]
    fn the_versions_are_the_locked_ones() {
        for (package, version) in LIBRARIES {
            assert_eq!(locked(package), [version], "{package}");
        }
    }
}
