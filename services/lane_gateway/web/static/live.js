// Keeps a live page true: takes over what the server sends, and says NOT LIVE where nothing comes.
// A frozen green is the dangerous failure. So the page trusts only beats of the lane's own counter,
// opens a new stream by itself every two seconds while it is stale, and the style sheet shows
// NOT LIVE three seconds after the last beat even if this script has stopped.
"use strict";
(() => {
  const PATIENCE = 2800; // milliseconds from the counter's last move; looked at every 100: within three seconds
  const RETRY = 2000; // a browser's EventSource gives up for good after an answer that is not 200
  const SETTLE = 500; // a press that was meant for the vehicle before
  const ASK = 6000; // stale for so long: has the session ended?

  const root = document.getElementById("live");
  if (!root) return;
  const spoken = document.getElementById("spoken");
  const address = root.dataset.stream;
  const known = new Map();
  let current = null;
  let pending = null;
  let last = null; // the moment of the counter's last move, by both clocks
  let tried = performance.now();
  let asked = performance.now();
  let changed = 0;
  let flip = false;
  let focus = null;

  document.body.classList.remove("tl-held");
  for (const part of root.querySelectorAll("[data-part]")) {
    known.set(part.dataset.part, part.outerHTML);
  }

  const moment = () => ({ steady: performance.now(), wall: Date.now() });

  // Either clock may call the page dead: the steady one sleeps with some machines.
  const isDead = () =>
    last === null ||
    performance.now() - last.steady >= PATIENCE ||
    Date.now() - last.wall >= PATIENCE;

  function beat(age) {
    if (age === null || age === undefined || Number.isNaN(age)) return;
    const now = moment();
    last = { steady: now.steady - age, wall: now.wall - age };
    flip = !flip; // another animation of the same kind: its three seconds begin anew
    root.dataset.beat = flip ? "a" : "b";
    look();
  }

  function look() {
    const dead = isDead();
    if (root.hasAttribute("data-dead") !== dead) root.toggleAttribute("data-dead", dead);
    if (!dead) {
      asked = performance.now();
      return;
    }
    if (performance.now() - tried >= RETRY) open();
    if (performance.now() - asked >= ASK) askSession();
  }

  function open() {
    tried = performance.now();
    const fresh = new EventSource(address);
    const take = (handler) => (event) => {
      if (current !== fresh) {
        if (current) current.close();
        current = fresh;
      }
      handler(event.data);
    };
    if (pending) pending.close();
    pending = fresh;
    fresh.addEventListener("beat", take((data) => beat(JSON.parse(data).age)));
    fresh.addEventListener("state", take((data) => {
      const end = data.indexOf("\n");
      apply(data.slice(end + 1));
      beat(JSON.parse(data.slice(0, end)).age);
    }));
    fresh.addEventListener("renew", take(() => open()));
  }
  // The stream cannot tell an ended session from a server that is away; the page itself can.
  async function askSession() {
    asked = performance.now();
    try {
      const answer = await fetch(location.href, { method: "HEAD", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) location.reload();
    } catch {
      // The server is away, and the page says so already.
    }
  }

  function apply(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
    if (!fresh) return;
    const sameVehicle = fresh.dataset.passage === root.dataset.passage;
    if (!sameVehicle) changed = performance.now();
    if (spoken && fresh.dataset.said !== root.dataset.said) spoken.textContent = fresh.dataset.said || "";
    for (const name of ["word", "passage", "said"]) {
      if (fresh.dataset[name] !== undefined) root.dataset[name] = fresh.dataset[name];
    }
    for (const part of [...fresh.querySelectorAll("[data-part]")]) {
      const name = part.dataset.part;
      const old = root.querySelector(`:scope [data-part="${name}"]`);
      if (!old || known.get(name) === part.outerHTML) continue;
      if (sameVehicle && old.dataset.hold === "yes") continue; // what was typed has an error
      known.set(name, part.outerHTML);
      keep(old, part, sameVehicle);
      old.replaceWith(part);
      refocus(part);
    }
  }

  // Pictures are not fetched again, and nothing typed is lost while it is still the same vehicle.
  function keep(old, part, sameVehicle) {
    focus = null;
    for (const image of part.querySelectorAll("img")) {
      const there = [...old.querySelectorAll("img")].find((each) => each.src === image.src);
      if (there) image.replaceWith(there);
    }
    if (!sameVehicle) return;
    for (const input of old.querySelectorAll("input[id], textarea[id]")) {
      const next = part.querySelector(`#${CSS.escape(input.id)}`);
      if (!next) continue;
      if (input.value !== input.defaultValue) next.value = input.value;
      if (input === document.activeElement) focus = { id: input.id, at: input.selectionStart };
    }
    for (const fold of old.querySelectorAll("details[id]")) {
      const next = part.querySelector(`#${CSS.escape(fold.id)}`);
      if (next && fold.open) next.open = true;
    }
  }

  function refocus(part) {
    const next = focus && part.querySelector(`#${CSS.escape(focus.id)}`);
    if (!next) return;
    next.focus({ preventScroll: true });
    if (focus.at !== null) next.setSelectionRange(focus.at, focus.at);
  }

  root.addEventListener("submit", (event) => {
    const another = changed && performance.now() - changed < SETTLE;
    if (another || root.hasAttribute("data-dead")) event.preventDefault();
  });
  for (const event of ["pageshow", "visibilitychange", "resume", "online"]) {
    (event === "pageshow" || event === "online" ? window : document).addEventListener(event, look);
  }
  window.addEventListener("pagehide", () => {
    if (current) current.close();
    if (pending) pending.close();
    last = null; // a page that comes back from the browser's memory must not show its old verdict
    root.toggleAttribute("data-dead", true);
  });

  beat(root.dataset.age === "" ? null : Number(root.dataset.age));
  open();
  setInterval(look, 100);
})();
