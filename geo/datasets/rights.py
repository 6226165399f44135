"""Who may know of a dataset of the workspace."""

from typing import Final, NamedTuple

from geo.errors import DataError

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

    def changes(self, to: "DatasetRights") -> dict[str, tuple[str, str]]:
        """What becomes different, before and after, in words for the log.

        Raises
        ------
        DataError
            When groups are to know of it and none is named.

        Examples
        --------
        >>> DatasetRights().changes(DatasetRights(seen_by="groups", groups=("甲", "乙")))
        {'seen_by': ('all', 'groups'), 'groups': ('', '甲、乙')}
        """
        to.check()
        pairs = {
            "owner": (self.owner, to.owner),
            "seen_by": (self.seen_by, to.seen_by),
            "groups": ("、".join(self.groups), "、".join(to.groups)),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def check(self) -> None:
        """Refuse rights for groups that name none; `DataError`."""
        if self.seen_by == OF_GROUPS and not self.groups:
            raise DataError("要写明给哪些组看（which groups）")


EVERYBODY: Final = DatasetRights()
"""Those of a set that says nothing of them, as none did before people could sign in."""
