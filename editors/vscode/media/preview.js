// In the preview: puts in what the extension sends, and follows the cursor. Elements say with `data-start` and
// `data-end` which code points of the text they are of.
(() => {
  const vscode = acquireVsCodeApi();
  const page = document.getElementById("policy");
  let places = [];
  let current;

  const starts = (element) => Number(element.dataset.start);
  const ends = (element) => Number(element.dataset.end);
  const hasParts = (element) => element.querySelector("[data-start]") !== null;

  /** The innermost element about a place; between the parts of an element, the part before it. */
  function at(offset) {
    const sizes = (element) => ends(element) - starts(element);
    let around;
    let before;
    for (const element of places) {
      if (starts(element) <= offset && offset <= ends(element)) {
        around = around === undefined || sizes(element) <= sizes(around) ? element : around;
      } else if (ends(element) < offset && !hasParts(element)) {
        before = before === undefined || ends(element) > ends(before) ? element : before;
      }
    }
    return around === undefined || hasParts(around) ? before : around;
  }

  function mark(element) {
    current?.classList.remove("policyspec-current");
    current = element;
    current?.classList.add("policyspec-current");
  }

  function isSeen(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  window.addEventListener("message", ({ data }) => {
    if (data.type === "page") {
      const offset = current && starts(current);
      page.innerHTML = data.html;
      if (data.language) {
        document.documentElement.lang = data.language;
      }
      places = [...page.querySelectorAll("[data-start]")];
      current = undefined;
      if (offset !== undefined) {
        mark(at(offset));
      }
      vscode.setState({ uri: data.uri });
    } else if (data.type === "cursor") {
      const element = at(data.offset);
      mark(element);
      if (element && !isSeen(element)) {
        element.scrollIntoView({ block: "center" });
      }
    } else if (data.type === "scroll") {
      const element = at(data.offset);
      if (data.isTop || !element) {
        window.scrollTo({ top: 0 });
      } else {
        element.scrollIntoView({ block: "start" });
      }
    }
  });

  function show(event, focus) {
    const element = event.target.closest("[data-start]");
    // A link goes where it leads, and marking text is not asking for a place.
    if (!element || event.target.closest("a[href], summary") || !window.getSelection().isCollapsed) {
      return;
    }
    mark(element);
    vscode.postMessage({ type: "show", start: starts(element), focus });
  }

  document.addEventListener("click", (event) => show(event, false));
  document.addEventListener("dblclick", (event) => {
    window.getSelection().removeAllRanges();
    show(event, true);
  });
  vscode.postMessage({ type: "ready" });
})();
