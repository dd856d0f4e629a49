// Holds the server's validation and its reading of values to those of graphql-js: documents that are written by hand and
// documents that are generated, valid and invalid, over the server's own schema. Both must agree on each.
// `node validation.mjs PATH_OF_PLAZA [NUMBER [SEED]]`; without a seed the generated documents are the same in every run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  buildSchema, getIntrospectionQuery, GraphQLError, GraphQLList, GraphQLNonNull, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType,
  isObjectType, isScalarType, isUnionType, isInterfaceType, Kind, Lexer, MaxIntrospectionDepthRule, parse, Source,
  specifiedRules, TokenKind, validate, valueFromASTUntyped, getNamedType, isCompositeType,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { byHand, requests as requestsByHand } from './validation-cases.mjs';

const [binary, count = '6000', seed = '20261128'] = process.argv.slice(2);
if (!binary) throw new Error('Which plaza? Give its path.');
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
// This one is a limit of the server's, under a code of its own.
const rules = specifiedRules.filter((rule) => rule !== MaxIntrospectionDepthRule);

// What the schema says of its own scalars in words.
const moment = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const own = {
  DateTime: (value) => {
    const [, day] = (typeof value === 'string' && moment.exec(value)) || [];
    // `Date` takes the thirtieth of February for the second of March.
    return day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) && !Number.isNaN(Date.parse(value));
  },
  Coins: (value) => Number.isSafeInteger(value),
  Url: (value) => typeof value === 'string',
  JSON: () => true,
  Upload: () => false,
};
for (const [name, fits] of Object.entries(own)) {
  const scalar = schema.getType(name);
  if (!scalar) continue;
  const check = (value) => {
    if (!fits(value)) throw new GraphQLError(`${name} cannot be ${JSON.stringify(value)}`);
    return value;
  };
  scalar.parseValue = check;
  scalar.parseLiteral = (node) => {
    if (name === 'Coins' && node.kind !== Kind.INT) throw new GraphQLError('Coins are whole');
    return check(valueFromASTUntyped(node));
  };
}
for (const type of Object.values(schema.getTypeMap())) {
  if (isScalarType(type) && !['Int', 'Float', 'String', 'Boolean', 'ID', ...Object.keys(own)].includes(type.name)) {
    throw new Error(`The scalar ${type.name} is not known here`);
  }
}

const nonNull = (type) => new GraphQLNonNull(type);

// A generator of numbers, the same in every run (mulberry32).
let state = Number(seed);
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;

const texts = [
  '""', '"a"', '"\\n\\t\\"\\\\"', '"\\u00e9"', '"\\uD83D\\uDE00"', '"\\u{1F600}"', '"é 😀"', '"""a"""',
  '"""\n  a\n    b\n"""', '"""\\""" """', '"2026-01-31T12:00:00Z"', '"2026-01-31T12:00:00.5+01:00"', '"01900000-0000-7000-8000-000000000000"',
];
const values = ['1', '-1', '0', '1.5', '1e3', '2147483648', 'true', 'null', 'RED', '[]', '{}', '[1]', '{a: 1}', ...texts];

/** A literal of a type, mostly a fitting one. */
function literal(type, scope, depth = 0) {
  if (chance(0.01)) return pick(values);
  if (scope && chance(0.25)) return variable(type, scope);
  if (isNonNullType(type)) return present(type.ofType, scope, depth);
  return chance(0.08) ? 'null' : present(type, scope, depth);
}

function present(type, scope, depth) {
  if (isListType(type)) {
    if (chance(0.15)) return literal(type.ofType, scope, depth + 1);
    return `[${Array.from({ length: below(3) }, () => literal(type.ofType, scope, depth + 1)).join(', ')}]`;
  }
  if (isEnumType(type)) return pick(type.getValues()).name;
  if (isInputObjectType(type)) return object(type, scope, depth);
  return leaf(type.name);
}

