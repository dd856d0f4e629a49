//! Parses a document by the grammar of the specification into the library's syntax tree.
//!
//! The library's parser refuses parts of the grammar (surrogate pairs, `\u{…}`, spaces in a list type,
//! directives behind a default) and accepts invalid text (`queryName { … }`, `()`). `docs/upstream.md` has
//! the list.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    indexmap::IndexMap,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition,
        FragmentSpread, InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type,
        TypeCondition, VariableDefinition,
    },
};
use async_graphql_value::Value;

use super::{
    failure::Failure,
    lexer::{Fault, Kind, Lexer, Token},
    quotation::quoted,
    text,
};
use crate::error::Code;

/// Maximum nesting of brackets: the parser and everything that walks its tree recurse.
pub(super) const NESTING: usize = 60;

/// Parses a document, which may consist of fragments only.
///
/// # Errors
///
/// Fails if the text is not GraphQL, or if a name occurs twice where names must be unique.
pub fn parse(query: &str) -> Result<ExecutableDocument, Failure> {
    let syntax = |Fault { message, pos }| {
        let error = ServerError::new(format!("Syntax error: {message}"), Some(pos));
        Failure::from_errors(Code::GraphqlParseFailed, vec![error])
    };
    let mut parser = Parser::new(query).map_err(syntax)?;
    let document = parser.document().map_err(syntax)?;
    if parser.repeated.is_empty() {
        Ok(document)
    } else {
        Err(Failure::from_errors(Code::GraphqlValidationFailed, parser.repeated))
    }
}

type Read<T> = Result<T, Fault>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token<'a>,
    depth: usize,
    /// Errors for repeated names, which the tree cannot represent.
    repeated: Vec<ServerError>,
}

impl<'a> Parser<'a> {
    fn new(query: &'a str) -> Read<Self> {
        let mut lexer = Lexer::new(query);
        let token = lexer.next_token()?;
        Ok(Self { lexer, token, depth: 0, repeated: Vec::new() })
    }

    fn document(&mut self) -> Read<ExecutableDocument> {
        let mut named = HashMap::new();
        let mut anonymous: Option<Positioned<OperationDefinition>> = None;
        let mut fragments: HashMap<Name, Positioned<FragmentDefinition>> = HashMap::new();
        while self.token.kind != Kind::End
            || (named.is_empty() && anonymous.is_none() && fragments.is_empty())
        {
            let described = self.description()?;
            let pos = self.token.pos;
            let kind = match (self.token.kind, self.token.text) {
                (Kind::Mark(b'{'), _) if !described => None,
                (Kind::Name, "query") => Some(OperationType::Query),
                (Kind::Name, "mutation") => Some(OperationType::Mutation),
                (Kind::Name, "subscription") => Some(OperationType::Subscription),
                (Kind::Name, "fragment") => {
                    let (name, fragment) = self.fragment()?;
                    if let Some(first) = fragments.insert(name.node.clone(), Positioned::new(fragment, pos)) {
                        self.repeat("fragment", name.node.as_str(), first.pos, pos);
                    }
                    continue;
                }
                _ => return Err(self.unexpected()),
            };
            let (name, operation) = self.operation(kind)?;
            let operation = Positioned::new(operation, pos);
            match name {
                Some(name) => {
                    if let Some(first) = named.insert(name.clone(), operation) {
                        self.repeat("operation", name.as_str(), first.pos, pos);
                    }
                }
                None => {
                    if let Some(first) = anonymous.replace(operation) {
                        self.alone(vec![first.pos, pos]);
                    }
                }
            }
        }
        let operations = match anonymous {
            None => DocumentOperations::Multiple(named),
            Some(operation) => {
                if !named.is_empty() {
                    self.alone(vec![operation.pos]);
                }
                DocumentOperations::Single(operation)
            }
        };
        Ok(ExecutableDocument { operations, fragments })
    }

    fn alone(&mut self, locations: Vec<Pos>) {
        let message = "An operation without a name must be the only operation of its document";
        let mut error = ServerError::new(message, None);
        error.locations = locations;
        self.repeated.push(error);
    }

    fn repeat(&mut self, what: &str, name: &str, first: Pos, second: Pos) {
        let message = format!("There are two {what}s named {}", quoted(name));
        let mut error = ServerError::new(message, None);
        error.locations = vec![first, second];
        self.repeated.push(error);
    }

