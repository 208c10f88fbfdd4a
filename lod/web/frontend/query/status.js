/* One line under the editor: the first fault, else what the term under the cursor means. It is read out politely. */

import { forEachDiagnostic } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";

import { inBoth, language, say } from "./page.js";
import { termAt } from "./hover.js";
import { called } from "./terms.js";

const QUIET = 700; // milliseconds without a change until the line says something

/** Return the extension that keeps the line true. */
export function statusLine(line) {
  let waiting;
  return EditorView.updateListener.of((update) => {
    if (!update.docChanged && !update.selectionSet && !update.transactions.some(({ effects }) => effects.length)) return;
    clearTimeout(waiting);
    if (update.docChanged) line.textContent = "";
    waiting = setTimeout(() => show(line, update.view), QUIET);
  });
}

function show(line, view) {
  const [text, kind] = first(view.state) ?? meant(view.state) ?? ["", ""];
  if (line.textContent === text) return;
  line.textContent = text;
  line.className = `status ${kind}`;
}

function first(state) {
  let found = null;
  forEachDiagnostic(state, (diagnostic, from) => {
    const where = state.doc.lineAt(from);
    const place = say(`Řádek ${where.number}, znak ${from - where.from + 1}`, `Line ${where.number}, character ${from - where.from + 1}`);
    found ??= [`${place}: ${diagnostic.message}`, diagnostic.severity];
  });
  return found;
}

function meant(state) {
  const found = termAt(state, state.selection.main.head, 1) ?? termAt(state, state.selection.main.head, -1);
  if (!found) return null;
  const { term } = found;
  const definition = term.definition?.[language] ?? inBoth(term.definition)[0]?.[1] ?? "";
  return [`${term.kind === "concept" ? "" : `${term.name}: `}${called(term)}${definition ? `. ${definition}` : ""}`, "meaning"];
}
