// Looks at the page as it stands: text cut off, overlapping, outside, or a page scrolling sideways.
() => {
  const faults = [];
  const root = document.documentElement;
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const hidden = (node) => {
    const style = getComputedStyle(node);
    return style.visibility !== "visible" || style.opacity === "0" || style.clip === "rect(0px, 0px, 0px, 0px)" || style.clipPath === "inset(50%)";
  };
  const screenReaderOnly = (node) => {
    for (let at = node; at && at !== root; at = at.parentElement) {
      if (at.matches(".usa-sr-only, [hidden], template, script, style, noscript, option, datalist")) return true;
      if (hidden(at)) return true;
      const box = at.getBoundingClientRect();
      if (getComputedStyle(at).position === "absolute" && (box.left < -500 || box.width <= 1)) return true;
      if (at.matches(".usa-skipnav, .usa-skipnav__container")) return true;
    }
    return false;
  };

  if (root.scrollWidth > root.clientWidth) {
    faults.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} px`);
  }

  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility() || screenReaderOnly(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      lines.push({ text, element, box });
      const scroller = element.closest("[data-scrolls], .usa-table-container--scrollable, pre");
      if (!scroller && (box.right > root.clientWidth + 1 || box.left < -1)) {
        faults.push(`outside the page: "${short(text.data)}"`);
      }
    }
    for (let at = element; at && at !== root; at = at.parentElement) {
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const cutsX = ["hidden", "clip"].includes(style.overflowX) && at.scrollWidth > at.clientWidth + 1;
      const cutsY = ["hidden", "clip"].includes(style.overflowY) && at.scrollHeight > at.clientHeight + 1;
      if ((cutsX || cutsY) && box.width > 1 && box.height > 1 && at !== document.body) {
        faults.push(`cut off: "${short(text.data)}"`);
        break;
      }
    }
  }

  // Two lines of text that lie over each other. A box reaches above and below its letters, far so
  // where letters are huge, so only its middle counts.
  const slack = 3;
  const middle = (box) => ({ top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2 });
  for (let i = 0; i < lines.length; i += 1) {
    for (let j = i + 1; j < lines.length; j += 1) {
      const a = lines[i];
      const b = lines[j];
      if (a.text === b.text) continue;
      const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const one = middle(a.box);
      const other = middle(b.box);
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (width > slack && height > slack) {
        faults.push(`overlapping: "${short(a.text.data)}" and "${short(b.text.data)}"`);
      }
    }
  }
  return [...new Set(faults)];
}