    fn description(&mut self) -> Read<bool> {
        let is_text = matches!(self.token.kind, Kind::Text | Kind::Block);
        if is_text {
            self.advance()?;
        }
        Ok(is_text)
    }

    /// Parses an operation; without a keyword it is a selection set only.
    fn operation(&mut self, ty: Option<OperationType>) -> Read<(Option<Name>, OperationDefinition)> {
        let mut name = None;
        let (mut variable_definitions, mut directives) = (Vec::new(), Vec::new());
        if ty.is_some() {
            self.advance()?;
            if self.token.kind == Kind::Name {
                name = Some(self.name()?.node);
            }
            if self.token.kind == Kind::Mark(b'(') {
                variable_definitions = self.many(b'(', b')', true, Self::variable_definition)?;
            }
            directives = self.directives(false)?;
        }
        let ty = ty.unwrap_or(OperationType::Query);
        let selection_set = self.selection_set()?;
        Ok((name, OperationDefinition { ty, variable_definitions, directives, selection_set }))
    }

    fn fragment(&mut self) -> Read<(Positioned<Name>, FragmentDefinition)> {
        self.advance()?;
        if self.is_keyword("on") {
            return Err(self.unexpected());
        }
        let name = self.name()?;
        if !self.is_keyword("on") {
            return Err(self.unexpected());
        }
        let type_condition = self.type_condition()?;
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        Ok((name, FragmentDefinition { type_condition, directives, selection_set }))
    }

    fn type_condition(&mut self) -> Read<Positioned<TypeCondition>> {
        let pos = self.token.pos;
        self.advance()?;
        Ok(Positioned::new(TypeCondition { on: self.name()? }, pos))
    }

    fn variable_definition(&mut self) -> Read<Positioned<VariableDefinition>> {
        self.description()?;
        let pos = self.token.pos;
        let name = self.variable()?;
        self.take_mark(b':')?;
        let var_type = self.ty()?;
        let mut default_value = None;
        if self.token.kind == Kind::Mark(b'=') {
            self.advance()?;
            let value = self.value(true)?;
            // A constant has no variable that could be missing.
            default_value = value.node.into_const().map(|constant| Positioned::new(constant, value.pos));
        }
        let directives = self.directives(true)?;
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn variable(&mut self) -> Read<Positioned<Name>> {
        let pos = self.token.pos;
        self.take_mark(b'$')?;
        Ok(Positioned::new(self.name()?.node, pos))
    }

    fn ty(&mut self) -> Read<Positioned<Type>> {
        let pos = self.token.pos;
        let base = if self.token.kind == Kind::Mark(b'[') {
            self.open()?;
            let item = self.ty()?;
            self.close(b']')?;
            BaseType::List(Box::new(item.node))
        } else {
            BaseType::Named(self.name()?.node)
        };
        let required = self.token.kind == Kind::Mark(b'!');
        if required {
            self.advance()?;
        }
        Ok(Positioned::new(Type { base, nullable: !required }, pos))
    }

    fn selection_set(&mut self) -> Read<Positioned<SelectionSet>> {
        let pos = self.token.pos;
        let items = self.many(b'{', b'}', true, Self::selection)?;
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&mut self) -> Read<Positioned<Selection>> {
        let pos = self.token.pos;
        let selection = if self.token.kind == Kind::Spread {
            self.advance()?;
            self.spread(pos)?
        } else {
            Selection::Field(Positioned::new(self.field()?, pos))
        };
        Ok(Positioned::new(selection, pos))
    }

    fn spread(&mut self, pos: Pos) -> Read<Selection> {
        let conditional = self.is_keyword("on");
        if self.token.kind == Kind::Name && !conditional {
            let fragment_name = self.name()?;
            let directives = self.directives(false)?;
            return Ok(Selection::FragmentSpread(Positioned::new(
                FragmentSpread { fragment_name, directives },
                pos,
            )));
        }
        let type_condition = if conditional { Some(self.type_condition()?) } else { None };
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        let inline = InlineFragment { type_condition, directives, selection_set };
        Ok(Selection::InlineFragment(Positioned::new(inline, pos)))
    }

    fn field(&mut self) -> Read<Field> {
        let mut name = self.name()?;
        let mut alias = None;
        if self.token.kind == Kind::Mark(b':') {
            self.advance()?;
            alias = Some(std::mem::replace(&mut name, self.name()?));
        }
        let arguments = self.arguments(false)?;
        let directives = self.directives(false)?;
        let selection_set =
            if self.token.kind == Kind::Mark(b'{') { self.selection_set()? } else { Positioned::default() };
        Ok(Field { alias, name, arguments, directives, selection_set })
    }

    fn directives(&mut self, constant: bool) -> Read<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.token.kind == Kind::Mark(b'@') {
            let pos = self.token.pos;
            self.advance()?;
            let directive = Directive { name: self.name()?, arguments: self.arguments(constant)? };
            directives.push(Positioned::new(directive, pos));
        }
        Ok(directives)
    }