function leaf(name) {
  switch (name) {
    case 'Int': return pick(['0', '1', '20', '-5', '2147483647']);
    case 'Float': return pick(['0', '1.5', '-2e3', '7']);
    case 'Boolean': return pick(['true', 'false']);
    case 'ID': return pick(['"01900000-0000-7000-8000-000000000000"', '7', '"x"']);
    case 'DateTime': return pick(['"2026-01-31T12:00:00Z"', '"2026-01-31T12:00:00.5+01:00"']);
    case 'Coins': return pick(['0', '100', '-7', '5000000000']);
    case 'JSON': return pick(['1', '"a"', '[1, {a: null}]', '{a: [true], b: X}', 'null']);
    default: return pick(texts);
  }
}

function object(type, scope, depth) {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf ? [pick(fields)] : fields.filter((field) => required(field) || (depth < 3 && chance(0.4)));
  return `{${chosen.map((field) => `${field.name}: ${literal(field.type, scope, depth + 1)}`).join(', ')}}`;
}

const required = (input) => isNonNullType(input.type) && input.defaultValue === undefined;

/** A variable for a place of this type: now and then of a type that does not quite fit. */
function variable(type, scope) {
  let text = String(type);
  if (chance(0.3)) text += '!';
  if (chance(0.02)) text = `[${text}]`;
  if (chance(0.03)) text = text.replace(/!$/, '');
  if (chance(0.02)) text = pick(['String', 'Int!', 'Boolean', 'ID', 'JSON']);
  text = text.replace(/!!$/, '!');
  const known = scope.variables.find((one) => one.type === text);
  if (known && chance(0.5)) return `$${known.name}`;
  const name = `v${scope.variables.length}`;
  const fallback = chance(0.25) ? literal(type) : undefined;
  scope.variables.push({ name, type: text, fallback });
  return `$${name}`;
}

function directives(scope) {
  if (!chance(0.06)) return '';
  const condition = () => (chance(0.5) ? variable(nonNull(schema.getType('Boolean')), scope) : pick(['true', 'false', 'true', 'false', 'null']));
  return ` @${pick(['skip', 'include', 'include', 'skip', 'include', 'deprecated'])}(if: ${condition()})`;
}

function args(definitions, scope) {
  const chosen = definitions.filter((definition) => required(definition) ? !chance(0.01) : chance(0.25));
  if (!chosen.length) return '';
  return `(${chosen.map((one) => `${one.name}: ${literal(one.type, scope)}`).join(', ')})`;
}

function selections(type, scope, depth) {
  const parts = [];
  const fields = isUnionType(type) ? [] : Object.values(type.getFields());
  for (let n = 1 + below(depth > 3 ? 2 : 4); n > 0; n -= 1) {
    const roll = random();
    if (roll < 0.08) parts.push('__typename');
    else if (roll < 0.2 && depth < 5) parts.push(fragment(type, scope, depth));
    else if (fields.length) {
      const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
      const field = depth > 3 && leaves.length ? pick(leaves) : pick(fields);
      const alias = chance(0.12) ? `${pick(['a', 'b', 'c', 'd', 'id'])}: ` : '';
      const inner = getNamedType(field.type);
      let set = isCompositeType(inner) ? ` ${selections(inner, scope, depth + 1)}` : '';
      if (chance(0.004)) set = set ? '' : ' { id }';
      parts.push(`${alias}${field.name}${args(field.args, scope)}${directives(scope)}${set}`);
    }
  }
  return `{ ${parts.length ? parts.join(' ') : '__typename'} }`;
}

function fragment(type, scope, depth) {
  const possible = [type, ...(isObjectType(type) ? [...type.getInterfaces()] : [...schema.getPossibleTypes(type)])];
  const on = chance(0.015) ? pick(Object.values(schema.getTypeMap())) : pick(possible);
  const body = isCompositeType(on) ? selections(on, scope, depth + 1) : '{ id }';
  if (chance(0.4)) return `...${chance(0.2) && on === type ? '' : ` on ${on.name}`}${directives(scope)} ${body}`;
  if (scope.fragments.length && chance(0.3)) return `...${pick(scope.fragments).name}`;
  const name = `F${scope.fragments.length}`;
  scope.fragments.push({ name, text: `fragment ${name} on ${on.name} ${body}` });
  return `...${name}${directives(scope)}`;
}

