//! Roots whose fields fail one by one: a refusal makes its field null and keeps the results of the others.

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
};

/// Takes the type of an output from another one.
macro_rules! typed_like {
    ($other:ty) => {
        fn type_name() -> std::borrow::Cow<'static, str> {
            <$other as async_graphql::OutputType>::type_name()
        }

        fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
            <$other as async_graphql::OutputType>::create_type_info(registry)
        }
    };
}

pub(super) use typed_like;

/// A root with nullable fields. Their types in the library are not null; `with_nullable_fields` prints them as
/// clients see them.
#[derive(Default)]
pub struct Root<T>(T);

impl<T: ObjectType> ContainerType for Root<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await.or_else(|error| {
            ctx.add_error(error);
            Ok(Some(Value::Null))
        })
    }
}

impl<T: ObjectType> OutputType for Root<T> {
    typed_like!(T);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ObjectType for Root<T> {}

/// Returns the text of the schema with nullable fields of `Query` and `Mutation`.
pub(super) fn with_nullable_fields(sdl: &str) -> String {
    let mut in_root = false;
    let line = |line: &str| {
        // A definition begins at the margin, as does the description before it.
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            in_root = ["type Query {", "type Mutation {"].contains(&line);
        }
        // Arguments and their descriptions are indented further; a description of a field does not end so.
        let is_field = in_root && line.starts_with('\t') && !line.starts_with("\t\t") && line.contains(':');
        let (field, directives) = line.split_at(line.find(" @").unwrap_or(line.len()));
        let field = field.strip_suffix('!').filter(|_| is_field).unwrap_or(field);
        format!("{field}{directives}\n")
    };
    sdl.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_of_roots_become_nullable() {
        let sdl = "type Query {\n\t\"\"\"\n\tOne: it.\n\t\"\"\"\n\tone(\n\t\tid: ID!\n\t): One!\n\ttwo: Two! @deprecated\n}\n\n\"\"\"\nInput.\n\"\"\"\ninput Rate {\n\tid: ID!\n}\n\ntype Mutation {\n\tthree: Int!\n}\n\nunion U = A\n";
        let wanted = sdl
            .replace("): One!", "): One")
            .replace("two: Two!", "two: Two")
            .replace("three: Int!", "three: Int");
        assert_eq!(with_nullable_fields(sdl), wanted);
    }
}
