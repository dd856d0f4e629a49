//! Finds the route of a request.

use axum::http::{HeaderValue, Method, header::ALLOW};

use super::{route::Route, source::fault};
use crate::error::Code;
use crate::transport::Refusal;

/// All routes, by path and method.
pub(super) struct Router {
    paths: matchit::Router<usize>,
    /// Indices of the routes of each path.
    methods: Vec<Vec<usize>>,
    pub routes: Vec<Route>,
}

impl Router {
    /// Builds the router; fails if two routes have the same method and path.
    pub fn build(routes: Vec<Route>) -> anyhow::Result<Self> {
        let mut paths: matchit::Router<usize> = matchit::Router::new();
        let mut patterns: Vec<String> = Vec::new();
        let mut methods: Vec<Vec<usize>> = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            let pattern = positional(&route.path);
            let place = match patterns.iter().position(|other| *other == pattern) {
                Some(place) => place,
                None => {
                    let place = patterns.len();
                    paths.insert(&pattern, place).map_err(|error| fault(&route.file, route.pos, error))?;
                    patterns.push(pattern);
                    methods.push(Vec::new());
                    place
                }
            };
            if let Some(other) =
                methods[place].iter().map(|other| &routes[*other]).find(|other| other.method == route.method)
            {
                let reason = format!(
                    "{} {} of {} has the path of {} in {}",
                    route.method, route.path, route.operation, other.operation, other.file
                );
                return Err(fault(&route.file, route.pos, reason));
            }
            methods[place].push(index);
        }
        Ok(Self { paths, methods, routes })
    }

    /// Returns the route for a method and a path, with the path parameters as they were sent.
    pub fn find(&self, method: &Method, path: &str) -> Result<(&Route, Vec<String>), Refusal> {
        let aliased = path.strip_prefix("/api/v1/").map(|rest| format!("/api/{rest}"));
        let path = aliased.as_deref().unwrap_or(path);
        let Ok(found) = self.paths.at(path) else { return Err(Refusal::new(Code::NotFound, "Not found")) };
        let here = &self.methods[*found.value];
        let on = |method: &Method| {
            here.iter().map(|index| &self.routes[*index]).find(|route| route.method == *method)
        };
        let route = on(method).or_else(|| match *method {
            Method::HEAD => on(&Method::GET),
            Method::PATCH => on(&Method::PUT),
            _ => None,
        });
        match route {
            Some(route) => Ok((route, found.params.iter().map(|(_, value)| value.to_owned()).collect())),
            None => {
                let mut allowed: Vec<&str> = Vec::new();
                for index in here {
                    allowed.push(self.routes[*index].method.as_str());
                }
                if on(&Method::GET).is_some() {
                    allowed.push("HEAD");
                }
                if on(&Method::PUT).is_some() && on(&Method::PATCH).is_none() {
                    allowed.push("PATCH");
                }
                let mut refusal = Refusal::new(Code::MethodNotAllowed, "Method not allowed");
                if let Ok(allowed) = HeaderValue::from_str(&allowed.join(", ")) {
                    refusal.headers.insert(ALLOW, allowed);
                }
                Err(refusal)
            }
        }
    }
}

/// Returns the path with numbered parameters: the matcher requires equal names in equal places, documents may
/// differ.
fn positional(path: &str) -> String {
    let mut pattern = String::new();
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            pattern.push('/');
        }
        if segment.starts_with('{') {
            pattern.push_str(&format!("{{p{index}}}"));
        } else {
            pattern.push_str(segment);
        }
    }
    pattern
}
