/* The query as a program, kept up to date while it is typed. `lod/web/snippets.py` makes the first ones and the templates. */

import { copyButton, say } from "./page.js";

const QUOTED = {
  curl: (text) => `'${text.replaceAll("'", "'\\''")}'`,
  python: (text) => {
    const escaped = text.replaceAll("\\", "\\\\").replaceAll("\r", "\\r");
    return `"""${escaped.replace(/"{3,}|"+$/g, (quotes) => '\\"'.repeat(quotes.length))}"""`;
  },
  r: (text) => {
    const found = [...text.matchAll(/\)(-*)"/g)].map(([, dashes]) => dashes.length);
    const dashes = "-".repeat(Math.max(-1, ...found) + 1);
    return `r"${dashes}(${text})${dashes}"`;
  },
  javascript: (text) => `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${").replaceAll("\r", "\\r")}\``,
};
const FORMS = { ASK: "ASK", CONSTRUCT: "CONSTRUCT", DESCRIBE: "CONSTRUCT" };

/** Give the programs copy buttons; return a function that puts another query into them. */
export function keepSnippets(box) {
  for (const program of box.querySelectorAll("[data-language]")) {
    const code = program.querySelector("code");
    code.parentElement.before(copyButton(say("Kopírovat", "Copy"), () => code.textContent));
  }
  return (text, form) => {
    for (const program of box.querySelectorAll("[data-language]")) {
      const template = JSON.parse(program.dataset.templates)[FORMS[form] ?? "SELECT"];
      program.querySelector("code").textContent = template.split(box.dataset.mark).join(QUOTED[program.dataset.language](text));
    }
  };
}
