/* What is wrong with a query, while it is typed: where the grammar stops, and what the endpoint will not do. */

import { syntaxTree } from "@codemirror/language";
import { SparqlLanguage } from "codemirror-lang-sparql";

import { reserved } from "./completion.js";
import { language, say } from "./page.js";
import { terms } from "./terms.js";
import { declared, prefixChange } from "./text.js";

const strict = SparqlLanguage.parser.configure({ strict: true });
// What may stand at a place is found by trying: how it is written, and how it is called.
const TRIED = [
  ["}", "}"],
  [")", ")"],
  ["{", "{"],
  ["(", "("],
  [".", "."],
  [";", ";"],
  ["<x:x>", "IRI"],
  ["?x", say("proměnná", "a variable")],
  ["1", say("číslo", "a number")],
  ['"x"', say("text", "a text")],
  ["WHERE", "WHERE"],
  ["SELECT", "SELECT"],
  ["AS", "AS"],
  ["BY", "BY"],
];
const either = new Intl.ListFormat(language, { type: "disjunction" });
const LONGEST = 20000; // characters; longer ones are only checked by the server

/** Return the diagnostics of a view (a lint source of CodeMirror). */
export function faults(view) {
  const text = view.state.doc.toString();
  if (!text.trim() || text.length > LONGEST) return [];
  const place = stop(text);
  return place === null ? [...refused(view.state), ...undeclared(view.state, text), ...doubtful(view.state, text)] : [broken(text, place)];
}

/** Return where the grammar stops, null where it does not. */
function stop(text) {
  try {
    // The grammar knows codepoint escapes (SPARQL 1.1, 19.2) in strings only; a letter does for each.
    strict.parse(text.replace(/\\u[\da-f]{4}|\\U[\da-f]{8}/gi, (escape) => "x".repeat(escape.length)));
    return null;
  } catch (error) {
    return Number(/No parse at (\d+)/.exec(error.message)[1]);
  }
}

function broken(text, place) {
  const rest = text.slice(place);
  if (!rest.trim()) {
    const end = text.trimEnd().length;
    return fault(Math.max(0, end - 1), end, `${say("Dotaz není celý.", "The query is not complete.")} ${expected(text.slice(0, place))}`);
  }
  const start = place + rest.search(/\S/);
  const [word] = /^(?:[\p{L}_][\p{L}\p{N}_]*|"[^"\n]*"?|<[^>\s]*>?|[?$]?[\p{L}\p{N}_:.-]+|\S)/u.exec(text.slice(start));
  const meant = nearest(word, text.slice(0, start));
  const said = say(`„${word}“ sem nepatří.`, `“${word}” does not belong here.`);
  if (!meant) return fault(start, start + word.length, `${said} ${expected(text.slice(0, place))}`.trim());
  const instead = {
    name: say(`Opravit na ${meant}`, `Change to ${meant}`),
    apply: (view, from, to) => view.dispatch({ changes: { from, to, insert: meant } }),
  };
  return { ...fault(start, start + word.length, `${said} ${say(`Nemyslíte ${meant}?`, `Did you mean ${meant}?`)}`), actions: [instead] };
}

function expected(before) {
  const found = TRIED.filter(([written]) => fits(before, written)).map(([, called]) => called);
  if (!found.length || found.length > 6) return "";
  return `${say("Čeká se", "Expected")}: ${either.format(found)}.`;
}

/** Whether what is written can follow: the grammar then stops behind it, or not at all. */
function fits(before, written) {
  const place = stop(`${before} ${written} `);
  return place === null || place > before.length + written.length;
}

/** Return the keyword that a word comes closest to, where that one can stand here. */
function nearest(word, before) {
  if (!/^\p{L}{3,}$/u.test(word)) return "";
  const close = reserved.filter((known) => known.length > 2 && distance(word.toUpperCase(), known) <= (known.length > 4 ? 2 : 1));
  const first = close.sort((a, b) => distance(word.toUpperCase(), a) - distance(word.toUpperCase(), b));
  return first.find((known) => fits(before, known)) ?? "";
}

/** Return how many letters differ (Damerau and Levenshtein: two letters that changed places are one). */
function distance(one, other) {
  let older = [];
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
    }
    [older, above] = [above, row];
  }
  return above[other.length];
}

const fault = (from, to, message, severity = "error") => ({ from, to, severity, message });

/** What the endpoint refuses whatever it means. */
function* refused(state) {
  for (const { name, from, to } of nodes(state)) {
    if (name === "Update") yield fault(from, to, say("Data se tu dají jen číst.", "The data here can only be read."));
    if (name === "SERVICE") yield fault(from, to, say("Na jiné servery se odtud ptát nelze.", "Other servers cannot be asked from here."));
    if (name === "DatasetClause")
      yield fault(from, to, say("Vše je ve výchozím grafu, FROM sem nepatří.", "All is in the default graph; there is no FROM here."));
  }
}

function* undeclared(state, text) {
  const prefixes = declared(text);
  for (const { name, from, to } of nodes(state)) {
    if (name !== "Pname_ln" && name !== "Pname_ns") continue;
    const [prefix] = text.slice(from, to).split(":");
    if (prefixes.has(prefix)) continue;
    const known = terms.prefixes[prefix];
    const add = {
      name: say("Doplnit PREFIX", "Add the PREFIX"),
      apply: (view) => view.dispatch({ changes: prefixChange(view.state.doc.toString(), prefix, known) }),
    };
    const message = say(`Předpona ${prefix}: není deklarovaná.`, `The prefix ${prefix}: is not declared.`);
    yield { ...fault(from, to, message), actions: known ? [add] : [] };
  }
}

/** What is most likely a slip: a term that our vocabulary does not have, a column that nothing fills. */
function* doubtful(state, text) {
  const prefixes = declared(text);
  const variables = [...text.matchAll(/[?$][\p{L}_][\p{L}\p{N}_]*/gu)].map(([name]) => name.slice(1));
  for (const { name, from, to, node } of nodes(state)) {
    const written = text.slice(from, to);
    if (name === "Pname_ln") {
      const [prefix, local] = written.split(":");
      const namespace = prefixes.get(prefix);
      if (!namespace || namespace !== terms.prefixes.vp || terms.byIri.has(namespace + local)) continue;
      const close = terms.all.map((term) => term.iri).filter((iri) => iri.startsWith(namespace) && distance(iri.slice(namespace.length), local) <= 2);
      const meant = close.length ? `${prefix}:${close[0].slice(namespace.length)}` : "";
      const asked = meant ? ` ${say(`Nemyslíte ${meant}?`, `Did you mean ${meant}?`)}` : "";
      const instead = {
        name: say(`Opravit na ${meant}`, `Change to ${meant}`),
        apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: meant } }),
      };
      const message = `${say(`Slovník ${written} nemá.`, `The vocabulary has no ${written}.`)}${asked}`;
      yield { ...fault(from, to, message, "warning"), actions: meant ? [instead] : [] };
    }
    if (name !== "Var" || node.parent.name !== "SelectClause" || node.prevSibling?.name === "AS") continue;
    if (variables.filter((one) => one === written.slice(1)).length === 1)
      yield fault(from, to, say(`Proměnnou ${written} nic nenaplní.`, `Nothing fills the variable ${written}.`), "warning");
  }
}

function* nodes(state) {
  const cursor = syntaxTree(state).cursor();
  do yield { name: cursor.name, from: cursor.from, to: cursor.to, node: cursor.node };
  while (cursor.next());
}
