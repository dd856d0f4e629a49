//! GraphQL requests with files.

use reqwest::{
    Method, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::Caller;

/// A GraphQL request with the header against cross-site forms.
pub fn upload(who: &Caller) -> RequestBuilder {
    who.request(Method::POST, "/graphql").header("graphql-require-preflight", "1")
}

/// A form of the multipart request specification with files at their paths.
pub fn operations(query: &str, variables: Value, files: &[(&str, Vec<u8>)]) -> Form {
    let map: serde_json::Map<_, _> =
        files.iter().enumerate().map(|(number, (path, _))| (number.to_string(), json!([path]))).collect();
    let operations = json!({ "query": query, "variables": variables }).to_string();
    let form = Form::new().text("operations", operations).text("map", Value::Object(map).to_string());
    files.iter().enumerate().fold(form, |form, (number, (_, bytes))| {
        form.part(number.to_string(), Part::bytes(bytes.clone()).file_name("recording.bin"))
    })
}
