/* Colours and measures of the editor, from the tokens of lod.css, so that light and dark follow the page. */

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--code-variable)" },
  { tag: [tags.string, tags.annotation], color: "var(--code-string)" },
  { tag: [tags.integer, tags.float, tags.bool, tags.number], color: "var(--code-number)" },
  { tag: [tags.propertyName, tags.url, tags.namespace, tags.typeName], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

export const theme = EditorView.theme({
  "&": { background: "var(--card)", color: "var(--text)", fontSize: ".92rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "Cascadia Code", "DejaVu Sans Mono", monospace',
    lineHeight: "1.55",
    minHeight: "15rem",
    maxHeight: "70vh",
  },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--code-selection)",
  },
  ".cm-gutters": { background: "var(--card)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--code-line)" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-lintRange-error": { background: "none", textDecoration: "underline wavy var(--bad) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { background: "none", textDecoration: "underline wavy var(--warn) 1.5px", textUnderlineOffset: "3px" },
  ".cm-tooltip": {
    background: "var(--card)",
    color: "var(--text)",
    border: "1px solid var(--soft)",
    borderRadius: "9px",
    maxWidth: "min(34rem, 90vw)",
    boxShadow: "0 6px 24px rgb(0 0 0 / .18)",
    fontSize: ".88rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "17rem", maxWidth: "min(34rem, 90vw)", borderRadius: "9px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: ".3rem .7rem",
    display: "flex",
    gap: ".8rem",
    justifyContent: "space-between",
    alignItems: "baseline",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--card)" },
  ".cm-completionLabel": { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', flex: "none" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--soft)", overflow: "hidden", textOverflow: "ellipsis", marginLeft: "0" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: ".55rem .8rem", width: "max-content", maxWidth: "min(24rem, 86vw)" },
  ".cm-tooltip-hover > .term-info": { padding: ".55rem .8rem" },
  ".cm-diagnostic": { padding: ".4rem .7rem", borderLeftWidth: "4px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticAction": { background: "var(--accent)", color: "var(--card)", borderRadius: "6px", padding: ".15rem .6rem", font: "inherit", border: "0" },
  ".cm-panels": { background: "var(--card)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { background: "var(--accent-soft)" },
});