    fn arguments(&mut self, constant: bool) -> Read<Arguments> {
        if self.token.kind != Kind::Mark(b'(') {
            return Ok(Vec::new());
        }
        self.many(b'(', b')', true, |parser| {
            let name = parser.name()?;
            parser.take_mark(b':')?;
            Ok((name, parser.value(constant)?))
        })
    }

    fn value(&mut self, constant: bool) -> Read<Positioned<Value>> {
        let Token { kind, text, pos } = self.token;
        let value = match kind {
            Kind::Mark(b'[') => {
                let items = self.many(b'[', b']', false, |parser| Ok(parser.value(constant)?.node))?;
                return Ok(Positioned::new(Value::List(items), pos));
            }
            Kind::Mark(b'{') => return Ok(Positioned::new(self.object(constant)?, pos)),
            Kind::Mark(b'$') if !constant => {
                return Ok(Positioned::new(Value::Variable(self.variable()?.node), pos));
            }
            Kind::Int | Kind::Float => match text::number_value(text) {
                Some(number) => Value::Number(number),
                None => return Err(Fault { message: "a number is too large".to_owned(), pos }),
            },
            Kind::Text => Value::String(text::string_value(text)),
            Kind::Block => Value::String(text::block_value(text)),
            Kind::Name => match text {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                "null" => Value::Null,
                _ => Value::Enum(Name::new(text)),
            },
            _ => return Err(self.unexpected()),
        };
        self.advance()?;
        Ok(Positioned::new(value, pos))
    }

    fn object(&mut self, constant: bool) -> Read<Value> {
        let mut members = IndexMap::new();
        let given = self.many(b'{', b'}', false, |parser| {
            let name = parser.name()?;
            parser.take_mark(b':')?;
            Ok((name, parser.value(constant)?.node))
        })?;
        for (name, value) in given {
            if members.insert(name.node.clone(), value).is_some() {
                let message = format!("There are two members named {}", quoted(&name.node));
                self.repeated.push(ServerError::new(message, Some(name.pos)));
            }
        }
        Ok(Value::Object(members))
    }

    fn many<T>(
        &mut self,
        open: u8,
        close: u8,
        some: bool,
        mut item: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        if self.token.kind != Kind::Mark(open) {
            return Err(self.unexpected());
        }
        self.open()?;
        let mut items = Vec::new();
        while self.token.kind != Kind::Mark(close) || (some && items.is_empty()) {
            items.push(item(self)?);
        }
        self.close(close)?;
        Ok(items)
    }

    fn open(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > NESTING {
            let message = format!("brackets nest more than {NESTING} deep");
            return Err(Fault { message, pos: self.token.pos });
        }
        self.advance()
    }

    fn close(&mut self, mark: u8) -> Read<()> {
        self.depth -= 1;
        self.take_mark(mark)
    }

    /// Consumes a punctuator, or returns the fault at the present token.
    fn take_mark(&mut self, mark: u8) -> Read<()> {
        if self.token.kind == Kind::Mark(mark) { self.advance() } else { Err(self.unexpected()) }
    }

    fn is_keyword(&self, word: &str) -> bool {
        self.token.kind == Kind::Name && self.token.text == word
    }

    fn name(&mut self) -> Read<Positioned<Name>> {
        if self.token.kind != Kind::Name {
            return Err(self.unexpected());
        }
        let name = Positioned::new(Name::new(self.token.text), self.token.pos);
        self.advance()?;
        Ok(name)
    }

    fn advance(&mut self) -> Read<()> {
        self.token = self.lexer.next_token()?;
        Ok(())
    }

    fn unexpected(&self) -> Fault {
        let Token { kind, text, pos } = self.token;
        let message = match kind {
            Kind::End => "the document ends too early".to_owned(),
            Kind::Text | Kind::Block => "a string is not expected here".to_owned(),
            _ => format!("{} is not expected here", quoted(text)),
        };
        Fault { message, pos }
    }
}
