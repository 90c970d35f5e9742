# ruff: noqa: INP001 - an extension of Sphinx, no part of a package
"""
Search in Chinese without a dictionary: pairs of neighbouring characters are the words.

Sphinx itself needs jieba for Chinese, and splits what a reader types at spaces only. Here the
index and the query are cut in the same way, so that any two characters or more are found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx.search import SearchLanguage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9_]+", re.IGNORECASE)


class ChineseWords(SearchLanguage):
    """Pairs of Chinese characters, single ones too, and words of Latin letters as they are."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
var splitQuery = function (query) {
  var found = [];
  (query.match(/[\u3400-\u9fff]+|[a-z0-9_]+/gi) || []).forEach(function (run) {
    if (run.length === 1 || run.charCodeAt(0) !== Math.max(run.charCodeAt(0), 0x3400)) {
      found.push(run);
      return;
    }
    run.slice(1).split("").forEach(function (_, k) { found.push(run.slice(k, k + 2)); });
  });
  return found;
};
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 - the name that Sphinx calls
        """Return the words of a text: 步行时间 is 步, 步行, 行, 行时, 时, 时间, 间."""
        found = []
        for run in _RUN.findall(input):
            if run.isascii():
                found.append(run)
                continue
            for k, character in enumerate(run):
                found += [character, run[k : k + 2]] if run[k + 1 :] else [character]
        return found

    def stem(self, word: str) -> str:
        """Return a word as it is in the index: in small letters."""
        return word.lower()


def setup(app: Sphinx) -> dict[str, Any]:
    """Make these words those of the language `zh`."""
    app.add_search_language(ChineseWords)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
