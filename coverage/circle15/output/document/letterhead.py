"""What heads report and zone sheets, and who signs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Masthead, Signing

if TYPE_CHECKING:
    from circle15.inputs.letterheads import Letterhead
    from circle15.output.text.wording import Words

_ROLES: Final = ("made", "checked", "released")


def masthead_of(letterhead: Letterhead) -> Masthead | None:
    """Return the masthead of a letterhead; None where it has neither organisation nor logo."""
    if not letterhead.is_shown:
        return None
    return Masthead(letterhead.organisation, letterhead.logo)


def signing_lines(words: Words, *, stamp: str | None = None) -> Signing:
    """Return the signature lines: the signatories of the study or the roles, stamp and date."""
    own = words.study.report.signatories
    signing = own or [words.say(f"report.sign_{role}") for role in _ROLES]
    return Signing([*signing, *([] if stamp is None else [stamp]), words.say("report.sign_date")])
