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

  // Ids of the places where people live, read when the map can already be used.
  circle15.readIds = async function () {
    try {
      circle15.ids = JSON.parse(new TextDecoder().decode(await circle15.unpack("circle15-ids")));
    } catch {
      trouble("damaged");
    }
  };

  // What the map draws; null where it cannot be read, and then the panel says why.
  circle15.readData = async function () {
    if (typeof DecompressionStream === "undefined") {
      return trouble("old");
    }
    try {
      const [text, values] = await Promise.all(["circle15-data", "circle15-people"].map(circle15.unpack));
      const data = JSON.parse(new TextDecoder().decode(text));
      if (data.people) {
        data.people.column = circle15.columns(data.people.columns, values);
      }
      return data;
    } catch {
      return trouble("damaged");
    }
  };
})((window.circle15 = window.circle15 || {}));
