//! The schema as both doors need it: names, types, arguments and who implements what, read from SDL.

use std::collections::HashMap;

use anyhow::Context;
use async_graphql::{Name, Value as ConstValue};
use async_graphql::{
    Positioned,
    indexmap::IndexMap,
    parser::{
        parse_schema,
        types::{
            BaseType, FieldDefinition, InputValueDefinition, OperationType, Type, TypeDefinition, TypeKind,
            TypeSystemDefinition,
        },
    },
};

/// The scalars that every schema has, declared or not.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What introspection adds to every schema.
const INTROSPECTION: &str = include_str!("introspection.graphql");
/// The type of that text whose fields belong to the roots: it is no type of the schema.
const META: &str = "__Root";

/// A schema. The types of introspection are found by name, but are not among its types.
#[derive(Debug)]
pub struct Model {
    types: IndexMap<String, TypeDef>,
    meta: IndexMap<String, TypeDef>,
    /// Rows of the lists that have no pages, by `Type.field`.
    bounds: HashMap<String, usize>,
    query: String,
    mutation: String,
    subscription: String,
    /// The object types behind each object, interface and union; asked for every abstract selection.
    possible: HashMap<String, Vec<String>>,
}

/// A named type.
#[derive(Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: String,
    /// What the schema says about it.
    pub description: Option<String>,
    /// What it is made of.
    pub kind: Kind,
}

impl TypeDef {
    /// Whether it has selections.
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Object { .. } | Kind::Interface { .. } | Kind::Union { .. })
    }

    /// Whether it can be the type of an argument or a variable.
    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Scalar | Kind::Enum(_) | Kind::Input { .. })
    }
}

/// What a type is made of.
#[derive(Debug)]
pub enum Kind {
    /// A leaf.
    Scalar,
    /// A leaf with these values.
    Enum(Vec<EnumValueDef>),
    /// An object.
    Object {
        /// Its fields, as declared.
        fields: IndexMap<String, FieldDef>,
        /// The interfaces it names.
        implements: Vec<String>,
    },
    /// An interface.
    Interface {
        /// Its fields, as declared.
        fields: IndexMap<String, FieldDef>,
        /// The interfaces it names.
        implements: Vec<String>,
    },
    /// A union.
    Union {
        /// Its object types.
        members: Vec<String>,
    },
    /// An input object.
    Input {
        /// Its members, as declared.
        fields: IndexMap<String, InputDef>,
        /// Whether exactly one member is to be given.
        one_of: bool,
    },
}

/// One value of an enum.
#[derive(Debug)]
pub struct EnumValueDef {
    /// As it is written.
    pub name: String,
    /// What the schema says about it.
    pub description: Option<String>,
}

/// A field of an object or interface.
#[derive(Debug)]
pub struct FieldDef {
    /// Its name.
    pub name: String,
    /// What the schema says about it.
    pub description: Option<String>,
    /// What it gives.
    pub ty: Type,
    /// What it takes.
    pub arguments: IndexMap<String, InputDef>,
}

/// An argument, or a member of an input object.
#[derive(Debug)]
pub struct InputDef {
    /// Its name.
    pub name: String,
    /// What the schema says about it.
    pub description: Option<String>,
    /// What it takes.
    pub ty: Type,
    /// What it is when left out.
    pub default: Option<ConstValue>,
}

/// The innermost name of a type: `Space` of `[Space!]!`.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

