/* A query as tokens and prefixes, also while it is half typed and no grammar fits. */

const TOKEN =
  /#[^\n]*|"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|<[^\s<>"{}|^`\\]*>|[?$][\p{L}\p{N}_]*|@[\w-]+|(?:\p{L}[\p{L}\p{N}_.-]*)?:(?:[\p{L}\p{N}_:.%-]*[\p{L}\p{N}_:%-])?|[\p{L}_][\p{L}\p{N}_]*|[\d.]*\d(?:[eE][+-]?\d+)?|\S/gu;
const PREFIX = /\bPREFIX\s+((?:\p{L}[\p{L}\p{N}_.-]*)?):\s*<([^>\s]*)>/giu;

/** Return the tokens of a text, comments left out. */
export const tokens = (text) => (text.match(TOKEN) ?? []).filter((token) => !token.startsWith("#"));

/** Whether a text ends inside a comment or a string. */
export function endsQuoted(text) {
  const last = (text.match(TOKEN) ?? []).at(-1) ?? "";
  if (last.startsWith("#")) return text.endsWith(last);
  if (!/^["']/.test(last) || !text.endsWith(last)) return false;
  const quote = last.startsWith(last[0].repeat(3)) ? last[0].repeat(3) : last[0];
  return last.length < 2 * quote.length || !last.endsWith(quote);
}

/** Return the prefixes that a query declares: prefix to namespace. */
export const declared = (text) => new Map([...text.matchAll(PREFIX)].map(([, prefix, namespace]) => [prefix, namespace]));

/** Return where in a query a PREFIX line is put: below those that it has. */
export function prefixPlace(text) {
  const last = [...text.matchAll(PREFIX)].at(-1);
  if (!last) return /^(?:\s*#[^\n]*\n)*/.exec(text)[0].length;
  const end = text.indexOf("\n", last.index + last[0].length);
  return end < 0 ? text.length : end + 1;
}

/** Return the change that declares a prefix. */
export function prefixChange(text, prefix, namespace) {
  const from = prefixPlace(text);
  const before = from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  const after = !declared(text).size && !/^\s*(\n|$)/.test(text.slice(from)) ? "\n" : "";
  return { from, insert: `${before}PREFIX ${prefix}: <${namespace}>\n${after}` };
}

const EXPRESSION = new Set(["FILTER", "BIND", "HAVING", "SELECT", "ORDER", "GROUP", "BY", "LIMIT", "OFFSET", "AS", "VALUES", "ASC", "DESC"]);

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
