//! Size of introspection results: walks the selections over the schema, as the library does.

use async_graphql::{
    Value as ConstValue, Variables,
    parser::types::{BaseType, Field, OperationType, Selection, SelectionSet, Type},
};

use super::model::{FieldDef, InputDef, Kind, Model, TypeDef};

/// Counting stops here: no limit is higher.
const MAX_COUNT: usize = 1_000_000;
/// Maximum number of directives in a schema.
const DIRECTIVES: usize = 8;
/// Maximum number of locations of a directive.
const LOCATIONS: usize = 10;

/// Size of the result of an introspection field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) fields: usize,
    /// Whether the number depends on variables.
    pub(super) varies: bool,
}

/// Returns the number of fields that `__schema` or `__type` returns; `None` for other fields.
pub(super) fn fields(model: &Model, field: &Field, variables: &Variables) -> Option<Found> {
    let mut count = Count { model, fields: 0 };
    let set = &field.selection_set.node;
    let mut varies = false;
    match field.name.node.as_str() {
        "__schema" => count.schema(set),
        "__type" => {
            let name = field.get_argument("name")?.node.clone().into_const_with(|variable| {
                varies = true;
                variables.get(&variable).cloned().ok_or(())
            });
            if let Ok(ConstValue::String(name)) = name
                && let Some(ty) = model.find_type(&name)
            {
                count.named(ty, set);
            }
        }
        _ => return None,
    }
    Some(Found { fields: count.fields.saturating_add(1), varies })
}

struct Count<'a> {
    model: &'a Model,
    fields: usize,
}

impl Count<'_> {
    /// Visits each field of a selection until the count exceeds the maximum.
    fn each(&mut self, set: &SelectionSet, inner: &mut dyn FnMut(&mut Self, &Field)) {
        for selection in &set.items {
            if self.fields > MAX_COUNT {
                return;
            }
            match &selection.node {
                Selection::Field(field) => {
                    self.fields += 1;
                    inner(self, &field.node);
                }
                Selection::InlineFragment(inline) => self.each(&inline.node.selection_set.node, inner),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn schema(&mut self, set: &SelectionSet) {
        let model = self.model;
        self.each(set, &mut |count, field| {
            let set = &field.selection_set.node;
            match field.name.node.as_str() {
                "types" => model.all_types().for_each(|ty| count.named(ty, set)),
                "queryType" | "mutationType" | "subscriptionType" => {
                    let operation = match field.name.node.as_str() {
                        "queryType" => OperationType::Query,
                        "mutationType" => OperationType::Mutation,
                        _ => OperationType::Subscription,
                    };
                    if let Some(ty) = model.root(operation) {
                        count.named(ty, set);
                    }
                }
                "directives" => (0..DIRECTIVES).for_each(|_| count.directive(set)),
                _ => {}
            }
        });
    }

    fn directive(&mut self, set: &SelectionSet) {
        self.each(set, &mut |count, field| match field.name.node.as_str() {
            "locations" => count.fields += LOCATIONS,
            // `if: Boolean!`, `url: String!`, `reason: String`.
            "args" => count.leaf_argument(&field.selection_set.node),
            _ => {}
        });
    }

    fn leaf_argument(&mut self, set: &SelectionSet) {
        let ty = Type::new("String!");
        let name = String::new();
        if let Some(ty) = ty {
            let argument = InputDef { name, description: None, ty, default: None };
            self.input(&argument, set);
        }
    }

    /// Counts a named type.
    fn named(&mut self, ty: &TypeDef, set: &SelectionSet) {
        self.each(set, &mut |count, field| {
            let set = &field.selection_set.node;
            match (field.name.node.as_str(), &ty.kind) {
                ("fields", Kind::Object { fields, .. } | Kind::Interface { fields, .. }) => {
                    fields.values().for_each(|field| count.field(field, set));
                }
                ("interfaces", Kind::Object { implements, .. } | Kind::Interface { implements, .. }) => {
                    implements.iter().for_each(|name| count.by_name(name, set));
                }
                ("possibleTypes", Kind::Interface { .. } | Kind::Union { .. }) => {
                    count.model.possible(&ty.name).iter().for_each(|name| count.by_name(name, set));
                }
                ("enumValues", Kind::Enum(values)) => {
                    values.iter().for_each(|_| count.each(set, &mut |_, _| {}));
                }
                ("inputFields", Kind::Input { fields, .. }) => {
                    fields.values().for_each(|field| count.input(field, set));
                }
                _ => {}
            }
        });
    }

    fn by_name(&mut self, name: &str, set: &SelectionSet) {
        if let Some(ty) = self.model.find_type(name) {
            self.named(ty, set);
        }
    }

    fn field(&mut self, definition: &FieldDef, set: &SelectionSet) {
        self.each(set, &mut |count, field| {
            let set = &field.selection_set.node;
            match field.name.node.as_str() {
                "args" => definition.arguments.values().for_each(|argument| count.input(argument, set)),
                "type" => count.ty(&definition.ty, set),
                _ => {}
            }
        });
    }

    fn input(&mut self, definition: &InputDef, set: &SelectionSet) {
        self.each(set, &mut |count, field| {
            if field.name.node == "type" {
                count.ty(&definition.ty, &field.selection_set.node);
            }
        });
    }

    /// Counts a type with its wrappers; each `ofType` removes one.
    fn ty(&mut self, ty: &Type, set: &SelectionSet) {
        let inner = match &ty.base {
            _ if !ty.nullable => Some(Type { base: ty.base.clone(), nullable: true }),
            BaseType::List(item) => Some((**item).clone()),
            BaseType::Named(name) => return self.by_name(name, set),
        };
        self.each(set, &mut |count, field| {
            if field.name.node == "ofType"
                && let Some(inner) = &inner
            {
                count.ty(inner, &field.selection_set.node);
            }
        });
    }
}
