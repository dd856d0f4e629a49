//! The schema as a model for GraphQL and REST: types, fields, arguments and interfaces, read from SDL.

mod bounds;
mod read;
mod type_def;

use std::collections::HashMap;

use anyhow::Context;
use async_graphql::{
    indexmap::IndexMap,
    parser::{
        parse_schema,
        types::{OperationType, TypeSystemDefinition},
    },
};

pub use bounds::Bounds;
pub use type_def::{EnumValueDef, FieldDef, InputDef, Kind, TypeDef, named};

use read::read_definition;

/// Built-in scalars, which every schema has.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// SDL of the introspection types and fields, which every schema has.
const INTROSPECTION: &str = include_str!("../introspection.graphql");
/// Type in that SDL whose fields belong to the roots; not a type of the schema.
const META: &str = "__Root";

/// A schema. Introspection types can be found by name but are not listed.
#[derive(Debug)]
pub struct Model {
    types: IndexMap<String, TypeDef>,
    meta: IndexMap<String, TypeDef>,
    /// Bounds of input values, by `Input.member` or `Type.field.argument`.
    inputs: HashMap<String, Bounds>,
    /// Maximum numbers of rows of lists without pages, by `Type.field`.
    bounds: HashMap<String, usize>,
    /// Default and maximum rows per page of lists whose pages differ from the usual ones.
    pages: HashMap<String, (usize, usize)>,
    /// Numbers of fields that costly fields count as.
    costly: HashMap<String, usize>,
    /// Arguments that make fields costly, with the numbers of fields that these then count as.
    costly_arguments: HashMap<String, (String, usize)>,
    /// Maximum numbers of bytes of long texts.
    long: HashMap<String, usize>,
    query: String,
    mutation: String,
    subscription: String,
    /// Object types of each object, interface and union; looked up for every abstract selection.
    possible: HashMap<String, Vec<String>>,
}

