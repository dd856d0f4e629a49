//! Lists whose rows have all that is selected at hand: read in one go, without a future and a context for each field.
//! Whatever needs the viewer, an argument or the database is left to the execution library, for the whole list.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};

/// An object that has some of its fields at hand. Each is what its resolver gives: a test compares them.
pub(super) trait AtHand: Send + Sync {
    /// The object's type.
    const TYPE: &'static str;

    /// The value of a field; none where it is not at hand.
    fn part(&self, field: &str, inside: &[Wanted<'_>]) -> Option<Value>;
}

/// A list of objects that have some of their fields at hand.
pub(super) struct Rows<T>(pub(super) Vec<T>);

/// A field that was asked for.
pub(super) struct Wanted<'q> {
    key: &'q Name,
    field: &'q str,
    inside: Vec<Wanted<'q>>,
}

impl<T: OutputType + AtHand> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut wanted = Vec::new();
        if plan(ctx, &ctx.item.node, T::TYPE, &mut wanted).is_some() {
            let rows: Option<Vec<Value>> = self.0.iter().map(|row| read(row, &wanted)).collect();
            if let Some(rows) = rows {
                return Ok(Value::List(rows));
            }
        }
        self.0.resolve(ctx, field).await
    }
}

/// The fields of an object, as they are selected; none where one of them is not at hand.
pub(super) fn read<T: AtHand>(object: &T, wanted: &[Wanted<'_>]) -> Option<Value> {
    let mut fields = IndexMap::with_capacity(wanted.len());
    for Wanted { key, field, inside } in wanted {
        let value = match *field {
            "__typename" => Value::from(T::TYPE),
            field => object.part(field, inside)?,
        };
        fields.insert((*key).clone(), value);
    }
    Some(Value::Object(fields))
}

/// The fields that are selected of a type; none where that is not simply a list of them.
fn plan<'q>(
    ctx: &ContextSelectionSet<'q>,
    selected: &'q SelectionSet,
    of: &str,
    wanted: &mut Vec<Wanted<'q>>,
) -> Option<()> {
    for selection in &selected.items {
        match &selection.node {
            Selection::Field(field) => {
                let field = wish(&field.node)?;
                if wanted.iter().any(|known| known.key == field.key) {
                    return None;
                }
                wanted.push(field);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = &ctx.query_env.fragments.get(&spread.node.fragment_name.node)?.node;
                if !spread.node.directives.is_empty() || fragment.type_condition.node.on.node != of {
                    return None;
                }
                plan(ctx, &fragment.selection_set.node, of, wanted)?;
            }
            Selection::InlineFragment(_) => return None,
        }
    }
    Some(())
}

/// A field without arguments and directives, and those of the object that it is.
fn wish(field: &Field) -> Option<Wanted<'_>> {
    if !field.arguments.is_empty() || !field.directives.is_empty() {
        return None;
    }
    let inside = field.selection_set.node.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => wish(&field.node),
        _ => None,
    });
    let inside = inside.collect::<Option<Vec<_>>>()?;
    Some(Wanted { key: &field.response_key().node, field: &field.name.node, inside })
}
