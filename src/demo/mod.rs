//! stub
use crate::app::App;
/// p
pub const PASSWORD: &str = "plaza-demo";
/// s
pub async fn seed(_app: &App) -> anyhow::Result<()> { Ok(()) }
/// l
pub fn sign_ins() -> Vec<(&'static str, &'static str, &'static str)> { vec![] }
