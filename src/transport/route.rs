//! The route that answered a request.

/// The path template of the route that answered, such as `/api/spaces/{id}`; an extension of its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTemplate(pub String);
