// Cards and short cards keep clear of the edges of the map and of the search that lies over it.
(function (circle15) {
  "use strict";

  const EDGE_PX = 8;
  const LEFT_PX = 16;
  const RIGHT_PX = 56; // the buttons that zoom
  const BOTTOM_PX = 34; // the scale
  const FRAME = { x: 30, y: 44 }; // what a card has around its content: margins and its tip

  const find = () => document.querySelector(".c15-find");
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  // Height of the strip along the upper edge in which the search lies.
  function top(map) {
    const search = document.getElementById("c15-search").getBoundingClientRect();
    return search.height ? search.bottom - map.getContainer().getBoundingClientRect().top + EDGE_PX : EDGE_PX;
  }

  // Options of a card: as large as fits, and the map moves until nothing lies over it.
  circle15.cardOptions = function (map) {
    const size = map.getSize();
    const high = top(map);
    const widest = Math.max(160, Math.min(330, size.x - LEFT_PX - RIGHT_PX - FRAME.x));
    return {
      maxWidth: widest,
      minWidth: Math.min(220, widest),
      maxHeight: Math.max(90, Math.min(440, size.y - high - BOTTOM_PX - FRAME.y, 0.66 * size.y)),
      autoPanPaddingTopLeft: [LEFT_PX, high],
      autoPanPaddingBottomRight: [RIGHT_PX, BOTTOM_PX],
    };
  };

  // A short card follows the pointer: shift it up or down until all of it is seen.
  function shift(map, tip) {
    tip.style.marginTop = "";
    const box = tip.getBoundingClientRect();
    const window = map.getContainer().getBoundingClientRect();
    const search = find().getBoundingClientRect();
    const under = search.height && box.left < search.right && search.left < box.right;
    const highest = under ? search.bottom + 2 : window.top + 2;
    const down = highest - box.top;
    const up = box.bottom - (window.bottom - 2);
    if (down > 0 || up > 0) {
      const step = down > 0 ? down : -Math.min(up, box.top - highest);
      tip.style.marginTop = parseFloat(getComputedStyle(tip).marginTop) + step + "px";
    }
  }

  circle15.startClear = function (map) {
    const place = L.Tooltip.prototype._setPosition;
    L.Tooltip.include({
      _setPosition: function (at) {
        place.call(this, at);
        shift(this._map, this._container);
      },
    });
    // Somebody who moves the map may bring a card under the search, which makes room then.
    const check = function () {
      const card = map.getPane("popupPane").querySelector(".leaflet-popup");
      const hidden = card !== null && over(card.getBoundingClientRect(), find().getBoundingClientRect());
      find().classList.toggle("c15-under", hidden);
    };
    ["move", "moveend", "popupopen", "popupclose", "resize"].forEach((event) => map.on(event, check));
  };
})((window.circle15 = window.circle15 || {}));
