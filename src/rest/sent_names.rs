//! Names of values in the schema and in requests. A refusal by the domain names a value as the schema does; a REST
//! client knows only the name that it sent.

use super::{
    binding::{Binding, ParameterLocation, WHOLE},
    request_parts::RequestParts,
};
use crate::transport::Refusal;

/// Names of the values of a route.
#[derive(Default)]
pub(super) struct SentNames(Vec<SentName>);

/// A value with the name that the schema gives it, and the names under which a request can send it.
struct SentName {
    member: String,
    sent: Vec<String>,
}

/// Names of the values of one request that differ from the usual ones: position among the route's names, and name.
pub(super) type OtherNames = Vec<(usize, String)>;

impl SentNames {
    /// Returns the names of these bindings. `describe` returns the schema's name of a variable.
    pub fn of(bindings: &[Binding], describe: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut names = Self::default();
        for binding in bindings {
            match &binding.place {
                ParameterLocation::Whole(members) => {
                    members.iter().for_each(|member| names.add(member, member.name.to_string()));
                }
                _ => {
                    let member = describe(&binding.name).unwrap_or_else(|| binding.name.to_string());
                    names.add(binding, member);
                }
            }
        }
        names
    }

    fn add(&mut self, binding: &Binding, member: String) {
        let sent = match &binding.place {
            ParameterLocation::Path { name, .. } => vec![name.clone()],
            ParameterLocation::Query(names) | ParameterLocation::Body(names) => names.clone(),
            ParameterLocation::Header(header) => vec![header.to_string()],
            ParameterLocation::Whole(_) => return,
        };
        if sent.len() > 1 || sent.first() != Some(&member) {
            self.0.push(SentName { member, sent });
        }
    }

    /// Returns the names that this request uses instead of the usual ones.
    pub fn others(&self, request: &RequestParts<'_>) -> OtherNames {
        let is_sent = |name: &&String| {
            let has = |pairs: &[(String, String)]| pairs.iter().any(|(key, _)| key == *name);
            request.body.contains_key(name.as_str()) || has(&request.query) || has(&request.form)
        };
        let others = self.0.iter().enumerate().filter(|(_, name)| name.sent.len() > 1);
        let others = others.filter_map(|(index, name)| {
            let sent = name.sent.iter().find(is_sent)?;
            (name.sent.first() != Some(sent)).then(|| (index, sent.clone()))
        });
        others.collect()
    }

    /// Names the refused value as the request does.
    pub fn apply(&self, others: &OtherNames, mut refusal: Refusal) -> Refusal {
        let Some(field) = refusal.field.take() else { return refusal };
        let (root, rest) = field.split_at(field.find(['.', '[']).unwrap_or(field.len()));
        let found = self.0.iter().enumerate().find(|(_, name)| name.member == root);
        let Some((index, name)) = found else {
            // The argument of the whole input has no name in a request.
            refusal.field = (field != WHOLE).then_some(field);
            return refusal;
        };
        let other = others.iter().find(|(other, _)| *other == index).map(|(_, sent)| sent);
        let Some(sent) = other.or_else(|| name.sent.first()) else { return refusal };
        refusal.message = renamed(&refusal.message, root, sent);
        refusal.field = Some(format!("{sent}{rest}"));
        refusal
    }
}

/// Replaces the word `from` in a message.
fn renamed(message: &str, from: &str, to: &str) -> String {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut written = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(from) {
        let (before, behind) = (&rest[..at], &rest[at + from.len()..]);
        let is_word = !before.ends_with(is_letter) && !behind.starts_with(is_letter);
        written.push_str(before);
        written.push_str(if is_word { to } else { from });
        rest = behind;
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn only_whole_words_are_renamed() {
        assert_eq!(
            renamed("first must be 0 to 50; firstly", "first", "limit"),
            "limit must be 0 to 50; firstly"
        );
        assert_eq!(renamed("\"kind\" and kinds", "kind", "type"), "\"type\" and kinds");
    }
}
