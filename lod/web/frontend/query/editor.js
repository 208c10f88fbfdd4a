/* The editor itself: CodeMirror over the text field, in the page's colours, usable by keyboard and screen reader. */

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, linter } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";

import { complete } from "./completion.js";
import { faults } from "./faults.js";
import { meaning } from "./hover.js";
import { sparql } from "./language.js";
import { say } from "./page.js";
import { statusLine } from "./status.js";
import { colours, theme } from "./theme.js";

// What CodeMirror says by itself.
const PHRASES = {
  Completions: "Našeptávač",
  "Control character": "Řídicí znak",
  Diagnostics: "Chyby",
  "No diagnostics": "Žádné chyby",
  "replaced match on line $": "nahrazeno na řádku $",
};

/** Put an editor in the place of `field`, which goes on holding the text.
 *
 * `line` is where faults and meanings are said, `run` is called for Ctrl or Cmd+Enter, `changed` after each change.
 */
export function openEditor(field, { line, run, changed }) {
  const view = new EditorView({
    state: EditorState.create({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(document.querySelector("script[nonce]").nonce),
        EditorState.phrases.of(say(PHRASES, {})),
        EditorView.contentAttributes.of({
          "aria-label": field.labels[0].textContent,
          "aria-describedby": field.getAttribute("aria-describedby"),
          tabindex: "0", // for those who look whether what scrolls can be reached
          spellcheck: "false",
          autocorrect: "off",
          autocapitalize: "off",
        }),
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
        // Tab takes an offered completion; else it is left to the browser and leads on (WCAG 2.2, 2.1.2).
        keymap.of([{ key: "Tab", run: acceptCompletion }]),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        autocompletion({ override: [complete], icons: false, closeOnBlur: true }),
        linter(faults, { delay: 400 }),
        meaning,
        statusLine(line),
        EditorView.lineWrapping,
        sparql,
        syntaxHighlighting(colours),
        theme,
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          changed(update.view);
        }),
      ],
    }),
  });
  field.before(view.dom);
  field.hidden = true;
  return view;
}
