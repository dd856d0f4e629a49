//! Objects and lists of which every selected field is eager: read without a future and a context for each field. If a
//! field needs the viewer, an argument or the database, the execution library resolves the whole list.

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
};

use super::{meter::Metered, root::typed_like, size};

/// An object with preloaded fields. Each equals the result of its resolver; a test compares them.
pub(super) trait EagerFields: Send + Sync {
    /// Name of the object's type.
    const TYPE: &'static str;

    /// Returns the value of a field; `None` if the field needs its resolver.
    fn eager_field(&self, field: &str, inside: &[SelectedField<'_>]) -> Option<Value>;
}

/// A list of objects with eager fields.
pub(super) struct EagerList<T>(pub(super) Vec<T>);

/// An object with eager fields.
pub(super) struct EagerObject<T>(pub(super) T);

/// A selected field of an object.
pub(super) struct SelectedField<'q> {
    key: &'q Name,
    field: &'q str,
    /// The type of the fragment that selects it, if any.
    on: Option<&'q str>,
    inside: Vec<SelectedField<'q>>,
}

impl<T: OutputType + EagerFields> OutputType for EagerObject<T> {
    typed_like!(T);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let object = std::slice::from_ref(&self.0);
        match read_all(ctx, object, read)?.and_then(|mut objects| objects.pop()) {
            Some(object) => Ok(object),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

impl<T: OutputType + EagerFields> OutputType for EagerList<T> {
    typed_like!(Vec<T>);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match read_all(ctx, &self.0, read)? {
            Some(rows) => Ok(Value::List(rows)),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

/// Reads the selected fields of all objects; `None` if one of the fields is not eager. Counts the bytes of a metered
/// answer row by row.
pub(super) fn read_all<T>(
    ctx: &ContextSelectionSet<'_>,
    rows: &[T],
    read: fn(&T, &[SelectedField<'_>]) -> Option<Value>,
) -> ServerResult<Option<Vec<Value>>> {
    let mut wanted = Vec::new();
    if plan(ctx, &ctx.item.node, None, &mut wanted).is_none() {
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
    Ok(Some(values))
}

/// Reads the selected fields of an object; `None` if one of them is not eager.
pub(super) fn read<T: EagerFields>(object: &T, wanted: &[SelectedField<'_>]) -> Option<Value> {
    let mut fields = IndexMap::with_capacity(wanted.len());
    for SelectedField { key, field, on, inside } in wanted {
        if on.is_some_and(|on| on != T::TYPE) {
            return None;
        }
        let value = match *field {
            "__typename" => Value::from(T::TYPE),
            field => object.eager_field(field, inside)?,
        };
        fields.insert((*key).clone(), value);
    }
    Some(Value::Object(fields))
}

/// Adds the selected fields, those of fragments included; `None` if the selection is more than plain fields. `on` is the
/// type of the fragment around them, if any.
fn plan<'q>(
    ctx: &ContextSelectionSet<'q>,
    selected: &'q SelectionSet,
    on: Option<&'q str>,
    wanted: &mut Vec<SelectedField<'q>>,
) -> Option<()> {
    for selection in &selected.items {
        match &selection.node {
            Selection::Field(field) => {
                let field = selected_field(ctx, &field.node, on)?;
                if wanted.iter().any(|known| known.key == field.key) {
                    return None;
                }
                wanted.push(field);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = &ctx.query_env.fragments.get(&spread.node.fragment_name.node)?.node;
                let of = fragment.type_condition.node.on.node.as_str();
                if !spread.node.directives.is_empty() || on.is_some_and(|on| on != of) {
                    return None;
                }
                plan(ctx, &fragment.selection_set.node, Some(of), wanted)?;
            }
            Selection::InlineFragment(_) => return None,
        }
    }
    Some(())
}

/// Returns a field without arguments and directives, with the selection on its object.
fn selected_field<'q>(
    ctx: &ContextSelectionSet<'q>,
    field: &'q Field,
    on: Option<&'q str>,
) -> Option<SelectedField<'q>> {
    if !field.arguments.is_empty() || !field.directives.is_empty() {
        return None;
    }
    let mut inside = Vec::with_capacity(field.selection_set.node.items.len());
    plan(ctx, &field.selection_set.node, None, &mut inside)?;
    Some(SelectedField { key: &field.response_key().node, field: &field.name.node, on, inside })
}
