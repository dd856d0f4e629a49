//! Lists of which every selected field is eager: read without a future and a context for each field. If a
//! field needs the viewer, an argument or the database, the execution library resolves the whole list.

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
};

use super::{meter::Metered, paging::Node, root::typed_like, size};

/// An object that has some of its fields at hand. Each is what its resolver gives: a test compares them.
pub(super) trait EagerFields: Send + Sync {
    /// Name of the object's type.
    const TYPE: &'static str;

    /// Returns the value of a field; `None` if the field needs its resolver.
    fn eager_field(&self, field: &str, inside: &[SelectedField<'_>]) -> Option<Value>;
}

/// A list of objects with eager fields.
pub(super) struct EagerList<T>(pub(super) Vec<T>);

/// A selected field of an object.
pub(super) struct SelectedField<'q> {
    key: &'q Name,
    field: &'q str,
    inside: Vec<SelectedField<'q>>,
}

impl<T: OutputType + EagerFields> OutputType for EagerList<T> {
    typed_like!(Vec<T>);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match read_all(ctx, T::TYPE, &self.0, read)? {
            Some(rows) => Ok(rows),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

/// The objects of a page of a connection.
pub(super) struct EagerNodes<'a, T>(pub(super) &'a [T]);

impl<T: Node> OutputType for EagerNodes<'_, T> {
    typed_like!(Vec<T>);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let rows = T::EAGER.map_or(Ok(None), |read| read_all(ctx, T::NAME, self.0, read))?;
        match rows {
            Some(rows) => Ok(rows),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

/// Reads the selected fields of all objects; `None` if one of the fields is not eager. Counts the bytes of a metered
/// answer row by row.
fn read_all<T>(
    ctx: &ContextSelectionSet<'_>,
    of: &str,
    rows: &[T],
    read: fn(&T, &[SelectedField<'_>]) -> Option<Value>,
) -> ServerResult<Option<Value>> {
    let mut wanted = Vec::new();
    if plan(ctx, &ctx.item.node, of, &mut wanted).is_none() {
        return Ok(None);
    }
    let metered = ctx.data_opt::<Metered>();
    let (mut values, mut bytes) = (Vec::with_capacity(rows.len()), 0);
    for row in rows {
        let Some(value) = read(row, &wanted) else { return Ok(None) };
        if let Some(metered) = metered {
            bytes += size::of(&value);
            metered.check_further(bytes)?;
        }
        values.push(value);
    }
    // Counted at the end: a list that is not eager after all is counted by its fields.
    metered.map_or(Ok(()), |metered| metered.take(bytes))?;
    Ok(Some(Value::List(values)))
}

/// Reads the selected fields of an object; `None` if one of them is not eager.
pub(super) fn read<T: EagerFields>(object: &T, wanted: &[SelectedField<'_>]) -> Option<Value> {
    let mut fields = IndexMap::with_capacity(wanted.len());
    for SelectedField { key, field, inside } in wanted {
        let value = match *field {
            "__typename" => Value::from(T::TYPE),
            field => object.eager_field(field, inside)?,
        };
        fields.insert((*key).clone(), value);
    }
    Some(Value::Object(fields))
}

/// Returns the selected fields of a type; `None` if the selection is more than a list of plain fields.
fn plan<'q>(
    ctx: &ContextSelectionSet<'q>,
    selected: &'q SelectionSet,
    of: &str,
    wanted: &mut Vec<SelectedField<'q>>,
) -> Option<()> {
    for selection in &selected.items {
        match &selection.node {
            Selection::Field(field) => {
                let field = selected_field(&field.node)?;
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

/// Returns a field without arguments and directives, with the selection on its object.
fn selected_field(field: &Field) -> Option<SelectedField<'_>> {
    if !field.arguments.is_empty() || !field.directives.is_empty() {
        return None;
    }
    let inside = field.selection_set.node.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => selected_field(&field.node),
        _ => None,
    });
    let inside = inside.collect::<Option<Vec<_>>>()?;
    Some(SelectedField { key: &field.response_key().node, field: &field.name.node, inside })
}
