//! The types of a schema, with their fields, members and values.

use async_graphql::{
    Value as ConstValue,
    indexmap::IndexMap,
    parser::types::{BaseType, Type},
};

/// A named type.
#[derive(Debug)]
pub struct TypeDef {
    /// Name of the type.
    pub name: String,
    /// Description in the schema.
    pub description: Option<String>,
    /// Kind and content of the type.
    pub kind: Kind,
}

impl TypeDef {
    /// Returns whether the type has selections.
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Object { .. } | Kind::Interface { .. } | Kind::Union { .. })
    }

    /// Returns whether the type can be that of an argument or variable.
    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Scalar | Kind::Enum(_) | Kind::Input { .. })
    }
}

/// Kinds of types.
#[derive(Debug)]
pub enum Kind {
    /// A leaf with any content.
    Scalar,
    /// A leaf with one of these values.
    Enum(Vec<EnumValueDef>),
    /// An object type.
    Object {
        /// The declared fields.
        fields: IndexMap<String, FieldDef>,
        /// Names of the implemented interfaces.
        implements: Vec<String>,
    },
    /// An interface type.
    Interface {
        /// The declared fields.
        fields: IndexMap<String, FieldDef>,
        /// Names of the implemented interfaces.
        implements: Vec<String>,
    },
    /// A union type.
    Union {
        /// Names of the member object types.
        members: Vec<String>,
    },
    /// An input object type.
    Input {
        /// The declared members.
        fields: IndexMap<String, InputDef>,
        /// Whether exactly one member must be given (`@oneOf`).
        one_of: bool,
    },
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValueDef {
    /// Name of the value.
    pub name: String,
    /// Description in the schema.
    pub description: Option<String>,
}

/// A field of an object or interface.
#[derive(Debug)]
pub struct FieldDef {
    /// Name of the field.
    pub name: String,
    /// Description in the schema.
    pub description: Option<String>,
    /// Type of the result.
    pub ty: Type,
    /// The declared arguments.
    pub arguments: IndexMap<String, InputDef>,
}

/// An argument, or a member of an input object.
#[derive(Debug)]
pub struct InputDef {
    /// Name of the argument or member.
    pub name: String,
    /// Description in the schema.
    pub description: Option<String>,
    /// Type of the value.
    pub ty: Type,
    /// Value if omitted.
    pub default: Option<ConstValue>,
}

/// Returns the innermost name of a type: `Space` for `[Space!]!`.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}
