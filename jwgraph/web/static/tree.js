// The tree as a treegrid (WAI-ARIA, rows first): groups open in place, and the keyboard moves from row to row.
import { descendants, parents } from "./select.js";

const MOST = 500;

export function upgrade(table, selection) {
  const body = table.tBodies[0];
  const shown = () => [...body.rows].filter((row) => !row.hidden && row.dataset.id);
  const isGroup = (row) => row.dataset.open !== undefined;
  const isOpen = (row) => row.dataset.open === "1";
  let current = null;

  function prepare(row) {
    if (!row.dataset.id) return;
    row.setAttribute("role", "row");
    row.setAttribute("aria-level", row.dataset.depth);
    row.tabIndex = -1;
    if (isGroup(row)) row.setAttribute("aria-expanded", String(isOpen(row)));
    for (const each of row.querySelectorAll("a, input")) each.tabIndex = -1;
  }

  function mark(row) {
    if (current) current.tabIndex = -1;
    current = row;
    current.tabIndex = 0;
  }

  function move(row) {
    if (!row) return;
    mark(row);
    row.focus();
  }

  function remember() {
    const address = new URL(location.href);
    address.searchParams.delete("open");
    const open = [...body.rows].filter((row) => isGroup(row) && isOpen(row)).map((row) => row.dataset.id);
    for (const name of open.length ? open : ["none"]) address.searchParams.append("open", name);
    address.hash = "";
    history.replaceState(null, "", address);
  }

  function state(row, open) {
    row.dataset.open = open ? "1" : "0";
    row.setAttribute("aria-expanded", String(open));
    row.querySelector(".toggle .away").textContent = open ? "Close " : "Open ";
  }

  async function fetched(row) {
    const address = new URL(location.href);
    address.hash = "";
    address.searchParams.delete("open");
    address.searchParams.set("rows", row.dataset.id);
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody>${await answer.text()}</tbody></table>`;
    return [...holder.content.querySelectorAll("tbody > tr")];
  }

  function close(row) {
    for (const each of descendants(row)) each.remove();
    state(row, false);
  }

  // The page stays small: what was opened before makes room.
  function makeRoom(row) {
    const kept = new Set([row, ...parents(row)]);
    const others = () => [...body.rows].filter((each) => isGroup(each) && isOpen(each) && !kept.has(each));
    while (body.rows.length > MOST && others().length) close(others()[0]);
  }

  async function open(row) {
    row.setAttribute("aria-busy", "true");
    try {
      const rows = await fetched(row);
      row.after(...rows);
      rows.forEach(prepare);
      state(row, true);
      selection.added(row);
      makeRoom(row);
    } catch {
      // The address without script shows what is wrong, or the group.
      location.href = row.querySelector(".toggle").href;
    } finally {
      row.removeAttribute("aria-busy");
    }
  }

  async function toggle(row) {
    if (row.getAttribute("aria-busy")) return;
    if (isOpen(row)) close(row);
    else await open(row);
    remember();
  }

  function inside(row, step) {
    const stops = [...row.querySelectorAll("input, a")];
    const at = stops.indexOf(document.activeElement) + step;
    if (at < 0) row.focus();
    else if (stops[at]) stops[at].focus();
  }

  const onRow = {
    ArrowRight: (row) => (isGroup(row) && !isOpen(row) ? toggle(row) : inside(row, 1)),
    ArrowLeft: (row) => (isGroup(row) && isOpen(row) ? toggle(row) : move(parents(row)[0])),
    Enter: (row) => row.querySelector("th a").click(),
    " ": (row) => row.querySelector("input").click(),
  };
  const anywhere = {
    ArrowDown: (row) => move(shown()[shown().indexOf(row) + 1]),
    ArrowUp: (row) => move(shown()[shown().indexOf(row) - 1]),
    Home: () => move(shown()[0]),
    End: () => move(shown().at(-1)),
  };
  const inRow = { ArrowRight: (row) => inside(row, 1), ArrowLeft: (row) => inside(row, -1), Escape: (row) => row.focus() };

  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const does = anywhere[event.key] ?? (event.target === row ? onRow : inRow)[event.key];
    if (does) {
      event.preventDefault();
      does(row);
    }
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (row) mark(row);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (plain && row && event.target.closest(".toggle")) {
      event.preventDefault();
      toggle(row);
    }
  });

  table.setAttribute("role", "treegrid");
  table.setAttribute("aria-label", table.caption.textContent);
  [...body.rows].forEach(prepare);
  if (shown().length) mark(shown()[0]);
}
