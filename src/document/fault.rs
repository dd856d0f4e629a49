//! Faults of values, and where in a value they are.

use std::fmt;

use super::quotation::{QUOTED, cut};

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A required value is absent or null.
    Missing,
    /// The type differs from the declared type.
    WrongType,
    /// The type fits, but the content is not allowed.
    Invalid,
}

/// A value that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path of the value, such as `input.tags[0]`.
    pub path: String,
    /// One sentence that names the path.
    pub message: String,
    /// Kind of the fault.
    pub kind: FaultKind,
}

impl Fault {
    pub(super) fn new(kind: FaultKind, path: &Path<'_>, what: impl fmt::Display) -> Self {
        let path = path.to_string();
        Self { message: format!("\"{path}\" {what}"), path, kind }
    }

    pub(super) fn required(path: &Path<'_>) -> Self {
        Self::new(FaultKind::Missing, path, "is required")
    }

    /// Creates the fault of null for a type without null. A value with a default is not required, but null is refused.
    pub(super) fn null(path: &Path<'_>, has_default: bool) -> Self {
        match path {
            Path::Item(..) => Self::new(FaultKind::WrongType, path, "must not be null"),
            _ if has_default => Self::new(FaultKind::Missing, path, "must not be null"),
            _ => Self::required(path),
        }
    }
}

/// Path of a value; formatted only for a fault.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// A variable or an argument.
    Root(&'a str),
    /// A member of an input object.
    Member(&'a Path<'a>, &'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(&cut(name, QUOTED)),
            Self::Member(parent, name) => write!(f, "{parent}.{}", cut(name, QUOTED)),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
