// Lets a passkey answer for a form: asks the server what is to be signed, asks the passkey, puts
// the answer into the form and sends it. The server checks everything; nothing is decided here.
"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(options) {
    const known = { ...options, challenge: bytes(options.challenge) };
    if (options.user) known.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) known.excludeCredentials = named(options.excludeCredentials);
    if (options.allowCredentials) known.allowCredentials = named(options.allowCredentials);
    return { publicKey: known };
  }

  function answer(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      clientExtensionResults: made.getClientExtensionResults(),
      response,
    });
  }

  async function bring(form) {
    const sent = await fetch(form.dataset.options, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    // What is wrong with the form itself the page says when it is sent as it stands.
    if (sent.status === 422) return "";
    if (!sent.ok) throw new Error(`answered ${sent.status}`);
    const options = asked(await sent.json());
    const made = options.publicKey.user
      ? await navigator.credentials.create(options)
      : await navigator.credentials.get(options);
    return answer(made);
  }

  for (const form of document.querySelectorAll("form[data-options]")) {
    const said = form.querySelector("[data-said]");
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      if (!window.PublicKeyCredential) {
        said.textContent = form.dataset.unsupported;
        return;
      }
      busy = true;
      said.textContent = form.dataset.touch;
      try {
        form.elements.answer.value = await bring(form);
        HTMLFormElement.prototype.submit.call(form);
      } catch (error) {
        const cancelled = ["NotAllowedError", "AbortError"].includes(error.name);
        const known = error.name === "InvalidStateError" && form.dataset.known;
        said.textContent = known || (cancelled ? form.dataset.cancelled : form.dataset.failed);
        busy = false;
      }
    });
  }
})();
