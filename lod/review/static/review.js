// The form works without this. With it, a fact and its evidence light up together, an edited value counts as
// corrected, and words selected on the page go into the field that was used last.
"use strict";
(() => {
  const form = document.getElementById("form"), paper = document.querySelector(".paper"), fill = document.getElementById("fill");
  if (!form || !paper) return;
  let isSending = false, isChanged = false, field = null;

  const evidence = number => [...paper.querySelectorAll(`.tag[data-fact="${number}"], mark[data-facts~="${number}"]`)];
  const fact = number => document.getElementById(`f${number}`);
  const light = (numbers, on) => numbers.forEach(number => {
    evidence(number).forEach(element => element.classList.toggle("is-lit", on));
    fact(number)?.classList.toggle("is-lit", on);
  });
  // Scrolls the page's own window only, never the form.
  const bring = element => {
    if (!element) return;
    const frame = paper.getBoundingClientRect(), at = element.getBoundingClientRect();
    if (at.top < frame.top + 8 || at.bottom > frame.bottom - 8) paper.scrollTop += at.top - frame.top - frame.height / 3;
  };
  const numbersOf = element => {
    const near = element.closest?.("[data-fact], [data-facts]");
    return near ? (near.dataset.fact ?? near.dataset.facts).split(" ") : [];
  };

  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, event => light(numbersOf(event.target), true));
    document.addEventListener(end, event => light(numbersOf(event.target), false));
  }
  form.addEventListener("focusin", event => {
    if (event.target.matches("[data-path]")) field = event.target;
    const [number] = numbersOf(event.target);
    if (number) bring(evidence(number)[0]);
  });
  paper.addEventListener("click", event => {
    const mark = event.target.closest("mark");
    if (!mark || String(getSelection())) return;
    const place = fact(mark.dataset.facts.split(" ").at(-1));
    place?.scrollIntoView({block: "center"});
    place?.querySelector("[data-path]")?.focus({preventScroll: true});
  });

  const tally = document.querySelector(".tally");
  const count = () => {
    const all = [...form.querySelectorAll(".choice")].map(choice => choice.querySelector(":checked")?.value ?? "");
    const told = [[tally.dataset.accepted, all.filter(one => one === "accept" || one === "correct").length],
      [tally.dataset.rejected, all.filter(one => one === "reject").length], [tally.dataset.open, all.filter(one => !one).length]];
    tally.replaceChildren(...told.filter(([, number], at) => number || !at).flatMap(([words, number], at) => {
      const bold = document.createElement("b");
      bold.textContent = number;
      return [at ? " · " : "", bold, ` ${words}`];
    }));
  };
  const choose = (element, decision) => {
    const radio = element.querySelector(`input[value="${decision}"]`);
    if (radio) radio.checked = true;
    decided(element);
  };
  const decided = element => {
    const decision = element.querySelector(".choice :checked")?.value ?? "";
    for (const tag of document.querySelectorAll(`.tag[data-fact="${element.dataset.fact}"]`)) {
      tag.classList.toggle("is-reject", decision === "reject");
    }
    count();
  };
  const edited = input => {
    const element = input.closest(".fact");
    if (element) choose(element, input.value === input.defaultValue ? "accept" : "correct");
  };
  form.addEventListener("input", event => {
    isChanged = true;
    if (event.target.matches(".fact [data-path]")) edited(event.target);
    if (event.target.matches(".choice input")) decided(event.target.closest(".fact"));
  });
  form.querySelectorAll(".fact").forEach(decided);

  // A selection: which line, from which character to which; the numbers of lines and facts do not count.
  const place = (node, offset) => {
    const piece = (node.nodeType === 3 ? node.parentElement : node).closest("[data-at]");
    if (piece && node.nodeType === 3) return {line: piece.closest(".line"), at: Number(piece.dataset.at) + [...node.data.slice(0, offset)].length};
    return null;
  };
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!paper.contains(range.commonAncestorContainer)) return null;
    const pieces = [...paper.querySelectorAll("[data-at]")].filter(piece => range.intersectsNode(piece) && piece.firstChild);
    if (!pieces.length) return null;
    const line = (place(range.startContainer, range.startOffset)?.line) ?? pieces[0].closest(".line");
    const own = pieces.filter(piece => piece.closest(".line") === line);
    if (!own.length) return null;
    const first = place(range.startContainer, range.startOffset) ?? {line, at: Number(own[0].dataset.at)};
    const last = place(range.endContainer, range.endOffset);
    const whole = own.at(-1);
    const end = last && last.line === line ? last.at : Number(whole.dataset.at) + [...whole.textContent].length;
    const words = own.map(piece => {
      const at = Number(piece.dataset.at);
      return [...piece.textContent].slice(Math.max(0, first.at - at), Math.max(0, end - at)).join("");
    }).join("");
    const blanks = words.length - words.trimStart().length;
    const clean = words.trim();
    const start = first.at + [...words.slice(0, blanks)].length;
    return clean ? {line: line.dataset.line, start, end: start + [...clean].length, words: clean, range} : null;
  };
  const offer = () => {
    const found = field && selected();
    fill.hidden = !found;
    if (!found) return;
    const box = found.range.getBoundingClientRect();
    fill.textContent = `${form.dataset.fill} ${field.dataset.title}`;
    fill.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 260)) + scrollX}px`;
    fill.style.top = `${box.bottom + scrollY + 8}px`;
  };
  document.addEventListener("selectionchange", offer);
  paper.addEventListener("scroll", offer, {passive: true});
  fill.addEventListener("mousedown", event => event.preventDefault()); // keeps the selection
  fill.addEventListener("click", () => {
    const found = selected();
    if (!found || !field) return;
    const owner = field.closest(".fact, .by-hand");
    field.value = found.words;
    owner.querySelector("[data-span]").value = `${found.line}:${found.start}-${found.end}`;
    if (owner.matches(".fact")) choose(owner, "correct");
    isChanged = true;
    getSelection().removeAllRanges();
    field.focus();
  });

  form.addEventListener("submit", () => { isSending = true; });
  addEventListener("beforeunload", event => { if (isChanged && !isSending) event.preventDefault(); });
  // A part that was just added is where the reviewer goes on.
  // The browser gives the fragment its due last, so the focus waits for that.
  const added = location.hash.startsWith("#i") && document.getElementById(location.hash.slice(1));
  if (added) addEventListener("load", () => setTimeout(() => added.querySelector("[data-path]")?.focus({preventScroll: true})));
  const outcome = document.getElementById("outcome") ?? document.getElementById("notice");
  if (outcome?.tabIndex === -1 && !location.hash.startsWith("#i")) outcome.focus({preventScroll: true});
})();
