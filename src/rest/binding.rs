//! Bindings of a route's variables to parts of the request, computed at start.

use anyhow::Result;
use async_graphql::{
    Name, Value as ConstValue,
    parser::types::{Type, VariableDefinition},
};
use axum::http::{HeaderName, Method};

use super::{
    directive::{Param, Source},
    selection::is_uuid,
    source::fault,
};
use crate::document::{Bounds, Kind, Model, named};

/// The variable that receives the whole body.
pub(super) const WHOLE: &str = "input";
/// The scalar of files.
const FILE: &str = "Upload";

/// Binding of one variable, or of one member of `$input`.
pub(super) struct Binding {
    pub name: Name,
    pub ty: Type,
    pub place: ParameterLocation,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// Value if absent, from `@param` or an input type.
    pub default: Option<ConstValue>,
    /// Value that the executor uses if absent; needed for OpenAPI only.
    pub known_default: Option<ConstValue>,
    /// Whether validation is deferred: a value of the wrong type goes to the domain, which rejects it after
    /// checking the rights.
    pub late: bool,
    /// Whether the value is an id that must be a UUID, as far as its name tells; see [`Binding::takes_uuid`].
    pub is_uuid: bool,
    /// Bounds of the value in the domain, which checks them.
    pub bounds: Option<Bounds>,
    pub description: Option<String>,
}

/// Part of the request that holds a value.
pub(super) enum ParameterLocation {
    /// The path parameter with this index and name.
    Path {
        index: usize,
        name: String,
    },
    /// The first of these query parameters.
    Query(Vec<String>),
    /// The first of these members of the body.
    Body(Vec<String>),
    Header(HeaderName),
    /// All members of the body, each with its own binding.
    Whole(Vec<Binding>),
}

impl Binding {
    /// Returns whether a request without the value is refused.
    pub fn required(&self) -> bool {
        !self.ty.nullable && self.default.is_none() && self.known_default.is_none()
    }

    /// Returns whether a request without the value is refused, by the engine or by the domain: an id, or a value with
    /// deferred validation, whose default is empty is one that the domain misses.
    pub fn expected(&self) -> bool {
        let is_missed = || self.default == Some(ConstValue::String(String::new()));
        let is_sought = self.late || named(&self.ty) == "ID";
        self.required() || (is_sought && !self.ty.nullable && is_missed())
    }

    /// Returns whether the value must be a UUID.
    pub fn takes_uuid(&self) -> bool {
        match self.bounds {
            Some(Bounds::LenientId) => false,
            Some(Bounds::RowId) => true,
            _ => self.is_uuid,
        }
    }

    /// Returns whether the binding reads the body.
    pub fn reads_body(&self) -> bool {
        match &self.place {
            ParameterLocation::Body(_) => true,
            ParameterLocation::Whole(members) => members.iter().any(Self::reads_body),
            ParameterLocation::Path { .. } | ParameterLocation::Query(_) | ParameterLocation::Header(_) => {
                false
            }
        }
    }

    /// Returns whether the binding reads a file from the body.
    pub fn takes_file(&self) -> bool {
        match &self.place {
            ParameterLocation::Body(_) => named(&self.ty) == FILE,
            ParameterLocation::Whole(members) => members.iter().any(Self::takes_file),
            ParameterLocation::Path { .. } | ParameterLocation::Query(_) | ParameterLocation::Header(_) => {
                false
            }
        }
    }
}

/// Position of a variable in the schema.
pub(super) struct Meaning {
    /// Name of the argument, or of the input's member.
    pub name: String,
    pub description: Option<String>,
    pub bounds: Option<Bounds>,
}

/// Everything from which the bindings of a route are computed.
pub(super) struct Binder<'a> {
    pub model: &'a Model,
    pub file: &'a str,
    pub method: &'a Method,
    /// Names of the path parameters, in order.
    pub path: &'a [String],
    pub params: &'a [Param],
    /// Returns the schema's name and description of a variable.
    pub describe: &'a dyn Fn(&str) -> Option<Meaning>,
}

