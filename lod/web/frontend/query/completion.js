/* Completion: terms by name and by what people call them in either language, prefixes, variables, keywords. */

import { called, described, fit, terms } from "./terms.js";
import { fold, say } from "./page.js";
import { declared, due, endsQuoted, prefixChange } from "./text.js";

const KEYWORDS =
  "SELECT ASK CONSTRUCT DESCRIBE DISTINCT WHERE PREFIX OPTIONAL UNION MINUS FILTER BIND VALUES EXISTS NOT IN AS a " +
  "GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET UNDEF";
const FUNCTIONS =
  "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI CONCAT STRLEN SUBSTR UCASE LCASE " +
  "CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REGEX REPLACE ENCODE_FOR_URI ABS ROUND CEIL FLOOR YEAR MONTH DAY NOW " +
  "COALESCE IF SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC STRDT STRLANG";
const keywords = KEYWORDS.split(" ");
const functions = FUNCTIONS.split(" ");
export const reserved = [...keywords, ...functions];
const WANTED = { class: "class", predicate: "property", object: "concept" };
const MOST = 60;

/** Complete what stands before the cursor (a completion source of CodeMirror). */
export function complete(context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const whole = context.state.sliceDoc(0, context.pos);
  const typed = /(?:[?$][\p{L}\p{N}_]*|<[^\s<>]*|(?:\p{L}[\p{L}\p{N}_.-]*)?:[\p{L}\p{N}_.-]*|[\p{L}_][\p{L}\p{N}_]*)$/u.exec(before)?.[0] ?? "";
  if (!typed && !context.explicit) return null;
  const from = context.pos - typed.length;
  const start = whole.slice(0, from);
  if (endsQuoted(start)) return null;
  const options = /\bPREFIX\s+$/i.test(start) ? prefixes(typed) : optionsFor(typed, start, context.state.doc.toString());
  return options.length ? { from, options: options.slice(0, MOST), filter: false } : null;
}

function optionsFor(typed, start, text) {
  if (/^[?$]/.test(typed)) return variables(typed, start, text);
  if (typed.startsWith("<")) return known(fold(typed.slice(1)), "", start);
  const [, prefix, local] = /^([^:]*):(.*)$/.exec(typed) ?? [];
  if (local !== undefined) return known(fold(local), namespaceOf(prefix, text), start);
  const language = typed ? keywordsFor(typed, due(start)) : [];
  const vocabulary = known(fold(typed), "", start);
  return ["subject", "end", "expression"].includes(due(start)) ? [...language, ...vocabulary] : [...vocabulary, ...language];
}

const namespaceOf = (prefix, text) => declared(text).get(prefix) ?? terms.prefixes[prefix] ?? `${prefix}:`;

function variables(typed, start, text) {
  const found = new Set([...text.matchAll(/[?$][\p{L}_][\p{L}\p{N}_]*/gu)].filter((one) => one.index !== start.length).map(([name]) => name));
  return [...found].filter((name) => name.startsWith(typed) && name !== typed).sort().map((label) => ({ label, type: "variable" }));
}

function known(typed, namespace, start) {
  const wanted = WANTED[due(start)];
  return terms.all
    .filter((term) => !namespace || (term.kind !== "concept" && term.iri.startsWith(namespace)))
    .map((term) => [fit(term, typed) && fit(term, typed) + (term.kind === wanted ? 6 : 0) + Math.log10(1 + (term.count ?? 0)) / 5, term])
    .filter(([score]) => score)
    .sort(([a, one], [b, other]) => b - a || one.name.localeCompare(other.name))
    .map(([, term]) => option(term));
}

function option(term) {
  const isConcept = term.kind === "concept";
  return {
    label: isConcept ? called(term) : term.name,
    detail: isConcept ? "" : called(term),
    type: term.kind,
    info: () => described(term),
    apply: (view, _, from, to) => {
      const change = written(term, view.state.doc.toString());
      view.dispatch({
        changes: [{ from, to, insert: change.name }, ...change.prefix],
        selection: { anchor: from + change.name.length + change.prefix.reduce((sum, { insert }) => sum + insert.length, 0) },
        userEvent: "input.complete",
      });
    },
  };
}

/** Return how a query writes a term, and the PREFIX line that it lacks for that. */
export function written(term, text) {
  const [prefix] = term.name.split(":");
  const namespace = terms.prefixes[prefix];
  if (term.kind === "concept" || !namespace) return { name: term.kind === "concept" ? term.name : `<${term.iri}>`, prefix: [] };
  const local = term.name.slice(prefix.length + 1);
  const prefixes = declared(text);
  const [own] = [...prefixes].find(([, iri]) => iri === namespace) ?? [];
  if (own !== undefined) return { name: `${own}:${local}`, prefix: [] };
  if (prefixes.has(prefix)) return { name: `<${term.iri}>`, prefix: [] };
  return { name: term.name, prefix: [prefixChange(text, prefix, namespace)] };
}

function prefixes(typed) {
  const name = typed.replace(/:.*$/, "");
  return Object.entries(terms.prefixes)
    .filter(([prefix]) => prefix.startsWith(name))
    .map(([prefix, namespace]) => ({ label: `${prefix}:`, detail: namespace, type: "prefix", apply: `${prefix}: <${namespace}>\n` }));
}

function keywordsFor(typed, place) {
  const start = typed.toUpperCase();
  const inExpression = place === "expression";
  return [
    ...keywords.filter((word) => word.toUpperCase().startsWith(start)).map((label) => ({ label, type: "keyword" })),
    ...(inExpression ? functions.filter((name) => name.startsWith(start)).map(call) : []),
  ];
}

function call(name) {
  return {
    label: name,
    type: "function",
    detail: say("funkce", "function"),
    apply: (view, _, from, to) =>
      view.dispatch({ changes: { from, to, insert: `${name}()` }, selection: { anchor: from + name.length + 1 }, userEvent: "input.complete" }),
  };
}

