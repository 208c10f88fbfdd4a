/* The meaning of a term: under the pointer, and under the cursor for those who have no pointer. */

import { syntaxTree } from "@codemirror/language";
import { hoverTooltip } from "@codemirror/view";

import { declared } from "./text.js";
import { described, terms } from "./terms.js";

/** Return the term at a place of a query, with its range; null where there is none. */
export function termAt(state, place, side = 0) {
  const node = syntaxTree(state).resolveInner(place, side);
  const written = state.sliceDoc(node.from, node.to);
  const term = terms.byIri.get(iriOf(node.name, written, state));
  return term ? { term, from: node.from, to: node.to } : null;
}

function iriOf(name, written, state) {
  if (name === "IriRef") return written.slice(1, -1);
  if (name === "A_predicate") return `${terms.prefixes.rdf}type`;
  if (name !== "Pname_ln") return "";
  const [prefix, ...local] = written.split(":");
  return (declared(state.doc.toString()).get(prefix) ?? terms.prefixes[prefix] ?? "") + local.join(":");
}

export const meaning = hoverTooltip((view, place, side) => {
  const found = termAt(view.state, place, side);
  return found && { pos: found.from, end: found.to, above: true, create: () => ({ dom: described(found.term) }) };
});
