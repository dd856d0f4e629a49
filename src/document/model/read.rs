//! Reads the types of a schema from its parsed SDL.

use async_graphql::{
    Name, Positioned,
    indexmap::IndexMap,
    parser::types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};

use super::{EnumValueDef, FieldDef, InputDef, Kind, TypeDef};

/// Returns a type by its name; `None` for a definition of another kind.
pub(super) fn read_definition(definition: TypeSystemDefinition) -> Option<(String, TypeDef)> {
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
