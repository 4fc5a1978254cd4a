// Tick boxes of the tree: a group stands for all files below it, also for those that are not shown.
// Where the rows of the tree stand: below a group come the rows that are deeper than it.
const depth = (row) => Number(row.dataset.depth);

export function descendants(row) {
  const found = [];
  for (let next = row.nextElementSibling; next && !(depth(next) <= depth(row)); next = next.nextElementSibling) {
    found.push(next);
  }
  return found;
}

const children = (row) => descendants(row).filter((each) => depth(each) === depth(row) + 1);

export function parents(row) {
  const found = [];
  let least = depth(row);
  for (let before = row.previousElementSibling; before && least > 1; before = before.previousElementSibling) {
    if (depth(before) < least) {
      found.push(before);
      least = depth(before);
    }
  }
  return found;
}

const units = ["kB", "MB", "GB", "TB", "PB"];

function size(number) {
  if (number < 1000) return number === 1 ? "1 byte" : `${number} bytes`;
  let amount = number / 1000;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(1)} ${units[unit]}`;
}

const tick = (row) => row.querySelector("input[name=pick]");

export function select(table) {
  const form = document.querySelector("#files");
  const chosen = document.querySelector("#chosen");
  const usual = chosen.textContent;
  const rows = () => [...table.tBodies[0].rows].filter((row) => row.dataset.id);

  function below(row) {
    for (const child of children(row)) {
      tick(child).checked = tick(row).checked;
      tick(child).indeterminate = false;
      below(child);
    }
  }

  function above(row) {
    for (const parent of parents(row)) {
      const boxes = children(parent).map(tick);
      const box = tick(parent);
      box.checked = boxes.length > 0 && boxes.every((each) => each.checked);
      box.indeterminate = !box.checked && boxes.some((each) => each.checked || each.indeterminate);
    }
  }

  // The topmost ticked rows: what is below them is part of them.
  const top = () => rows().filter((row) => tick(row).checked && !parents(row).some((each) => tick(each).checked));

  function count() {
    const found = top();
    const sum = (name) => found.reduce((total, row) => total + Number(row.dataset[name]), 0);
    const files = sum("files");
    const number = `${files.toLocaleString("en")} file${files === 1 ? "" : "s"}`;
    chosen.textContent = files ? `${number} ticked, ${size(sum("bytes"))}` : usual;
  }

  table.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    below(row);
    above(row);
    count();
  });
  form.addEventListener("submit", () => {
    const kept = new Set(top().map(tick));
    const hidden = rows().map(tick).filter((box) => box.checked && !kept.has(box));
    for (const box of hidden) box.disabled = true;
    setTimeout(() => hidden.forEach((box) => { box.disabled = false; }));
  });
  for (const row of rows()) if (tick(row).checked) below(row);
  for (const row of rows()) above(row);
  count();
  return { added(row) { if (tick(row).checked) below(row); } };
}
