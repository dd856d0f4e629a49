//! Tokens of a document, as in the specification. Only the parser recurses, with a bound.

use async_graphql::Pos;

use super::text;

/// Maximum number of characters in a name.
pub const NAME: usize = 256;

/// Size of a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Number of names, numbers, strings and punctuation marks.
    pub tokens: usize,
    /// Maximum nesting of brackets of any kind.
    pub nesting: usize,
}

/// Measures a query in one pass, to its end or to the first invalid token.
pub fn scan(query: &str) -> Shape {
    let mut lexer = Lexer::new(query);
    let (mut shape, mut open) = (Shape::default(), 0_usize);
    while let Ok(token) = lexer.next_token() {
        match token.kind {
            Kind::End => break,
            Kind::Mark(b'(' | b'[' | b'{') => {
                open += 1;
                shape.nesting = shape.nesting.max(open);
            }
            Kind::Mark(b')' | b']' | b'}') => open = open.saturating_sub(1),
            _ => {}
        }
        shape.tokens += 1;
    }
    shape
}

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A punctuation mark.
    Mark(u8),
    /// `...`
    Spread,
    Name,
    Int,
    Float,
    /// A string without quotes, with escapes as written.
    Text,
    /// A block string without quotes, as written.
    Block,
    /// End of the document.
    End,
}

/// A token and its position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) pos: Pos,
}

/// A syntax error and its position.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) pos: Pos,
}

/// Reads the tokens of a text in linear time.
pub(super) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    /// Position of the byte `counted`.
    pos: Pos,
    counted: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, at: 0, pos: Pos { line: 1, column: 1 }, counted: 0 }
    }

    /// Returns the next token; at the end always [`Kind::End`].
    pub(super) fn next_token(&mut self) -> Result<Token<'a>, Fault> {
        self.skip_ignored();
        let start = self.at;
        let pos = self.pos_of(start);
        let Some(byte) = self.peek(0) else { return Ok(Token { kind: Kind::End, text: "", pos }) };
        let (kind, from, to) = match byte {
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}' => {
                self.at += 1;
                (Kind::Mark(byte), start, self.at)
            }
            b'.' if self.rest().starts_with("...") => {
                self.at += 3;
                (Kind::Spread, start, self.at)
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if self.at - start > NAME {
                    return Err(self.fault(start, format!("a name is longer than {NAME} characters")));
                }
                (Kind::Name, start, self.at)
            }
            b'-' | b'0'..=b'9' => (self.number(start)?, start, self.at),
            b'"' if self.rest().starts_with("\"\"\"") => {
                self.block_string(start)?;
                (Kind::Block, start + 3, self.at - 3)
            }
            b'"' => {
                self.string(start)?;
                (Kind::Text, start + 1, self.at - 1)
            }
            _ => return Err(self.unexpected(start)),
        };
        Ok(Token { kind, text: self.source.get(from..to).unwrap_or_default(), pos })
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.as_bytes().get(self.at + ahead).copied()
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn skip_ignored(&mut self) {
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => self.at += 1,
                Some(b'#') => self.skip_while(|byte| byte != b'\n' && byte != b'\r'),
                Some(0xEF) if self.rest().starts_with('\u{feff}') => self.at += 3,
                _ => return,
            }
        }
    }

    fn number(&mut self, start: usize) -> Result<Kind, Fault> {
        let mut kind = Kind::Int;
        if self.peek(0) == Some(b'-') {
            self.at += 1;
        }
        if self.peek(0) == Some(b'0') {
            self.at += 1;
            if self.peek(0).is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.fault(start, "a number has a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.peek(0) == Some(b'.') {
            kind = Kind::Float;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            kind = Kind::Float;
            self.at += 1;
            if matches!(self.peek(0), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek(0) {
            Some(b'.' | b'_' | b'a'..=b'z' | b'A'..=b'Z') => Err(self.unexpected(self.at)),
            _ => Ok(kind),
        }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.at == start { Err(self.unexpected(start)) } else { Ok(()) }
    }

    /// Skips the string that begins here.
    fn string(&mut self, start: usize) -> Result<(), Fault> {
        self.at += 1;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n' | b'\r'));
            match self.peek(0) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => match text::escape(self.rest()) {
                    Some((_, length)) => self.at += length,
                    None => return Err(self.fault(self.at, "this is not an escape sequence")),
                },
                _ => return Err(self.fault(start, "a string has no end")),
            }
        }
    }

    /// Skips the block string that begins here.
    fn block_string(&mut self, start: usize) -> Result<(), Fault> {
        self.at += 3;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\'));
            let rest = self.rest();
            if rest.is_empty() {
                return Err(self.fault(start, "a block string has no end"));
            }
            if rest.starts_with("\"\"\"") {
                self.at += 3;
                return Ok(());
            }
            self.at += if rest.starts_with("\\\"\"\"") { 4 } else { 1 };
        }
    }

    fn unexpected(&mut self, at: usize) -> Fault {
        let message = match self.source.get(at..).and_then(|rest| rest.chars().next()) {
            None => "the document ends too early".to_owned(),
            Some(found) if found.is_ascii_graphic() => format!("'{found}' is not expected here"),
            Some(found) => format!("U+{:04X} is not expected here", u32::from(found)),
        };
        self.fault(at, message)
    }

    fn fault(&mut self, at: usize, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), pos: self.pos_of(at) }
    }

    /// Returns the line and column of a byte, counted from the last requested position.
    fn pos_of(&mut self, at: usize) -> Pos {
        let bytes = self.source.as_bytes();
        while self.counted < at {
            match bytes.get(self.counted) {
                // The second byte of "\r\n" begins the line.
                Some(b'\r') if bytes.get(self.counted + 1) == Some(&b'\n') => {}
                Some(b'\n' | b'\r') => self.pos = Pos { line: self.pos.line + 1, column: 1 },
                Some(byte) if byte & 0xC0 != 0x80 => self.pos.column += 1,
                _ => {}
            }
            self.counted += 1;
        }
        self.pos
    }
}
