/* The editor itself: CodeMirror over the text field, in the page's colours, usable by keyboard and screen reader. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";

import { colours, theme } from "./theme.js";

/** Put an editor in the place of `field`, which goes on holding the text; `run` is called for Ctrl or Cmd+Enter. */
export function openEditor(field, { run, extensions = [] }) {
  const view = new EditorView({
    state: EditorState.create({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(document.querySelector("script[nonce]").nonce),
        EditorView.contentAttributes.of({
          "aria-label": field.labels[0].textContent,
          "aria-describedby": field.getAttribute("aria-describedby") ?? "",
          spellcheck: "false",
          autocorrect: "off",
          autocapitalize: "off",
        }),
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
        // Tab is left to the browser, so that it leads on to the next control (WCAG 2.2, 2.1.2).
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        autocompletion({ icons: false }),
        EditorView.lineWrapping,
        sparql(),
        syntaxHighlighting(colours),
        theme,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) field.value = update.state.doc.toString();
        }),
        ...extensions,
      ],
    }),
  });
  field.before(view.dom);
  field.hidden = true;
  return view;
}