impl Binder<'_> {
    /// Returns the bindings of all variables; fails with the first variable or parameter that has no match.
    pub fn bind(
        &self,
        origin: async_graphql::Pos,
        variables: &[async_graphql::Positioned<VariableDefinition>],
    ) -> Result<Vec<Binding>> {
        let mut used = vec![false; self.path.len()];
        let mut known: Vec<String> = Vec::new();
        let mut bindings = Vec::new();
        for variable in variables {
            let definition = &variable.node;
            let name = definition.name.node.as_str();
            known.push(name.to_owned());
            let ty = &definition.var_type.node;
            let default = definition.default_value.as_ref().map(|value| value.node.clone());
            let mut binding = self.one(name, ty, &mut used);
            if let Some(Meaning { name: target, description, bounds }) = (self.describe)(name) {
                binding.description = binding.description.or(description);
                binding.is_uuid &= is_uuid("", &target);
                binding.bounds = bounds;
            }
            binding.known_default = default;
            if name == WHOLE
                && !self.params.iter().any(|param| param.name == WHOLE)
                && let Some(Kind::Input { fields, .. }) = self.model.find_type(named(ty)).map(|ty| &ty.kind)
            {
                let mut members = Vec::new();
                for field in fields.values() {
                    known.push(field.name.clone());
                    let other = variables.iter().any(|other| other.node.name.node == *field.name);
                    let mut member = self.one(&field.name, &field.ty, &mut used);
                    // A path parameter with its own variable is not a member.
                    if other && self.path.iter().any(|path| same(path, &field.name)) {
                        continue;
                    }
                    member.default = member.default.or_else(|| field.default.clone());
                    member.description = member.description.or_else(|| field.description.clone());
                    member.bounds = self.model.input_bounds(named(ty), &field.name).cloned();
                    members.push(member);
                }
                binding.place = ParameterLocation::Whole(members);
            }
            if let Some(name) = self.unsuppliable(&binding) {
                let reason = format!("${name} is an object or a file, which only a body can supply");
                return Err(fault(self.file, variable.pos, reason));
            }
            bindings.push(binding);
        }
        if let Some(index) = used.iter().position(|used| !used) {
            return Err(fault(
                self.file,
                origin,
                format!("the path's {{{}}} has no variable", self.path[index]),
            ));
        }
        if let Some(param) = self.params.iter().find(|param| !known.contains(&param.name)) {
            return Err(fault(self.file, param.pos, format!("there is no variable ${}", param.name)));
        }
        // Path first, then query and headers, then the body: the order in which faults are reported.
        bindings.sort_by_key(|binding| match binding.place {
            ParameterLocation::Path { .. } => 0,
            ParameterLocation::Query(_) | ParameterLocation::Header(_) => 1,
            ParameterLocation::Body(_) | ParameterLocation::Whole(_) => 2,
        });
        Ok(bindings)
    }

    /// Returns the name of an object or file that the path, the query or a header cannot hold.
    fn unsuppliable<'b>(&self, binding: &'b Binding) -> Option<&'b Name> {
        match &binding.place {
            ParameterLocation::Body(_) => None,
            ParameterLocation::Whole(members) => members.iter().find_map(|member| self.unsuppliable(member)),
            ParameterLocation::Path { .. } | ParameterLocation::Query(_) | ParameterLocation::Header(_) => {
                let kind = self.model.find_type(named(&binding.ty)).map(|ty| &ty.kind);
                let is_file = named(&binding.ty) == FILE;
                (is_file || matches!(kind, Some(Kind::Input { .. }))).then_some(&binding.name)
            }
        }
    }

    fn one(&self, name: &str, ty: &Type, used: &mut [bool]) -> Binding {
        let param = self.params.iter().find(|param| param.name == name);
        let mut names = param.map(|param| param.from.clone()).unwrap_or_default();
        if names.is_empty() {
            names.push(name.to_owned());
        }
        let in_path = self.path.iter().position(|path| names.iter().any(|name| same(path, name)));
        let bodiless = matches!(*self.method, Method::GET | Method::DELETE);
        let header = param.and_then(|param| param.header.clone());
        let place = match (header, in_path, param.and_then(|param| param.source)) {
            (Some(header), _, _) => ParameterLocation::Header(header),
            (_, Some(index), None) => {
                used[index] = true;
                ParameterLocation::Path { index, name: self.path[index].clone() }
            }
            (_, _, Some(Source::Query)) => ParameterLocation::Query(names),
            (_, _, Some(Source::Body)) => ParameterLocation::Body(names),
            (_, _, None) if bodiless => ParameterLocation::Query(names),
            (_, _, None) => ParameterLocation::Body(names),
        };
        Binding {
            name: Name::new(name),
            ty: ty.clone(),
            min: param.and_then(|param| param.min),
            max: param.and_then(|param| param.max),
            default: param.and_then(|param| param.default.clone()),
            known_default: None,
            late: param.is_some_and(|param| param.late),
            is_uuid: named(ty) == "ID" && is_uuid("", name),
            bounds: None,
            description: param.and_then(|param| param.description.clone()),
            place,
        }
    }
}

/// Returns whether a path parameter names this variable: `{session_id}` is `$sessionId`.
fn same(path: &str, variable: &str) -> bool {
    path == variable || (path.contains('_') && camel(path) == variable)
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| super::selection::prefixed(&name, part))
}