function generated() {
  const scope = { variables: [], fragments: [] };
  const [word, root] = pick([
    ['query', schema.getQueryType()], ['query', schema.getQueryType()], ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ]);
  const body = selections(root, scope, word === 'subscription' ? 1 : 0);
  const definitions = scope.variables.map(({ name, type, fallback }) =>
    `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`);
  const head = chance(0.8) || definitions.length ? `${word} Q${definitions.length ? `(${definitions.join(', ')})` : ''} ` : '';
  return [`${head || (word === 'query' ? '' : `${word} `)}${body}`, ...scope.fragments.map(({ text }) => text)].join('\n');
}

/** The same text with a token left out, written twice, or another in its place. */
function broken(text) {
  const tokens = [];
  const lexer = new Lexer(new Source(text));
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (token.kind !== TokenKind.COMMENT) tokens.push({ kind: token.kind, text: text.slice(token.start, token.end) });
  }
  for (let n = 1 + below(2); n > 0; n -= 1) {
    const at = below(tokens.length);
    const names = tokens.filter((token) => token.kind === TokenKind.NAME);
    const roll = random();
    if (roll < 0.2) tokens.splice(at, 1);
    else if (roll < 0.3) tokens.splice(at, 0, tokens[at]);
    else if (roll < 0.4) tokens.splice(at, 0, { kind: '', text: pick(['!', '$', '@', '...', 'on', '[', ']', '{', '}', '=', ':']) });
    else if (roll < 0.7 && names.length) pick(names).text = pick(names).text;
    else if (roll < 0.8 && names.length) pick(names).text = pick(['id', 'name', 'Int', 'String', 'on', 'true', 'null', 'query', '__schema', 'toString']);
    else tokens[at] = { kind: '', text: pick(values) };
  }
  return tokens.map((token) => token.text).join(' ');
}

/** A JSON value for a type, mostly a fitting one. */
function json(type, depth = 0) {
  if (chance(0.04)) return pick([null, 1, 1.5, '1', true, [], {}, [null], { a: 1 }]);
  if (isNonNullType(type)) return json(type.ofType, depth);
  if (chance(0.06)) return null;
  if (isListType(type)) return chance(0.15) ? json(type.ofType, depth) : Array.from({ length: below(3) }, () => json(type.ofType, depth + 1));
  if (isEnumType(type)) return pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const chosen = type.isOneOf ? [pick(fields)] : fields.filter((field) => required(field) || (depth < 3 && chance(0.4)));
    const value = Object.fromEntries(chosen.map((field) => [field.name, json(field.type, depth + 1)]));
    if (chance(0.03)) value[pick(['nothing', '__proto__x', 'constructor'])] = 1;
    return value;
  }
  return pick({
    Int: [0, 1, -5, 2147483647, 2147483648, 1.5, 3.0], Float: [0, 1.5, -2e3], Boolean: [true, false, 0],
    ID: ['x', 7, 1.5, ''], Coins: [0, 5000000000, 1.5], JSON: [1, 'a', [1, { a: null }]],
    DateTime: ['2026-01-31T12:00:00Z', 'soon', 5], Upload: ['x', null],
  }[type.name] ?? ['a', 'é 😀', '', 5]);
}

