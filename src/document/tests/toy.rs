//! A toy schema that counts its calls.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{
    Context, Enum, ID, InputObject, Interface, Object, OneofObject, Scalar, ScalarType, SimpleObject,
    Subscription, Union, Value,
    futures_util::{Stream, stream},
};

#[derive(Default)]
pub(super) struct Counters {
    pub(super) pay: AtomicUsize,
    pub(super) name: AtomicUsize,
    pub(super) stamp: AtomicUsize,
}

pub(super) type Count = Arc<Counters>;

struct DateTime(String);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> async_graphql::InputValueResult<Self> {
        Ok(Self(value.to_string()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Colour {
    Red,
    DarkBlue,
}

#[derive(InputObject)]
struct Paint {
    name: String,
    #[graphql(default = 3)]
    coats: i32,
    colour: Option<Colour>,
    tags: Option<Vec<String>>,
    inner: Option<Box<Paint>>,
}

#[derive(OneofObject)]
enum Target {
    Id(ID),
    Slug(String),
}

#[derive(SimpleObject)]
struct Receipt {
    id: ID,
    name: String,
}

struct Club;
struct Lounge;

fn counted(ctx: &Context<'_>, name: &str) -> String {
    ctx.data_unchecked::<Count>().name.fetch_add(1, Ordering::SeqCst);
    name.to_owned()
}

#[Object]
impl Club {
    async fn name(&self, ctx: &Context<'_>) -> String {
        counted(ctx, "club")
    }
    async fn members(&self) -> i32 {
        7
    }
    async fn parent(&self) -> Option<Community> {
        Some(Community::Lounge(Lounge))
    }
}

#[Object]
impl Lounge {
    async fn name(&self, ctx: &Context<'_>) -> String {
        counted(ctx, "lounge")
    }
    async fn price(&self) -> i32 {
        5
    }
    async fn parent(&self) -> Option<Community> {
        None
    }
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "String"), field(name = "parent", ty = "Option<Community>"))]
enum Community {
    Club(Club),
    Lounge(Lounge),
}

#[derive(Union)]
enum Found {
    Club(Club),
    Receipt(Receipt),
}

#[derive(SimpleObject)]
struct Page {
    nodes: Vec<Receipt>,
}

pub(super) struct Query;

#[Object]
impl Query {
    async fn community(&self, #[graphql(default)] lounge: bool) -> Community {
        if lounge { Community::Lounge(Lounge) } else { Community::Club(Club) }
    }
    async fn found(&self) -> Vec<Found> {
        vec![Found::Club(Club), Found::Receipt(receipt())]
    }
    async fn spaces(&self, #[graphql(default = 20)] first: i32) -> Page {
        Page { nodes: (0..first).map(|_| receipt()).collect() }
    }
    async fn plain(&self) -> Vec<Receipt> {
        vec![]
    }
    async fn number(&self, #[graphql(default = 20)] n: i32) -> i32 {
        n
    }
    async fn me(&self) -> Query {
        Query
    }
}

fn receipt() -> Receipt {
    Receipt { id: "r".into(), name: "receipt".into() }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn pay(&self, ctx: &Context<'_>, #[graphql(default = 1)] amount: i32) -> Receipt {
        let _ = amount;
        ctx.data_unchecked::<Count>().pay.fetch_add(1, Ordering::SeqCst);
        receipt()
    }
    async fn stamp(&self, ctx: &Context<'_>, at: Option<DateTime>) -> bool {
        ctx.data_unchecked::<Count>().stamp.fetch_add(1, Ordering::SeqCst);
        at.is_some()
    }
    async fn paint(&self, input: Paint) -> String {
        let _ = (&input.colour, &input.tags, &input.inner);
        format!("{} {}", input.name, input.coats)
    }
    async fn aim(&self, target: Target) -> String {
        match target {
            Target::Id(id) => id.to_string(),
            Target::Slug(slug) => slug,
        }
    }
}

pub(super) struct Ticks;

#[Subscription]
impl Ticks {
    async fn ticks(&self) -> impl Stream<Item = i32> {
        stream::iter([1])
    }
    async fn tocks(&self) -> impl Stream<Item = i32> {
        stream::iter([1])
    }
}
