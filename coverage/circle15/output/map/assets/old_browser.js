// Says in one line what this browser lacks. It must run in browsers that cannot read the script of
// the page, which then is not there: ECMAScript 5 only.
(function () {
  var line = document.getElementById("c15-old");
  var lacking = [];
  if (!(/** @type {any} */ (window).circle15)) {
    lacking.push("ECMAScript 2021");
  }
  if (!window.DecompressionStream) {
    lacking.push("DecompressionStream");
  }
  if (line && lacking.length) {
    line.appendChild(document.createTextNode(lacking.join(", ")));
    line.removeAttribute("hidden");
  }
})();
