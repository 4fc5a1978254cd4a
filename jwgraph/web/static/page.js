// What every page does with script: copy buttons, the MRP box, and the tree. Each page works without it.
import { upgrade } from "./tree.js";
import { select } from "./select.js";

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.previousElementSibling.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = "Selected: copy it by keyboard";
    }
  });
}

const box = document.querySelector("#mrp");
if (box) {
  box.addEventListener("change", () => box.form.requestSubmit());
}

const table = document.querySelector("#tree");
if (table) {
  const selection = select(table);
  upgrade(table, selection);
}
