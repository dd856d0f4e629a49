// Documents by hand: each rule of the specification, broken and kept, and the grammar's corners.
const spaces = (args, vars = '') => `query Q${vars} { spaces${args} { nodes { id } } }`;
const topUp = (amount, vars = '') => `mutation M${vars} { topUpWallet(input: { amount: ${amount} }) { wallet { balance } } }`;
const search = (text) => spaces(`(search: ${text})`);
const tags = (value, vars = '') => `mutation M${vars} { createSpace(input: { name: "a", tags: ${value} }) { space { id } } }`;

export const byHand = [
  // All variable usages are allowed.
  topUp('$x', '($x: Coins)'), topUp('$x', '($x: Coins!)'), topUp('$x', '($x: Coins = 5)'), topUp('$x', '($x: Coins = null)'),
  topUp('$x', '($x: Int!)'), topUp('$x', '($x: [Coins!]!)'), topUp('$x', '($x: Nothing!)'), topUp('$x', '($x: Space!)'),
  tags('[$t]', '($t: String)'), tags('[$t]', '($t: String!)'), tags('[$t]', '($t: String = "a")'), tags('$t', '($t: [String!])'),
  tags('$t', '($t: [String])'), tags('$t', '($t: [String!]!)'), tags('$t', '($t: String)'), tags('$t', '($t: String!)'),
  tags('[["a"]]'), tags('"a"'), tags('["a", null]'), tags('["a", 1]'),
  spaces('(search: $t)', '($t: Int!)'), spaces('(search: $t)', '($t: String!)'), spaces('(search: $t)', '($t: ID)'),
  spaces('(first: $n)', '($n: Int)'), spaces('(first: $n)', '($n: Float)'), spaces('(first: $n)', '($n: Int, $m: Int)'),
  spaces('(first: $n)', '($n: Int, $n: Int)'), spaces('(first: $n)'), spaces('(first: $n)', '($n: Int = "a")'), spaces('(first: $n)', '($n: Int = 1.0)'),
  'query Q($s: Int) { spaces @include(if: $s) { nodes { id } } }', 'query Q($s: Boolean) { spaces @include(if: $s) { nodes { id } } }',
  'query Q($s: Boolean!) { spaces @include(if: $s) { nodes { id } } }', 'query Q($s: Boolean = true) { spaces @skip(if: $s) { nodes { id } } }',
  'query Q($s: Boolean!) { ...F } fragment F on Query { spaces @include(if: $s) { nodes { id } } }',
  'query Q { ...F } fragment F on Query { spaces @include(if: $s) { nodes { id } } }',
  'query A($s: Boolean!) { ...F } query B { ...F } fragment F on Query { spaces @include(if: $s) { nodes { id } } }',
  'query Q($k: __TypeKind) { __typename }', 'query Q($i: String = $i) { spaces(search: $i) { nodes { id } } }',
  // Fields, arguments, leaves.
  '{ nothing }', '{ spaces }', '{ spaces { nodes { id { x } } } }', '{ spaces { nodes { nothing } } }', '{ spaces(nothing: 1) { nodes { id } } }',
  '{ spaces(first: 1, first: 2) { nodes { id } } }', '{ space { id } }', '{ space(id: null) { id } }', '{ space(id: 5) { id } }', '{ space(id: 5.0) { id } }',
  '{ spaces { __typename nodes { __typename } } __typename }', '{ spaces { __schema { types { name } } } }', '{ spaces { nodes { ... { id } } } }',
  '{ __type { name } }', '{ __type(name: "Space") { name kind fields(includeDeprecated: true) { name } } }', '{ __type(name: "Space") { nothing } }',
  'mutation { __schema { queryType { name } } }', 'mutation { __typename }',
  'mutation { createSpace(input: {}) { space { id } } }', 'mutation { createSpace(input: { name: "a", nothing: 1 }) { space { id } } }', 'mutation { createSpace(input: { name: "a", name: "b" }) { space { id } } }',
  'mutation { createSpace(input: "a") { space { id } } }', 'mutation { createSpace(input: []) { space { id } } }', 'mutation { createSpace(input: [{ name: "a" }]) { space { id } } }',
  'mutation { createSpace(input: { name: $n }) { space { id } } }', 'mutation M($n: String!) { createSpace(input: { name: $n, definition: { a: [$n] } }) { space { id } } }',
  '{ communities(kind: CLUB) { nodes { id } } }', '{ communities(kind: "CLUB") { nodes { id } } }', '{ communities(kind: NOTHING) { nodes { id } } }',
  // Fragments.
  '{ ...F }', '{ ...F } fragment F on Query { __typename }', '{ __typename } fragment F on Query { __typename }', '{ ...F } fragment F on Nothing { id }',
  '{ ...F } fragment F on String { id }', '{ ...F } fragment F on CommunityKind { id }', '{ ... on Space { id } }', '{ ... on Query { __typename } }',
  '{ ...F } fragment F on Query { ...F }', '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }',
  '{ ...F } fragment F on Query { __typename } fragment F on Query { __typename }', '{ ...on }', '{ ... on on }', 'fragment on on Query { __typename } { __typename }',
  '{ communities { nodes { ... on Club { id } ... on Community { id } ... on Lounge { id } ... on Space { id } } } }',
  'fragment F on Query { __typename }', '', '#', '# only a comment\n', '{ }', '{ a: }', 'query', 'query Q', 'query { }',
  '{ __schema { types { ...T } } } fragment T on __Type { name }',
  // Overlapping fields.
  '{ a: space(id: 1) { id } a: space(id: 2) { id } }', '{ a: space(id: 1) { id } a: space(id: 1) { name } }', '{ a: __typename a: spaces { nodes { id } } }',
  '{ communities { nodes { ... on Club { x: id } ... on Lounge { x: name } } } }', '{ communities { nodes { ... on Club { x: id } ... on Club { x: name } } } }',
  '{ communities { nodes { ... on Club { x: memberCount } ... on Lounge { x: name } } } }', '{ communities { nodes { x: id ... on Lounge { x: name } } } }',
  '{ communities { nodes { ... on Club { x: owner { id } } ... on Lounge { x: owner { name } } } } }',
  '{ communities { nodes { ... on Club { x: owner { y: id } } ... on Lounge { x: owner { y: createdAt } } } } }',
  '{ a: spaces(first: 1) { nodes { id } } a: spaces(first: 1) { totalCount } }', '{ a: spaces(first: 1, search: "a") { nodes { id } } a: spaces(search: "a", first: 1) { totalCount } }',
  'query Q($n: Int) { a: spaces(first: $n) { totalCount } a: spaces(first: 1) { totalCount } }',
  '{ ...F ...G } fragment F on Query { a: space(id: 1) { id } } fragment G on Query { a: space(id: 2) { id } }',
  // Directives.
  '{ __typename @skip }', '{ __typename @skip(if: true) @skip(if: true) }', '{ __typename @skip(if: true) @include(if: true) }', '{ __typename @nothing }',
  '{ __typename @skip(if: null) }', '{ __typename @skip(if: "true") }', '{ __typename @skip(unless: true) }', '{ __typename @skip(if: true, if: false) }',
  '{ __typename @deprecated }', 'query @skip(if: true) { __typename }', 'query Q($n: Int @skip(if: true)) { spaces(first: $n) { nodes { id } } }',
  'query Q($n: Int = 1 @nothing) { spaces(first: $n) { nodes { id } } }', '{ ...F } fragment F on Query @include(if: true) { __typename }', '{ ... @include(if: true) { __typename } }',
  '{ ...F @skip(if: false) } fragment F on Query { __typename }', '{ __typename @specifiedBy(url: "x") }', '{ __typename @oneOf }',
  // Operations.
  'query A { __typename } query A { __typename }', '{ __typename } { __typename }', 'query A { __typename } { __typename }', 'query A { __typename } mutation B { __typename }',
  'subscription { inbox { __typename } }', 'subscription { inbox { __typename } other: inbox { __typename } }', 'subscription { __typename }',
  'subscription { a: inbox { __typename } ...F } fragment F on Subscription { b: inbox { __typename } }', 'subscription { inbox { __typename } inbox { __typename } }',
  'subscription A { inbox { __typename } } subscription B { a: inbox { __typename } b: inbox { __typename } }', 'subscription { __schema { queryType { name } } }',
  'type Space { id: ID }', '{ __typename } type Space { id: ID }', 'schema { query: Query }', 'extend type Query { a: Int }',
  '"What it does" query Q { __typename }', '"What it does" { __typename }', '"""What it does""" query Q("What it is" $n: Int) { spaces(first: $n) { nodes { id } } }',
  '"A part" fragment F on Query { __typename } query Q { ...F }',
  // The grammar's corners.
  'queryQ { __typename }', 'query Q() { __typename }', '{ spaces() { nodes { id } } }', 'query Q ( $ n : [ Int ! ] ! ) { spaces { nodes { id } } }',
  'query Q($n: Int,) { spaces(first: $n,) { nodes { id, }, }, }', '\ufeff{ __typename }', '{ __typename\ufeff }', '{\r__typename\r\n}', '{ __typename } \u0000', '{ __typename \u0007 }', '{ é }', '{ _ }', '{ __typename; }',
  '{ . . . on Query { __typename } }', '{ ... on # comment\n Query { __typename } }', '{ ..on Query { __typename } }', '{ a:__typename }', '{ query mutation fragment on true false null }', '{ on: __typename true: __typename null: __typename }',
  '{ spaces(first: 00) { nodes { id } } }', '{ spaces(first: 01) { nodes { id } } }', '{ spaces(first: -0) { nodes { id } } }', '{ spaces(first: -) { nodes { id } } }', '{ spaces(first: 1.) { nodes { id } } }', '{ spaces(first: .5) { nodes { id } } }',
  '{ spaces(first: 1e) { nodes { id } } }', '{ spaces(first: 1e3) { nodes { id } } }', '{ spaces(first: 1x) { nodes { id } } }', '{ spaces(first: 0x1) { nodes { id } } }', '{ spaces(first: +1) { nodes { id } } }', '{ spaces(first: 1_000) { nodes { id } } }',
  '{ spaces(first: 2147483647) { nodes { id } } }', '{ spaces(first: 2147483648) { nodes { id } } }', '{ spaces(first: -2147483648) { nodes { id } } }', '{ spaces(first: 99999999999999999999) { nodes { id } } }', '{ spaces(first: nullable) { nodes { id } } }', '{ spaces(search: trueish) { nodes { id } } }',
  '{ spaces(first: [nullable]) { nodes { id } } }', topUp('5000000000'), topUp('1.0'), topUp('9007199254740991'), '{ space(id: 9223372036854775807) { id } }', '{ space(id: -5) { id } }',
  search('"\\uD83D\\uDE00"'), search('"\\u{1F600}"'), search('"\\u{0}a"'.replace('{0}', '{41}')), search('"\\u{}"'), search('"\\u{110000}"'), search('"\\u{D83D}"'), search('"\\u{000000041}"'), search('"\\u{00000041}"'),
  search('"\\uD83D"'), search('"\\uDE00\\uD83D"'), search('"\\uD83D\\n"'), search('"\\u12"'), search('"\\u12G4"'), search('"\\x41"'), search('"\\\'"'), search('"a'), search('"a\nb"'), search('"a\\\nb"'), search('"\t"'), search('"\u007f"'),
  search('"""a \\""" b"""'), search('"""a"""'), search('"""a'), search('"""""'), search('""""""'), search('""""""""'), search('"""a""""'), search('"""\\u0041\\n"""'), search('"""\n\n  a\n\n    b\n\n"""'), search('"""  a\n    b\n  c"""'), search('"""\ta\r\n\t\tb\r\tc"""'),
  '{ spaces(search: $) { nodes { id } } }', '{ spaces(search: @) { nodes { id } } }', '{ spaces(search: {a: 1}) { nodes { id } } }', '{ spaces(search: {a: 1, a: 2}) { nodes { id } } }', 'query Q($d: JSON = {a: 1, a: 2}) { __typename }',
  `{ ${'a'.repeat(200)} }`, '{ toString }', '{ __proto__ }', '{ constructor: __typename }', '{ spaces(__proto__: 1) { nodes { id } } }', '{ ...__proto__ }', 'query Q($__proto__: Int) { spaces(first: $__proto__) { nodes { id } } }',
];

