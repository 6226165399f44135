"""Who may know of a dataset of the workspace."""

from typing import Final, NamedTuple

OF_ALL: Final = "all"
OF_GROUPS: Final = "groups"
PRIVATE: Final = "private"
SEEN_BY: Final = (OF_ALL, OF_GROUPS, PRIVATE)
"""Who may know of a set."""


class DatasetRights(NamedTuple):
    """Who may know of a set: all, some groups, or only its `owner`, who is written as the sign-in knows people.

    They stand in the set's own record, so that they go where the set goes: kept releases, copies, what is restored.
    A set without them is everybody's.
    """

    owner: str = ""
    seen_by: str = OF_ALL
    groups: tuple[str, ...] = ()


EVERYBODY: Final = DatasetRights()
"""Those of a set that says nothing of them, as none did before people could sign in."""