/** What graphql-js says of a request. */
function expected({ query, variables, operationName }) {
  let document;
  try {
    document = parse(query);
  } catch (error) {
    return { valid: false, why: error.message };
  }
  let errors;
  try {
    errors = validate(schema, document, rules);
  } catch (error) {
    // A condition that depends on a variable, at the root of a subscription.
    return { skip: error.message };
  }
  if (errors.length) return { valid: false, why: errors[0].message };
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const operation = operations.find((node) => !operationName || node.name?.value === operationName);
  const { errors: unfit, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  return unfit ? { valid: false, unfit: true, why: unfit[0].message } : { valid: true, variables: coerced };
}

function request(query) {
  let operations = [];
  let variables = {};
  try {
    operations = parse(query).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    for (const { variable: { name }, type } of operations[0]?.variableDefinitions ?? []) {
      const declared = typeOf(type);
      if (declared && chance(0.8)) variables[name.value] = json(declared);
    }
  } catch {
    // It is not GraphQL; that is a case, too.
  }
  const operationName = operations.length > 1 ? operations[0].name?.value : undefined;
  return { query, variables, operationName };
}

function typeOf(node) {
  if (node.kind === Kind.NAMED_TYPE) {
    const type = schema.getType(node.name.value);
    return isLeafType(type) || isInputObjectType(type) ? type : undefined;
  }
  const inner = typeOf(node.type);
  return inner && (node.kind === Kind.LIST_TYPE ? new GraphQLList(inner) : nonNull(inner));
}
const all = [...requestsByHand, ...byHand.map((query) => request(query))];
for (const options of [{}, { descriptions: false }, { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }]) {
  all.push(request(getIntrospectionQuery(options)));
}
for (let n = 0; n < Number(count); n += 1) {
  const text = generated();
  all.push(request(chance(0.4) ? broken(text) : text));
}

const lifted = {};
for (const limit of ['BYTES', 'TOKENS', 'DEPTH', 'COMPLEXITY', 'INTROSPECTION', 'ALIASES', 'DIRECTIVES']) {
  // Fields nest as deep as brackets at most.
  lifted[`PLAZA_QUERY_${limit}`] = limit === 'DEPTH' ? '60' : '1000000000';
}
const run = spawnSync(binary, ['validate', '--requests', '-'], {
  input: all.map((one) => JSON.stringify(one)).join('\n'), encoding: 'utf8', maxBuffer: 1 << 30,
  env: { PATH: process.env.PATH, ...lifted }, timeout: 300_000,
});
const answers = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
if (answers.length !== all.length) throw new Error(`${answers.length} answers to ${all.length} requests: ${run.stderr}`);

/** Members in one order, so that texts can be compared. */
const sorted = (value) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);

let valid = 0, unfit = 0, invalid = 0, skipped = 0, wrong = 0;
all.forEach((one, at) => {
  const theirs = expected(one), ours = answers[at];
  const message = ours.errors?.[0]?.message ?? '';
  // Limits are the server's own. What is null where null is not allowed fails in graphql-js when it is executed.
  // A subscription whose only field is left out has none, which graphql-js lets pass.
  const empty = message.startsWith('A subscription must select') && /@\s*(include\s*\(\s*if\s*:\s*false|skip\s*\(\s*if\s*:\s*true)/.test(one.query);
  if (theirs.skip || empty || ours.code === 'QUERY_TOO_COMPLEX' || (ours.code === 'INVALID' && message.includes('must not be null, but $'))) {
    skipped += 1;
    return;
  }
  const stage = theirs.valid || (ours.code === 'INVALID') === Boolean(theirs.unfit);
  const same = theirs.valid === ours.valid && stage && (!theirs.valid || sorted(theirs.variables) === sorted(ours.variables));
  if (!same) {
    wrong += 1;
    if (wrong <= 20) {
      console.error(`FAILED ${JSON.stringify(one)}\n  graphql-js: ${JSON.stringify(theirs)}\n  plaza: ${JSON.stringify(ours)}`);
    }
  } else if (theirs.valid) valid += 1;
  else if (theirs.unfit) unfit += 1;
  else invalid += 1;
});
console.log(`${wrong ? 'FAILED' : 'ok    '} validation: ${valid} valid, ${invalid} invalid, ${unfit} with unfit variables alike; ${wrong} not alike, ${skipped} left out`);
// A generator that makes one kind alone would prove nothing.
if (wrong || valid < all.length / 10 || invalid < all.length / 5 || unfit < 100) process.exit(1);
