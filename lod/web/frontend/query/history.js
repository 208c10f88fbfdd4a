/* The queries that were run, kept in this browser only. */

import { language, make, say } from "./page.js";

const KEY = "lod-queries";
const MOST = 50;

/** Return the queries, the last one first: `{text, time}` with the time in milliseconds. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return []; // a browser that keeps nothing, or what is there is not ours
  }
}

function keep(queries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    // full or not allowed: the page works without
  }
}

/** Remember a query that is run. */
export function remember(text) {
  if (text.trim()) keep([{ text, time: Date.now() }, ...kept().filter((one) => one.text !== text)].slice(0, MOST));
}

const at = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });

/** Return the panel; `restore` is called with the text that a person wants back. */
export function historyPanel(restore) {
  const list = make("ol", { class: "plain history" });
  const panel = make("details", { class: "card" }, make("summary", {}, say("Moje dotazy", "My queries")), list);
  const clear = make("button", { type: "button", class: "small" }, say("Zapomenout všechny", "Forget all"));
  const note = make("p", { class: "soft" }, say("Zůstávají jen v tomto prohlížeči.", "They stay in this browser only."));
  clear.addEventListener("click", () => {
    keep([]);
    show();
    panel.querySelector("summary").focus();
  });
  panel.append(note, clear);

  function show() {
    const queries = kept();
    panel.hidden = !queries.length;
    list.replaceChildren(
      ...queries.map(({ text, time }) => {
        const button = make("button", { type: "button", class: "link" }, heading(text));
        button.addEventListener("click", () => restore(text));
        return make("li", {}, button, " ", make("time", { datetime: new Date(time).toISOString(), class: "soft" }, at.format(time)));
      }),
    );
  }
  show();
  return panel;
}

/** Return the line that tells a query best: its first comment, else what it asks. */
function heading(text) {
  const comment = /^\s*#\s*(.+)$/m.exec(text)?.[1];
  const asked = /^\s*(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b.*$/im.exec(text)?.[0].trim();
  return (comment ?? asked ?? text.trim()).slice(0, 90);
}
