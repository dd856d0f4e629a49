//! Preparation, binding and execution of documents on a toy schema.

mod prepared;
mod toy;
mod validation;
mod variables;

use std::sync::atomic::Ordering;

use async_graphql::{
    Request, Schema, ValidationMode, Variables,
    parser::types::{OperationType, Type},
    value,
};
use toy::{Count, Mutation, Query, Ticks};

use super::{coerce, *};

struct Bench {
    model: Model,
    fast: Schema<Query, Mutation, Ticks>,
    count: Count,
}

impl Bench {
    fn new() -> Self {
        let count = Count::default();
        let fast = Schema::build(Query, Mutation, Ticks)
            .validation_mode(ValidationMode::Fast)
            .data(count.clone())
            .finish();
        Self { model: Model::from_sdl(&fast.sdl()).unwrap(), fast, count }
    }

    fn prepare(&self, query: &str) -> Result<Prepared, Failure> {
        prepare(&self.model, &Limits::default(), query, None)
    }

    fn refused(&self, query: &str) -> (Code, String) {
        refusal(&self.prepare(query).unwrap_err())
    }

    async fn run(&self, query: &str, variables: Value) -> Result<String, Failure> {
        let prepared = self.prepare(query)?;
        let Bound { document, variables, .. } =
            prepared.bind(&self.model, &Limits::default(), Variables::from_value(variables))?;
        let mut request = Request::new("").variables(variables);
        request.set_parsed_query(document);
        let response = self.fast.execute(request).await;
        assert!(response.errors.is_empty(), "{query}: {:?}", response.errors);
        Ok(serde_json::to_string(&response.data).unwrap())
    }

    async fn ran(&self, query: &str) -> String {
        self.run(query, value!({})).await.unwrap()
    }

    fn names(&self) -> usize {
        self.count.name.swap(0, Ordering::SeqCst)
    }

    fn coerced(&self, ty: &str, given: Value) -> Result<Value, Fault> {
        coerce::value(&self.model, &Type::new(ty).unwrap(), given, "input")
    }

    fn fault(&self, ty: &str, given: Value) -> (FaultKind, String) {
        let fault = self.coerced(ty, given).unwrap_err();
        (fault.kind, fault.message)
    }
}

fn refusal(failure: &Failure) -> (Code, String) {
    for error in &failure.errors {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        assert_eq!(code, Some(&Value::from(failure.code.as_str())));
    }
    (failure.code, failure.errors[0].message.clone())
}

const INVALID: Code = Code::GraphqlValidationFailed;
const COMPLEX: Code = Code::QueryTooComplex;
