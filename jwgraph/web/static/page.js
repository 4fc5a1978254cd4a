// What every page does with script: copy buttons, the MRP box, and the tree. Each page works without it.
import { upgrade } from "./tree.js";
import { select } from "./select.js";

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.previousElementSibling;
    const copied = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
    if (!copied) getSelection().selectAllChildren(text);
    button.textContent = copied ? "Copied" : "Selected: copy it by keyboard";
  });
}

// As the form does, but at once at the address that the server would send it on to.
const box = document.querySelector("#mrp");
box?.addEventListener("change", () => {
  const said = [...new FormData(box.form)].filter(([name, value]) => value && name !== "mrp");
  location.assign(`?${new URLSearchParams([["mrp", box.checked ? "1" : "0"], ...said])}`);
});

const table = document.querySelector("#tree");
if (table) upgrade(table, select(table));
