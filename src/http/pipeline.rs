//! The request pipeline: the steps of every request, around all routes. They are made once, because as layers of each
//! route they would be copied several times per request.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{
        Method, StatusCode,
        header::{ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::Response,
};
use futures_util::{FutureExt, future::BoxFuture};
use tower::{Layer, Service, ServiceExt};
use tower_http::{
    compression::{
        Compression, CompressionLayer, DefaultPredicate,
        predicate::{And, Predicate},
    },
    cors::{Cors, CorsLayer},
};

use super::{HttpState, answers, middleware, pages};
use crate::transport::RouteTemplate;

/// Answers all requests of the server. Cheap to clone.
#[derive(Clone)]
pub struct RequestPipeline(Arc<Parts>);

struct Parts {
    state: HttpState,
    plain: Routes,
    routes: Cors<Compression<Routes, And<DefaultPredicate, IsCompressed>>>,
}

impl RequestPipeline {
    /// Creates the pipeline. `router` has all routes except those of the REST engine.
    pub(super) fn new(state: HttpState, router: Router, cors: &CorsLayer) -> Self {
        let routes = Routes(Arc::new(RoutesParts { state: state.clone(), router }));
        let compression = CompressionLayer::new().compress_when(DefaultPredicate::new().and(IsCompressed));
        Self(Arc::new(Parts { state, plain: routes.clone(), routes: cors.layer(compression.layer(routes)) }))
    }
}

impl Service<Request> for RequestPipeline {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self(parts) = self.clone();
        async move {
            let routes = parts.routes.clone();
            let run = async |request: Request| {
                let asks_methods = request.method() == Method::OPTIONS
                    && !request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
                if asks_methods {
                    return list_methods(parts.plain.clone(), request).await;
                }
                match routes.oneshot(request).await {
                    Ok(response) => Response::map(response, axum::body::Body::new),
                    Err(never) => match never {},
                }
            };
            Ok(middleware::wrap(&parts.state, request, run).await)
        }
        .boxed()
    }
}

/// Answers an `OPTIONS` request that is no preflight: the methods of the path, or 404.
async fn list_methods(routes: Routes, request: Request) -> Response {
    let mut response = match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.headers().contains_key(ALLOW) {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

/// All routes.
#[derive(Clone)]
struct Routes(Arc<RoutesParts>);

struct RoutesParts {
    state: HttpState,
    router: Router,
}

impl Service<Request> for Routes {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self(parts) = self.clone();
        if pages::is_rest(request.uri().path()) {
            return async move { Ok(rest(State(parts.state.clone()), request).await) }.boxed();
        }
        parts.router.clone().oneshot(request).boxed()
    }
}

/// Answers a request without another route.
pub(super) async fn rest(State(state): State<HttpState>, request: Request) -> Response {
    answers::count(&state, request, async |request| pages::otherwise(&state, request).await).await
}

/// Counts the answers of a route.
pub(super) async fn count_answers(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    answers::count(&state, request, async |request| next.run(request).await).await
}

/// Adds the route's path to the response, for metrics.
pub(super) async fn name_route(path: MatchedPath, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(RouteTemplate(path.as_str().to_owned()));
    response
}

/// Marks a response whose bytes are sent as they are: a range of a file is a range of these exact bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Uncompressed;

/// Whether a response may be compressed.
#[derive(Clone, Copy)]
struct IsCompressed;

impl Predicate for IsCompressed {
    fn should_compress<B>(&self, response: &axum::http::Response<B>) -> bool
    where
        B: http_body::Body,
    {
        response.extensions().get::<Uncompressed>().is_none()
    }
}
