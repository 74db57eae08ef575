//! Closed enumerations whose variants are known by a fixed text.

use std::fmt;

/// A text that is none of the names of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// Kind of the name, such as `booking flow`.
    pub what: &'static str,
    /// The text that was given.
    pub given: String,
    /// The nearest name, when one is near enough to be meant.
    pub closest: Option<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`", self.what, self.given)?;
        match self.closest {
            Some(name) => write!(f, " (did you mean `{name}`?)"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

/// Declares an enumeration, its list of all variants in order, and the conversions to and from its names.
#[macro_export]
macro_rules! named_enumeration {
    ($(#[$meta:meta])* $what:literal $vis:vis enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[$vmeta])* $variant, )+
        }

        #[allow(dead_code, reason = "each enumeration uses what it needs of these")]
        impl $name {
            /// Every variant, in the order of declaration.
            $vis const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The exact name, as it is written in configuration, feature files and identifiers.
            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownName;

            fn from_str(given: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.name() == given).ok_or_else(|| {
                    $crate::vocabulary::UnknownName {
                        what: $what,
                        given: given.to_owned(),
                        closest: $crate::vocabulary::closest(given, Self::ALL.iter().map(|known| known.name())),
                    }
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub use named_enumeration;
