/* A query as tokens and prefixes, also while it is half typed and no grammar fits. */

const NAME = String.raw`\p{L}\p{N}_`;
const PARTS = [
  String.raw`#[^\n]*`, // a comment
  String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)`, // a text, ended or not
  String.raw`"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?`,
  String.raw`<[^\s<>"{}|^${"`"}\\]*>`, // an IRI
  String.raw`[?$][${NAME}]*`, // a variable
  String.raw`@[\w-]+`, // a language
  String.raw`(?:\p{L}[${NAME}.-]*)?:(?:[${NAME}:.%-]*[${NAME}:%-])?`, // a prefixed name
  String.raw`[\p{L}_][${NAME}]*`, // a word
  String.raw`[\d.]*\d(?:[eE][+-]?\d+)?`, // a number
  String.raw`\S`,
];
const TOKEN = new RegExp(PARTS.join("|"), "gu");
const PREFIX = /\bPREFIX\s+((?:\p{L}[\p{L}\p{N}_.-]*)?):\s*<([^>\s]*)>/giu;

/** Return the tokens of a text, comments left out. */
export const tokens = (text) => (text.match(TOKEN) ?? []).filter((token) => !token.startsWith("#"));

/** Whether a text ends inside a comment or a string. */
export function endsQuoted(text) {
  const last = (text.match(TOKEN) ?? []).at(-1) ?? "";
  if (last.startsWith("#")) return text.endsWith(last);
  if (!/^["']/.test(last) || !text.endsWith(last)) return false;
  const long = last[0].repeat(3);
  return last.startsWith(long)
    ? last.length < 6 || !last.endsWith(long)
    : !/^(["'])(?:\\.|(?!\1)[^\\\n])*\1$/.test(last);
}

const uncommented = (text) =>
  text.replace(TOKEN, (token) => (token.startsWith("#") ? " ".repeat(token.length) : token));

/** Return the prefixes that a query declares: prefix to namespace. */
export const declared = (text) =>
  new Map([...uncommented(text).matchAll(PREFIX)].map(([, prefix, namespace]) => [prefix, namespace]));

/** Return the change that declares a prefix: below those that a query has, else below its first comments. */
export function prefixChange(text, prefix, namespace) {
  const line = `PREFIX ${prefix}: <${namespace}>\n`;
  const last = [...uncommented(text).matchAll(PREFIX)].at(-1);
  if (!last) {
    const from = /^(?:\s*#[^\n]*\n)*/.exec(text)[0].length;
    return { from, insert: line + (/^\s*(\n|$)/.test(text.slice(from)) ? "" : "\n") };
  }
  const end = last.index + last[0].length;
  const rest = /^[ \t]*(?:#[^\n]*)?\n/.exec(text.slice(end));
  return rest ? { from: end + rest[0].length, insert: line } : { from: end, insert: `\n${line}` };
}

const EXPRESSION = new Set([
  "FILTER",
  "BIND",
  "HAVING",
  "SELECT",
  "ORDER",
  "GROUP",
  "BY",
  "LIMIT",
  "OFFSET",
  "AS",
  "VALUES",
  "ASC",
  "DESC",
]);

/** Return what is due after `text`: subject, predicate, class, object, end (of a triple) or expression. */
export function due(text) {
  let place = "expression";
  let depth = 0;
  for (const token of tokens(text)) {
    depth += token === "{" ? 1 : token === "}" ? -1 : 0;
    if (/^[{}.]$/.test(token)) place = depth > 0 ? "subject" : "expression";
    else if (token === ";" || token === "[") place = "predicate";
    else if (token === ",") place = place === "expression" ? place : "object";
    else if (EXPRESSION.has(token.toUpperCase())) place = "expression";
    else if (place === "expression") continue;
    else if (/^[/|^]$/.test(token)) place = "predicate";
    else if (/^[()!*+?]$/.test(token)) continue;
    else if (token === "]") place = "end";
    else if (place === "subject") place = /^\p{L}+$/u.test(token) ? "subject" : "predicate";
    else if (place === "predicate") place = token === "a" || token === "rdf:type" ? "class" : "object";
    else place = "end";
  }
  return place;
}
