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
        if let Some(rest) = line.strip_prefix("type ") {
            in_root = ["Query {", "Mutation {"].contains(&rest);
        }
        // Arguments and their descriptions are indented further; a description of a field does not end so.
        let is_field = in_root && line.starts_with('\t') && !line.starts_with("\t\t") && line.contains(':');
        let (field, directives) = line.split_at(line.find(" @").unwrap_or(line.len()));
        let field = field.strip_suffix('!').filter(|_| is_field).unwrap_or(field);
        format!("{field}{directives}\n")
    };
    sdl.lines().map(line).collect()
}
