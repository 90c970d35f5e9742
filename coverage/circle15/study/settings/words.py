"""Types of text keys that refer to something: a results folder, a profile, a rule pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator

from circle15.errors import InputDataError
from circle15.study.names import names_folder
from circle15.study.servers import names_a_server
from circle15.study.settings.files import StudyPlace, found_path
from circle15.study.typed_toml.kinds import Words
from circle15.study.vocabulary.profiles import known_profile, profiles

if TYPE_CHECKING:
    from pydantic import ValidationInfo

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
UnknownUse = Literal["lived_in", "left_out"]
"""Whether people live in buildings without a stated use."""


def _folder_name(name: str) -> str:
    if not names_folder(name):
        raise InputDataError(
            f"{name!r} cannot name a folder.",
            mend="Use letters, digits, '-', '_' and '.', 200 bytes at most.",
        )
    return name


def _profile_id(name: str) -> str:
    return known_profile(name).id


def _pack(name: str, info: ValidationInfo[StudyPlace]) -> str:
    """Return the name of a bundled pack, or the path of a pack file."""
    if is_pack_file(name) or names_a_server(name):
        return str(found_path(name, info.context))
    return name


def is_pack_file(name: str) -> bool:
    """Whether a pack is named by its file, not as one that comes with circle15."""
    return name.lower().endswith(".toml")


FolderName = Annotated[str, AfterValidator(_folder_name)]
"""A name that is valid for a folder on every system."""
ProfileName = Annotated[str, AfterValidator(_profile_id), Words(lambda: tuple(profiles()))]
"""Id of a walking profile."""
PackName = Annotated[str, AfterValidator(_pack)]
"""A bundled rule pack, or the path of a file `*.toml`."""
