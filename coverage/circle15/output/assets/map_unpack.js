// The data of the page: blocks of deflated bytes in base 64, unpacked by the browser itself.
(function (circle15) {
  "use strict";

  // Bytes of the block with this id.
  circle15.unpack = async function (id) {
    const text = atob(document.getElementById(id).textContent);
    const packed = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) {
      packed[i] = text.charCodeAt(i);
    }
    const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(bytes).arrayBuffer();
  };

  const trouble = (id) => {
    document.getElementById("c15-" + id).hidden = false;
    return null;
  };

  // What the map draws; null where it cannot be read, and then the panel says why.
  circle15.readData = async function () {
    if (typeof DecompressionStream === "undefined") {
      return trouble("old");
    }
    try {
      return JSON.parse(new TextDecoder().decode(await circle15.unpack("circle15-data")));
    } catch {
      return trouble("damaged");
    }
  };
})((window.circle15 = window.circle15 || {}));
