//! Joins halves of surrogate pairs that a server has split between pieces.

/// Joins pieces of UTF-8 that may begin or end with half a surrogate pair.
#[derive(Default)]
pub(super) struct Surrogates {
    /// The first half of a pair that the next piece completes.
    first: Option<u32>,
}

impl Surrogates {
    /// Returns the text of the next piece; a single half becomes a replacement character.
    pub(super) fn push(&mut self, piece: &[u8]) -> String {
        let mut text = String::with_capacity(piece.len());
        let mut rest = piece;
        while !rest.is_empty() {
            let valid = std::str::from_utf8(rest).map_or_else(|error| error.valid_up_to(), |_| rest.len());
            let (fine, odd) = rest.split_at(valid);
            if !fine.is_empty() {
                self.end(&mut text);
                text.push_str(&String::from_utf8_lossy(fine));
            }
            rest = match odd {
                [0xed, high @ 0xa0..=0xbf, low @ 0x80..=0xbf, behind @ ..] => {
                    self.half(0xd000 | (u32::from(high & 0x3f) << 6) | u32::from(low & 0x3f), &mut text);
                    behind
                }
                [_, behind @ ..] => {
                    self.end(&mut text);
                    text.push(char::REPLACEMENT_CHARACTER);
                    behind
                }
                [] => odd,
            };
        }
        text
    }

    /// Returns the remaining text at the end.
    pub(super) fn finish(&mut self) -> String {
        let mut text = String::new();
        self.end(&mut text);
        text
    }

    fn half(&mut self, half: u32, text: &mut String) {
        if half < 0xdc00 {
            self.end(text);
            self.first = Some(half);
            return;
        }
        let pair = self.first.take().map(|first| 0x10000 + ((first - 0xd800) << 10) + (half - 0xdc00));
        text.push(pair.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn end(&mut self, text: &mut String) {
        if self.first.take().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_joined() {
        let (first, second) = (b"\xed\xa0\xbd".as_slice(), b"\xed\xb8\x80".as_slice());
        for (pieces, wanted) in [
            (vec![b"a\xed\xa0\xbd".as_slice(), b"\xed\xb8\x80b"], "a😀b"),
            (vec![first, b"", second], "😀"),
            (vec![first], "\u{fffd}"),
            (vec![second], "\u{fffd}"),
            (vec![first, b"x", second], "\u{fffd}x\u{fffd}"),
            (vec![first, first, second], "\u{fffd}😀"),
            (vec!["é東😀".as_bytes()], "é東😀"),
            (vec![b"a\xff"], "a\u{fffd}"),
        ] {
            let mut surrogates = Surrogates::default();
            let mut text: String = pieces.iter().map(|piece| surrogates.push(piece)).collect();
            text += &surrogates.finish();
            assert_eq!(text, wanted, "{pieces:?}");
        }
    }
}
