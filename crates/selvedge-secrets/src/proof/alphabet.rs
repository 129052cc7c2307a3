//! The character sets that tokens are made of, shared by shapes, examples and generators.

/// A set of ASCII characters with the name that rule examples use for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// `0-9`
    Digits,
    /// `0-9a-f`
    Hex,
    /// `0-9A-F`
    HexUpper,
    /// `a-z`
    Lower,
    /// `A-Z`
    Upper,
    /// `A-Za-z`
    Alpha,
    /// `0-9A-Za-z`
    Alnum,
    /// `0-9a-z`
    LowerAlnum,
    /// `0-9A-Z`
    UpperAlnum,
    /// `A-Z2-7` (RFC 4648)
    Base32,
    /// `A-Za-z0-9+/` (RFC 4648)
    Base64,
    /// `A-Za-z0-9_-` (RFC 4648)
    Base64Url,
    /// Letters, digits and the punctuation that needs no quoting in common formats.
    Graph,
    /// `A-Za-z0-9_.~-`, what a URL holds unescaped (RFC 3986).
    Unreserved,
}

impl Alphabet {
    /// Every alphabet, in the order of their documentation.
    pub const ALL: [Self; 14] = [
        Self::Digits,
        Self::Hex,
        Self::HexUpper,
        Self::Lower,
        Self::Upper,
        Self::Alpha,
        Self::Alnum,
        Self::LowerAlnum,
        Self::UpperAlnum,
        Self::Base32,
        Self::Base64,
        Self::Base64Url,
        Self::Graph,
        Self::Unreserved,
    ];

    /// The name in an example template.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Hex => "hex",
            Self::HexUpper => "HEX",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Alpha => "alpha",
            Self::Alnum => "alnum",
            Self::LowerAlnum => "loweralnum",
            Self::UpperAlnum => "upperalnum",
            Self::Base32 => "base32",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Graph => "graph",
            Self::Unreserved => "unreserved",
        }
    }

    /// The alphabet of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alphabet| alphabet.name() == name)
    }

    /// The characters; order matters only to generators.
    pub fn letters(self) -> &'static [u8] {
        match self {
            Self::Digits => b"0123456789",
            Self::Hex => b"0123456789abcdef",
            Self::HexUpper => b"0123456789ABCDEF",
            Self::Lower => b"abcdefghijklmnopqrstuvwxyz",
            Self::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Self::Alpha => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            Self::Alnum => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            Self::LowerAlnum => b"0123456789abcdefghijklmnopqrstuvwxyz",
            Self::UpperAlnum => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Self::Base32 => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            Self::Base64 => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            Self::Base64Url => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            Self::Graph => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#%&*+-.?^_~",
            Self::Unreserved => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~",
        }
    }

    /// Whether `byte` belongs to it.
    pub fn contains(self, byte: u8) -> bool {
        self.letters().contains(&byte)
    }
}
