//! Where the variables of one route come from, decided at start.

use anyhow::Result;
use async_graphql::{
    Name, Value as ConstValue,
    parser::types::{Type, VariableDefinition},
};
use axum::http::{HeaderName, Method};

use super::{
    directive::{Param, Source},
    source::fault,
};
use crate::document::{Kind, Model, named};

/// The variable that takes the whole body.
const WHOLE: &str = "input";
/// The scalar that is a file.
const FILE: &str = "Upload";

/// One variable, or one member of `$input`.
pub(super) struct Binding {
    pub name: Name,
    pub ty: Type,
    pub place: Place,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// What an absent value means, when `@param` or an input type says so.
    pub default: Option<ConstValue>,
    /// What an absent value means to the executor; only OpenAPI needs it here.
    pub known_default: Option<ConstValue>,
    /// A value of the wrong type goes on to the domain, which judges it after the rights.
    pub late: bool,
    pub description: Option<String>,
}

/// Where a value comes from.
pub(super) enum Place {
    /// The path parameter of this number.
    Path(usize),
    /// The first of these names.
    Query(Vec<String>),
    /// The first of these names.
    Body(Vec<String>),
    Header(HeaderName),
    /// The members of the body, each by its own rule.
    Whole(Vec<Binding>),
}

impl Binding {
    /// Whether a request without it is refused.
    pub fn required(&self) -> bool {
        !self.ty.nullable && self.default.is_none() && self.known_default.is_none()
    }

    /// Whether it reads the body.
    pub fn reads_body(&self) -> bool {
        match &self.place {
            Place::Body(_) => true,
            Place::Whole(members) => members.iter().any(Self::reads_body),
            Place::Path(_) | Place::Query(_) | Place::Header(_) => false,
        }
    }

    /// Whether it takes a file out of the body.
    pub fn takes_file(&self) -> bool {
        match &self.place {
            Place::Body(_) => named(&self.ty) == FILE,
            Place::Whole(members) => members.iter().any(Self::takes_file),
            Place::Path(_) | Place::Query(_) | Place::Header(_) => false,
        }
    }
}

/// What the bindings of a route are made from.
pub(super) struct Binder<'a> {
    pub model: &'a Model,
    pub file: &'a str,
    pub method: &'a Method,
    /// The names of the path parameters, in order.
    pub path: &'a [String],
    pub params: &'a [Param],
    /// Says what a variable means, where the schema does.
    pub describe: &'a dyn Fn(&str) -> Option<String>,
}

impl Binder<'_> {
    /// The bindings of all variables, or the first variable or parameter that fits nowhere.
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
            binding.description = binding.description.or_else(|| (self.describe)(name));
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
                    // A path parameter that has a variable of its own is not a member.
                    if other && self.path.iter().any(|path| same(path, &field.name)) {
                        continue;
                    }
                    member.default = member.default.or_else(|| field.default.clone());
                    member.description = member.description.or_else(|| field.description.clone());
                    members.push(member);
                }
                binding.place = Place::Whole(members);
            }
            if let Some(name) = self.unsuppliable(&binding) {
                let reason = format!("${name} is an object or a file, which nothing but a body can supply");
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
        // Path first, then query and headers, then the body: the order in which faults are named.
        bindings.sort_by_key(|binding| match binding.place {
            Place::Path(_) => 0,
            Place::Query(_) | Place::Header(_) => 1,
            Place::Body(_) | Place::Whole(_) => 2,
        });
        Ok(bindings)
    }

    /// The name of an object or a file that the path, the query or a header would have to hold.
    fn unsuppliable<'b>(&self, binding: &'b Binding) -> Option<&'b Name> {
        match &binding.place {
            Place::Body(_) => None,
            Place::Whole(members) => members.iter().find_map(|member| self.unsuppliable(member)),
            Place::Path(_) | Place::Query(_) | Place::Header(_) => {
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
            (Some(header), _, _) => Place::Header(header),
            (_, Some(index), None) => {
                used[index] = true;
                Place::Path(index)
            }
            (_, _, Some(Source::Query)) => Place::Query(names),
            (_, _, Some(Source::Body)) => Place::Body(names),
            (_, _, None) if bodiless => Place::Query(names),
            (_, _, None) => Place::Body(names),
        };
        Binding {
            name: Name::new(name),
            ty: ty.clone(),
            place,
            min: param.and_then(|param| param.min),
            max: param.and_then(|param| param.max),
            default: param.and_then(|param| param.default.clone()),
            known_default: None,
            late: param.is_some_and(|param| param.late),
            description: param.and_then(|param| param.description.clone()),
        }
    }
}

/// Whether a path parameter means this variable: `{session_id}` is `$sessionId`.
fn same(path: &str, variable: &str) -> bool {
    path == variable || (path.contains('_') && camel(path) == variable)
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| super::selection::prefixed(&name, part))
}