// Values of literals come back as the defaults of variables, so that they can be compared.
const fallback = (type, literal) => ({ query: `query Q($v: ${type} = ${literal}) { ...F } fragment F on Query { space(id: "x") { id } } `.replace('{ ...F }', use(type)), variables: {} });
function use(type) {
  const place = {
    String: 'spaces(search: $v) { nodes { id } }', Int: 'spaces(first: $v) { nodes { id } }', 'Int!': 'spaces(first: $v) { nodes { id } }', Boolean: '__typename @skip(if: $v)', 'ID!': 'space(id: $v) { id }', ID: 'messages(communityId: $v) { id }',
    DateTime: 'messages(before: $v) { id }', CommunityKind: 'communities(kind: $v) { nodes { id } }',
  }[type];
  return `{ ...F ${place} }`;
}
const given = (type, value) => ({ ...fallback(type, 'X'), query: `query Q($v: ${type}) ${use(type).replace('...F ', '')}`, variables: { v: value } });
const literals = [
  '"\\uD83D\\uDE00"', '"\\u{1F600}\\u{41}"', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '""', '"é 😀"', '"""a \\""" b"""', '""""""', '"""\n    a\n      b\n\n    c\n    """', '"""  a\n    b\n  c"""', '"""\n\ta\n\t\tb\n"""', '"""a\\n\\u0041"""', '"""\r\n  a\r  b\r\n"""', '"""   """', '"""\n  \n a\n   \n"""', '"""a\n\n\n b"""',
];
const values = [null, 0, -0, 1, 1.0, 1.5, -1, 2147483647, 2147483648, -2147483648, 9007199254740991, '', 'a', '1', 'é 😀', '2026-01-31T12:00:00Z', '2026-02-30T12:00:00Z', '9999-12-31T23:59:59Z', 'CLUB', 'club', true, false, [], [1], ['a'], [[]], {}, { a: 1 }];
export const requests = [
  ...literals.map((literal) => fallback('String', literal)),
  ...['0', '-0', '5', '-5', 'null'].map((literal) => fallback('Int', literal)),
  ...['5', '"5"', '"x"', '007'].map((literal) => fallback('ID!', literal)),
  ...['String', 'Int', 'Int!', 'ID', 'ID!', 'DateTime', 'CommunityKind'].flatMap((type) => values.map((value) => given(type, value))),
  { query: 'query Q($id: ID!) { space(id: $id) { id } }' }, { query: 'query Q($id: ID!) { space(id: $id) { id } }', variables: { id: null } }, { query: 'query Q($id: ID!) { space(id: $id) { id } }', variables: { id: 'x', other: 1 } },
];
