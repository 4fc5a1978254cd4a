// Tick boxes of the tree: a group stands for all files below it, also for those that are not shown.
// Where the rows of the tree stand: below a group come the rows that are deeper than it.
const depth = (row) => Number(row.dataset.depth);
const tick = (row) => row.querySelector("input[name=pick]");
export function descendants(row) {
  const found = [];
  for (let next = row; (next = next.nextElementSibling) && !(depth(next) <= depth(row));) found.push(next);
  return found;
}
export function parents(row) {
  const found = [];
  for (let before = row, least = depth(row); least > 1 && (before = before.previousElementSibling);) {
    if (depth(before) < least) least = depth(found[found.push(before) - 1]);
  }
  return found;
}
const children = (row) => descendants(row).filter((each) => depth(each) === depth(row) + 1);
function size(bytes) {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 5);
  return `${(bytes / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB", "TB", "PB"][power]}`;
}
function below(row) {
  for (const child of children(row)) {
    Object.assign(tick(child), { checked: tick(row).checked, indeterminate: false });
    below(child);
  }
}
function above(row) {
  for (const parent of parents(row)) {
    const boxes = children(parent).map(tick);
    const checked = boxes.length > 0 && boxes.every((each) => each.checked);
    const indeterminate = !checked && boxes.some((each) => each.checked || each.indeterminate);
    Object.assign(tick(parent), { checked, indeterminate });
  }
}

export function select(table) {
  const chosen = document.querySelector("#chosen");
  const usual = chosen.textContent;
  const rows = () => [...table.tBodies[0].rows].filter((row) => row.dataset.id && tick(row).checked);
  // The topmost ticked rows: what is below them is part of them.
  const top = () => rows().filter((row) => !parents(row).some((each) => tick(each).checked));

  function count() {
    const sum = (name) => top().reduce((total, row) => total + Number(row.dataset[name]), 0);
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
  document.querySelector("#files").addEventListener("submit", () => {
    const kept = new Set(top());
    const hidden = rows().filter((row) => !kept.has(row)).map(tick);
    for (const box of hidden) box.disabled = true;
    setTimeout(() => hidden.forEach((box) => { box.disabled = false; }));
  });
  const ticked = rows();
  ticked.forEach(below);
  ticked.forEach(above);
  count();
  return (row) => { if (tick(row).checked) below(row); };
}
