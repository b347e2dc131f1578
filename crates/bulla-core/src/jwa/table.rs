//! What every table of algorithms is asked for, written once.

/// Gives an enum of algorithms its look-ups in `TABLE`, whose rows stand in the order of the variants.
macro_rules! lookups {
    ($(#[$example:meta])* $alg:ident, $facts:ident) => {
        impl $alg {
            /// The table: a row an algorithm, families together.
            #[must_use]
            pub fn table() -> &'static [$facts] {
                &TABLE
            }

            /// The row of the table.
            #[must_use]
            pub fn facts(self) -> &'static $facts {
                // The rows stand in the order of the variants; `every_variant_finds_its_own_row` proves it.
                #[allow(clippy::indexing_slicing, reason = "one row a variant, checked by a test")]
                &TABLE[self as usize]
            }

            /// The registered name.
            #[must_use]
            pub fn name(self) -> &'static AlgName {
                &self.facts().name
            }

            /// The algorithm of this exact name, if there is one.
            ///
            $(#[$example])*
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                TABLE.iter().find(|row| row.name.as_str() == name).map(|row| row.alg)
            }
        }

        impl core::fmt::Display for $alg {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name().as_str())
            }
        }

        #[cfg(test)]
        mod tests {
            use super::*;

            #[test]
            fn every_variant_finds_its_own_row() {
                for (index, row) in TABLE.iter().enumerate() {
                    assert_eq!(row.alg as usize, index, "{}", row.name);
                    assert_eq!(row.alg.facts().alg, row.alg);
                    assert_eq!($alg::from_name(row.name.as_str()), Some(row.alg));
                }
            }
        }
    };
}

pub(super) use lookups;
