"""`run.log`: what a run read, found and wrote, and how long its stages took, for people."""

from __future__ import annotations

import logging
import platform
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from circle15._version import __version__
from circle15.output.text.wording import printable
from circle15.study.messages import say
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.workflow.stages import Clock

_HASH_SHOWN: Final = 12
_MOST_MESSAGES: Final = 1000


class _Keeping(logging.Handler):
    """Keeps the warnings of the package, of which more than a thousand are too many."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.told) < _MOST_MESSAGES:
            self.told.append(f"{record.levelname.lower()}: {record.getMessage()}")


@contextmanager
def keeping_messages(told: list[str]) -> Iterator[None]:
    """Add what the package logs as warning or error to a list."""
    handler, logger = _Keeping(told), logging.getLogger("circle15")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def log_text(
    result: StudyResult,
    clock: Clock,
    sizes: Mapping[str, int],
    code: str,
    language: Language,
    *,
    tried: int = 0,
) -> str:
    """
    Return the text of the log.

    Parameters
    ----------
    result
        The results of the run.
    clock
        Its stages, with the messages that were logged.
    sizes
        Bytes of each result file.
    code
        Code of the numbers.
    language
        `zh` or `en`; names of stages and codes of findings are the same in both.
    tried
        Bytes of the map by which sites are tried on it.
    """
    study, told = result.study, result.provenance
    durations = clock.durations()
    found = Counter((one.severity, one.code) for one in worst_first(result.findings))
    parts = {
        "read": [
            say(
                "run_log.file",
                language,
                file=one["path"],
                rows="–" if one["rows"] is None else one["rows"],
                sha256=(one["sha256"] or "–")[:_HASH_SHOWN],
            )
            for one in told["inputs"]
        ],
        "stages": [
            *(_seconds(name, taken, language) for name, taken in durations.items()),
            _seconds(say("run_log.total", language), sum(durations.values()), language),
            *(
                say("run_log.beside", language, stage=name, seconds=f"{taken:.3f}")
                for name, taken in clock.beside_s().items()
            ),
        ],
        "findings": [f"{severity} {name}: {count}" for (severity, name), count in found.items()],
        "messages": clock.told,
        "written": [
            *(say("run_log.size", language, file=name, bytes=size) for name, size in sizes.items()),
            *([say("run_log.tried", language, bytes=tried)] if tried else []),
        ],
    }
    when = clock.started.isoformat(timespec="seconds")
    lines = [
        f"circle15 {__version__} · Python {platform.python_version()} · {platform.platform()}",
        say("run_log.head", language, title=study.title, name=study.name, when=when, code=code),
    ]
    for key, rows in parts.items():
        lines += ["", say(f"run_log.{key}", language)]
        lines += [f"  {row}" for row in rows] or [f"  {say('run_log.none', language)}"]
    return "".join(f"{printable(line)}\n" for line in lines)


def _seconds(stage: str, seconds: float, language: Language) -> str:
    return say("run_log.stage", language, stage=stage, seconds=f"{seconds:.3f}")
