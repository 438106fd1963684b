// Everything works without this file. It says while a new password is typed what it still lacks.
"use strict";

for (const form of document.querySelectorAll("form[data-check]")) {
  const field = form.elements.password;
  const list = document.getElementById("rules");
  const status = document.getElementById("rules-status");
  let timer;
  let asked = 0;

  const show = (rules) => {
    list.replaceChildren(...rules.map((rule) => {
      const item = document.createElement("li");
      if (rule.met !== null) item.className = rule.met ? "met" : "broken"; // null: not looked at
      const state = document.createElement("span");
      state.className = "state";
      state.textContent = rule.met === null ? "" : rule.met ? " – done" : " – missing";
      item.append(rule.text, state);
      return item;
    }));
    const missing = rules.filter((rule) => rule.met === false).length;
    status.textContent = missing === 0 ? "Nothing is missing." : missing === 1 ? "One rule is not met yet." : `${missing} rules are not met yet.`;
  };

  const ask = async () => {
    const number = ++asked;
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, password: field.value });
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body });
      if (answer.ok && number === asked) show((await answer.json()).rules);
    } catch {
      status.textContent = ""; // the answer to the form will say what is missing
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });

  // What was typed can be looked at.
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Show the password";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    for (const input of [field, form.elements.again]) input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  field.closest(".field").append(button);
}
