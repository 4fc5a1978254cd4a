// The tree as a treegrid (WAI-ARIA, rows first): groups open in place, and the keyboard moves from row to row.
import { descendants, parents } from "./select.js";
const MOST = 500;

// `added` is called with a group whose rows came.
export function upgrade(table, added) {
  const body = table.tBodies[0];
  const shown = () => [...body.rows].filter((row) => row.dataset.id);
  const isOpen = (row) => row.dataset.open === "1";
  const isClosed = (row) => row.dataset.open === "0";
  let current = null;
  function prepare(row) {
    if (!row.dataset.id) return;
    row.setAttribute("role", "row");
    row.setAttribute("aria-level", row.dataset.depth);
    row.tabIndex = -1;
    if (row.dataset.open) row.setAttribute("aria-expanded", String(isOpen(row)));
    for (const each of row.querySelectorAll("a, input")) each.tabIndex = -1;
  }
  function mark(row) {
    if (current) current.tabIndex = -1;
    current = row;
    current.tabIndex = 0;
  }
  function move(row) {
    if (row) mark(row);
    row?.focus();
  }
  function here(name, values) {
    const address = new URL(location.href);
    address.hash = "";
    address.searchParams.delete("open");
    for (const value of values) address.searchParams.append(name, value);
    return address;
  }
  function state(row, open) {
    row.dataset.open = open ? "1" : "0";
    row.setAttribute("aria-expanded", String(open));
    row.querySelector(".toggle .away").textContent = open ? "Close " : "Open ";
  }
  function close(row) {
    for (const each of descendants(row)) each.remove();
    state(row, false);
  }
  async function open(row) {
    row.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(here("rows", [row.dataset.id]), { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const holder = document.createElement("template");
      holder.innerHTML = `<table><tbody>${await answer.text()}</tbody></table>`;
      const rows = [...holder.content.querySelectorAll("tbody > tr")];
      row.after(...rows);
      rows.forEach(prepare);
      state(row, true);
      added(row);
      // The page stays small: what was opened before makes room.
      const old = shown().filter((each) => isOpen(each) && ![row, ...parents(row)].includes(each));
      while (body.rows.length > MOST && old.length) close(old.shift());
    } catch {
      // The address without script shows what is wrong, or the group.
      location.href = row.querySelector(".toggle").href;
    } finally {
      row.removeAttribute("aria-busy");
    }
  }
  async function toggle(row) {
    if (row.getAttribute("aria-busy")) return;
    await (isOpen(row) ? close : open)(row);
    const names = shown().filter(isOpen).map((each) => each.dataset.id);
    history.replaceState(null, "", here("open", names.length ? names : ["none"]));
  }
  function inside(row, step) {
    const stops = [row, ...row.querySelectorAll("input, a")];
    stops[Math.max(0, stops.indexOf(document.activeElement) + step)]?.focus();
  }

  // By key: what it does in a row, `on` it or within.
  const keys = {
    ArrowDown: (row) => move(shown()[shown().indexOf(row) + 1]),
    ArrowUp: (row) => move(shown()[shown().indexOf(row) - 1]),
    Home: () => move(shown()[0]),
    End: () => move(shown().at(-1)),
    Escape: (row) => row.focus(),
    ArrowRight: (row, on) => (on && isClosed(row) ? toggle(row) : inside(row, 1)),
    ArrowLeft: (row, on) => (!on ? inside(row, -1) : isOpen(row) ? toggle(row) : move(parents(row)[0])),
  };
  const onRow = { Enter: (row) => row.querySelector("th a").click(), " ": (row) => row.querySelector("input").click() };
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-id]");
    const does = keys[event.key] ?? (event.target === row && onRow[event.key]);
    if (!row || !does || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    does(row, event.target === row);
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (row) mark(row);
    if (!row || !event.target.closest(".toggle") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(row);
  });

  table.setAttribute("role", "treegrid");
  table.setAttribute("aria-label", table.caption.textContent);
  [...body.rows].forEach(prepare);
  if (shown().length) mark(shown()[0]);
}