impl Model {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// Fails when the text is not SDL.
    pub fn from_sdl(sdl: &str) -> anyhow::Result<Self> {
        let document = parse_schema(sdl).context("the schema's SDL cannot be read")?;
        let introspection = parse_schema(INTROSPECTION).context("the types of introspection")?;
        let mut model = Self {
            types: IndexMap::new(),
            meta: introspection.definitions.into_iter().filter_map(read_definition).collect(),
            bounds: HashMap::new(),
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

    /// The same, with the greatest number of rows of the lists that have no pages, as (`Type.field`, rows).
    #[must_use]
    pub fn with_bounds<'a>(mut self, bounds: impl IntoIterator<Item = &'a (&'a str, usize)>) -> Self {
        self.bounds = bounds.into_iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        self
    }

    /// The greatest number of rows of a list that has no pages, where it was declared.
    pub fn bound(&self, parent: &str, field: &str) -> Option<usize> {
        self.bounds.get(&format!("{parent}.{field}")).copied()
    }

    /// The type of this name, those of introspection included.
    pub fn find_type(&self, name: &str) -> Option<&TypeDef> {
        self.types.get(name).or_else(|| self.meta.get(name).filter(|_| name != META))
    }

    /// All types, those of introspection behind the schema's own.
    pub(super) fn all_types(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.values().chain(self.meta.values().filter(|ty| ty.name != META))
    }

    /// A field as a document can select it on this type: `__typename` on all that has selections, `__schema` and
    /// `__type` on the root of queries.
    pub(super) fn selectable<'a>(&'a self, parent: &'a TypeDef, name: &str) -> Option<&'a FieldDef> {
        if let Some(field) = self.field(parent, name) {
            return Some(field);
        }
        let of_all = name == "__typename" && parent.is_composite();
        let of_root = matches!(name, "__schema" | "__type") && parent.name == self.query;
        let meta = self.meta.get(META).filter(|_| of_all || of_root)?;
        self.field(meta, name)
    }

    /// The type that an operation starts from, where the schema has such operations.
    pub fn root(&self, operation: OperationType) -> Option<&TypeDef> {
        self.find_type(match operation {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        })
    }

    /// A field that an object or interface declares; `None` for `__typename`, `__schema` and `__type`.
    pub fn field<'a>(&'a self, parent: &'a TypeDef, name: &str) -> Option<&'a FieldDef> {
        match &parent.kind {
            Kind::Object { fields, .. } | Kind::Interface { fields, .. } => fields.get(name),
            _ => None,
        }
    }

    /// The object types that a value of this type can have, sorted: of an object itself.
    pub fn possible_types(&self, name: &str) -> Vec<&str> {
        self.possible(name).iter().map(String::as_str).collect()
    }

    /// The names of all types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// As `possible_types`, without a copy.
    pub(super) fn possible(&self, name: &str) -> &[String] {
        self.possible.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether an object of this concrete type satisfies a type condition.
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

    /// `steps` ends the search where interfaces name each other in a circle.
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

fn read_definition(definition: TypeSystemDefinition) -> Option<(String, TypeDef)> {
    let TypeSystemDefinition::Type(definition) = definition else { return None };
    let definition = read_type(definition.node);
    Some((definition.name.clone(), definition))
}

fn read_type(definition: TypeDefinition) -> TypeDef {
    let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
    let kind = match definition.kind {
        TypeKind::Scalar => Kind::Scalar,
        TypeKind::Enum(ty) => Kind::Enum(
            ty.values
                .into_iter()
                .map(|value| EnumValueDef {
                    name: value.node.value.node.to_string(),
                    description: text(value.node.description),
                })
                .collect(),
        ),
        TypeKind::Object(ty) => {
            Kind::Object { fields: read_fields(ty.fields), implements: names(ty.implements) }
        }
        TypeKind::Interface(ty) => {
            Kind::Interface { fields: read_fields(ty.fields), implements: names(ty.implements) }
        }
        TypeKind::Union(ty) => Kind::Union { members: names(ty.members) },
        TypeKind::InputObject(ty) => Kind::Input { fields: read_inputs(ty.fields), one_of },
    };
    TypeDef { name: definition.name.node.to_string(), description: text(definition.description), kind }
}

fn read_fields(fields: Vec<Positioned<FieldDefinition>>) -> IndexMap<String, FieldDef> {
    let read = |field: Positioned<FieldDefinition>| {
        let field = field.node;
        let name = field.name.node.to_string();
        let definition = FieldDef {
            name: name.clone(),
            description: text(field.description),
            ty: field.ty.node,
            arguments: read_inputs(field.arguments),
        };
        (name, definition)
    };
    fields.into_iter().map(read).collect()
}

fn read_inputs(inputs: Vec<Positioned<InputValueDefinition>>) -> IndexMap<String, InputDef> {
    let read = |input: Positioned<InputValueDefinition>| {
        let input = input.node;
        let name = input.name.node.to_string();
        let definition = InputDef {
            name: name.clone(),
            description: text(input.description),
            ty: input.ty.node,
            default: input.default_value.map(|value| value.node),
        };
        (name, definition)
    };
    inputs.into_iter().map(read).collect()
}

fn names(names: Vec<Positioned<Name>>) -> Vec<String> {
    names.into_iter().map(|name| name.node.to_string()).collect()
}

fn text(description: Option<Positioned<String>>) -> Option<String> {
    description.map(|text| text.node)
}
