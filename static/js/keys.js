// One key, one thing. Inside a field only Ctrl+Enter and Escape mean something.

const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll(".rows .row")];

function chosen() {
  return rows().find((row) => row.contains(document.activeElement))
    ?? rows().find((row) => row.matches("[aria-current='true']"));
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

function compose(kind) {
  const tab = document.getElementById(`compose-${kind}`);
  if (!tab) return;
  tab.checked = true;
  document.querySelector(`.for-${kind} textarea`)?.focus();
}

function open(id) {
  const menu = document.getElementById(id);
  if (!menu) return;
  menu.open = true;
  (menu.querySelector(".menu-items select, .menu-items input:not([type=hidden]), .menu-items button") ?? menu.querySelector("summary")).focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => compose("reply"),
  n: () => compose("note"),
  a: () => open("assign-menu"),
  s: () => open("status-menu"),
  e: () => document.getElementById("resolve")?.requestSubmit(),
  u: () => document.getElementById("back-to-list")?.click(),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && at.matches("textarea")) {
    event.preventDefault();
    at.form.requestSubmit(at.form.querySelector("[data-default]"));
    return;
  }
  if (event.key === "Escape" && isTyping(at)) return at.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(at) || document.querySelector("dialog[open]")) return;
  const action = KEYS[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

// In a menu the arrow keys walk.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key) || isTyping(event.target)) return;
  const items = [...menu.querySelectorAll(".menu-item")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) document.getElementById("keys").showModal();
});
