/* The query page: the form's text field becomes an editor. What is sent is still the field of the form. */

import { syntaxTree } from "@codemirror/language";
import { forceLinting } from "@codemirror/lint";

import { openEditor } from "./query/editor.js";
import { historyPanel, remember } from "./query/history.js";
import { copyButton, make, say } from "./query/page.js";
import { keepSnippets } from "./query/snippets.js";
import { loadTerms } from "./query/terms.js";

const LONGEST_ADDRESS = 7000; // characters; longer ones are refused by servers and proxies here and there

const form = document.querySelector("form.query");
const field = form.querySelector("textarea");
const format = form.querySelector("[name=format]");
const actions = form.querySelector(".actions");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const line = make("p", { class: "status", role: "status" });
const help = make("p", { class: "soft help", id: "query-help" }, say(
  `${isMac ? "⌘" : "Ctrl"}+Enter spustí dotaz, Ctrl+mezerník napoví, Tab vede dál.`,
  `${isMac ? "⌘" : "Ctrl"}+Enter runs the query, Ctrl+Space completes, Tab leads on.`,
));
field.setAttribute("aria-describedby", "query-help");
field.after(line, help);

const showSnippets = keepSnippets(document.querySelector(".snippets"));
const editor = openEditor(field, {
  line,
  run: () => form.requestSubmit(),
  changed: (view) => showSnippets(field.value, formOf(view.state)),
});
form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());

/** Return the form of the query: SELECT, ASK, CONSTRUCT or DESCRIBE. */
function formOf(state) {
  const query = syntaxTree(state).topNode.getChild("Query");
  const found = ["Ask", "Construct", "Describe"].find((name) => query?.getChild(`${name}Query`));
  return found?.toUpperCase() ?? "SELECT";
}

/** Return the address that asks the present query on this page, "" where it is too long for one. */
function permalink() {
  const address = new URL(form.action);
  const asked = new URLSearchParams({ query: field.value });
  if (form.elements.lang) asked.set("lang", form.elements.lang.value);
  // Of the query that is answered here, the link shows the same view.
  const shown = new URLSearchParams(location.search);
  if (shown.get("query")?.replace(/\r\n?/g, "\n") === field.value) {
    for (const name of ["view", "x", "y", "sort", "page"]) if (shown.has(name)) asked.set(name, shown.get(name));
  }
  address.search = asked;
  return address.href.length > LONGEST_ADDRESS ? "" : address.href;
}

actions.append(
  copyButton(say("Kopírovat odkaz", "Copy link"), permalink, say("Dotaz je na odkaz příliš dlouhý.", "The query is too long for a link.")),
);

form.addEventListener("submit", () => {
  form.method = permalink() ? "get" : "post";
  remember(field.value);
  // The page itself is the default; its address is to be short.
  format.disabled = format.value === "html";
  setTimeout(() => (format.disabled = false)); // a download leaves the page where it is
});

document.querySelector(".examples").append(
  historyPanel((text) => {
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    editor.focus();
  }),
);

loadTerms(form.dataset.words).then(() => forceLinting(editor));