impl Model {
    /// Reads a schema from SDL.
    ///
    /// # Errors
    ///
    /// Fails if the text is not SDL.
    pub fn from_sdl(sdl: &str) -> anyhow::Result<Self> {
        let document = parse_schema(sdl).context("the schema's SDL cannot be read")?;
        let introspection = parse_schema(INTROSPECTION).context("the types of introspection")?;
        let mut model = Self {
            types: IndexMap::new(),
            meta: introspection.definitions.into_iter().filter_map(read_definition).collect(),
            inputs: HashMap::new(),
            bounds: HashMap::new(),
            pages: HashMap::new(),
            costly: HashMap::new(),
            costly_arguments: HashMap::new(),
            long: HashMap::new(),
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
            possible: HashMap::new(),
        };
        for name in BUILT_IN {
            let scalar = TypeDef { name: name.to_owned(), description: None, kind: Kind::Scalar };
            model.types.insert(name.to_owned(), scalar);
        }
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    let schema = schema.node;
                    let roots = [
                        (schema.query, &mut model.query),
                        (schema.mutation, &mut model.mutation),
                        (schema.subscription, &mut model.subscription),
                    ];
                    for (name, root) in roots {
                        if let Some(name) = name {
                            *root = name.node.to_string();
                        }
                    }
                }
                other => model.types.extend(read_definition(other)),
            }
        }
        let all = model.types.values().chain(model.meta.values());
        model.possible = all.map(|ty| (ty.name.clone(), model.concrete(ty))).collect();
        Ok(model)
    }

    /// Adds the maximum numbers of rows of lists without pages, as (`Type.field`, rows).
    #[must_use]
    pub fn with_bounds<'a>(mut self, bounds: impl IntoIterator<Item = &'a (&'a str, usize)>) -> Self {
        self.bounds = bounds.into_iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        self
    }

    /// Adds the bounds of input values, as (`Input.member` or `Type.field.argument`, bounds).
    #[must_use]
    pub fn with_inputs<'a>(mut self, inputs: impl IntoIterator<Item = &'a (&'a str, Bounds)>) -> Self {
        self.inputs = inputs.into_iter().map(|(name, bounds)| ((*name).to_owned(), bounds.clone())).collect();
        self
    }

    /// Adds the lists whose pages differ from the usual ones, as (`Type.field`, default rows, maximum rows).
    #[must_use]
    pub fn with_pages<'a>(mut self, pages: impl IntoIterator<Item = &'a (&'a str, usize, usize)>) -> Self {
        self.pages =
            pages.into_iter().map(|(name, usual, most)| ((*name).to_owned(), (*usual, *most))).collect();
        self
    }

    /// Adds the costly fields, as (`Type.field`, number of fields).
    #[must_use]
    pub fn with_costly<'a>(mut self, costly: impl IntoIterator<Item = &'a (&'a str, usize)>) -> Self {
        self.costly = costly.into_iter().map(|(name, fields)| ((*name).to_owned(), *fields)).collect();
        self
    }

    /// Adds the arguments that make fields costly, as (`Type.field`, argument, number of fields).
    #[must_use]
    pub fn with_costly_arguments<'a>(
        mut self,
        costly: impl IntoIterator<Item = &'a (&'a str, &'a str, usize)>,
    ) -> Self {
        let entries = costly.into_iter();
        self.costly_arguments = entries
            .map(|(name, argument, fields)| ((*name).to_owned(), ((*argument).to_owned(), *fields)))
            .collect();
        self
    }

    /// Adds the long texts, as (`Type.field`, bytes).
    #[must_use]
    pub fn with_long<'a>(mut self, long: impl IntoIterator<Item = &'a (&'a str, usize)>) -> Self {
        self.long = long.into_iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        self
    }

    /// Returns the maximum number of bytes of a leaf in a response.
    pub(super) fn leaf_bytes(&self, parent: &str, field: &str, scalar: &str) -> usize {
        match scalar {
            "JSON" => 64 * 1024,
            "String" => self.long.get(&format!("{parent}.{field}")).copied().unwrap_or(8 * 1024),
            "Url" => 4 * 1024,
            "ID" => 256,
            _ => 64,
        }
    }

    /// Returns the default and maximum rows per page of a list; `None` if they are the usual ones.
    pub(super) fn page(&self, parent: &str, field: &str) -> Option<(usize, usize)> {
        self.pages.get(&format!("{parent}.{field}")).copied()
    }

    /// Returns the number of fields that a field counts as, without its selections.
    pub(super) fn weight(&self, parent: &str, field: &str) -> usize {
        self.costly.get(&format!("{parent}.{field}")).copied().unwrap_or(1)
    }

    /// Returns the argument that makes a field costly, and the number of fields that it then counts as.
    pub(super) fn costly_argument(&self, parent: &str, field: &str) -> Option<(&str, usize)> {
        let (argument, fields) = self.costly_arguments.get(&format!("{parent}.{field}"))?;
        Some((argument, *fields))
    }

    /// Returns the bounds of a member of an input object, or of an argument of `Type.field`, if declared.
    pub fn input_bounds(&self, of: &str, name: &str) -> Option<&Bounds> {
        self.inputs.get(&format!("{of}.{name}"))
    }

    /// Returns the names of all input values with bounds.
    pub fn bounded_inputs(&self) -> impl Iterator<Item = &str> {
        self.inputs.keys().map(String::as_str)
    }

    /// Returns the maximum number of rows of a list without pages, if declared.
    pub fn bound(&self, parent: &str, field: &str) -> Option<usize> {
        self.bounds.get(&format!("{parent}.{field}")).copied()
    }

    /// Finds a type by name, including introspection types.
    pub fn find_type(&self, name: &str) -> Option<&TypeDef> {
        self.types.get(name).or_else(|| self.meta.get(name).filter(|_| name != META))
    }

    /// Returns all types, introspection types last.
    pub(super) fn all_types(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.values().chain(self.meta.values().filter(|ty| ty.name != META))
    }

    /// Returns a field as a document can select it: includes `__typename` on all composite types, and
    /// `__schema` and `__type` on the root of queries.
    pub(super) fn selectable<'a>(&'a self, parent: &'a TypeDef, name: &str) -> Option<&'a FieldDef> {
        if let Some(field) = self.field(parent, name) {
            return Some(field);
        }
        let of_all = name == "__typename" && parent.is_composite();
        let of_root = matches!(name, "__schema" | "__type") && parent.name == self.query;
        let meta = self.meta.get(META).filter(|_| of_all || of_root)?;
        self.field(meta, name)
    }

    /// Returns the root type of an operation; `None` if the schema has no such operations.
    pub fn root(&self, operation: OperationType) -> Option<&TypeDef> {
        self.find_type(match operation {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        })
    }

    /// Returns a declared field of an object or interface; `None` for `__typename`, `__schema` and `__type`.
    pub fn field<'a>(&'a self, parent: &'a TypeDef, name: &str) -> Option<&'a FieldDef> {
        match &parent.kind {
            Kind::Object { fields, .. } | Kind::Interface { fields, .. } => fields.get(name),
            _ => None,
        }
    }

    /// Returns the sorted object types that a value of this type can have; for an object type, itself.
    pub fn possible_types(&self, name: &str) -> Vec<&str> {
        self.possible(name).iter().map(String::as_str).collect()
    }

    /// Returns the names of all types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// Like `possible_types`, without a copy.
    pub(super) fn possible(&self, name: &str) -> &[String] {
        self.possible.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns whether an object of this concrete type satisfies a type condition.
    pub(super) fn satisfies(&self, concrete: &str, condition: &str) -> bool {
        concrete == condition || self.possible(condition).iter().any(|name| name == concrete)
    }

    fn concrete(&self, ty: &TypeDef) -> Vec<String> {
        let mut names = match &ty.kind {
            Kind::Object { .. } => vec![ty.name.clone()],
            Kind::Union { members } => members.clone(),
            Kind::Interface { .. } => self
                .types
                .values()
                .filter(|other| matches!(other.kind, Kind::Object { .. }))
                .filter(|other| self.implements(other, &ty.name, self.types.len()))
                .map(|other| other.name.clone())
                .collect(),
            _ => Vec::new(),
        };
        names.sort();
        names
    }

    /// `steps` ends the search if interfaces implement each other in a circle.
    fn implements(&self, ty: &TypeDef, interface: &str, steps: usize) -> bool {
        let (Kind::Object { implements, .. } | Kind::Interface { implements, .. }) = &ty.kind else {
            return false;
        };
        implements.iter().any(|name| {
            name == interface
                || steps > 0
                    && self
                        .find_type(name)
                        .is_some_and(|parent| self.implements(parent, interface, steps - 1))
        })
    }
}
