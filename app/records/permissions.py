"""Who may do what: the one rule of roles, and of the rights to a dataset; it looks nothing up and knows no request."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NamedTuple

from app.settings import Settings
from geo.datasets.rights import OF_ALL, OF_GROUPS, DatasetRights
from geo.errors import DataError
from geo.text import Text

if TYPE_CHECKING:
    from geo.datasets.workspace import ImportedDataset

NO_ROLE: Final = "none"
READER: Final = "reader"
ADMINISTRATOR: Final = "administrator"

ROLES: Final[dict[str, Text]] = {
    NO_ROLE: Text("未获准", "Not admitted"),
    READER: Text("读者", "Reader"),
    "follower": Text("跟进人", "Follower"),
    "corrector": Text("更正人", "Corrector"),
    "importer": Text("导入人", "Importer"),
    ADMINISTRATOR: Text("管理员", "Administrator"),
}
"""Role → its name; each may do all that those before it may."""


class Permission(NamedTuple):
    """Something that is done: the lowest role that may, and what it is."""

    role: str
    label: Text


PERMISSIONS: Final[dict[str, Permission]] = {
    "read": Permission(READER, Text("看、筛选、导出、用读取接口", "look, filter, export, read by the API")),
    "follow": Permission(
        "follower", Text("跟进、备注、收藏搜索、留存范围", "follow up, take notes, keep searches and areas")
    ),
    "correct": Permission("corrector", Text("更正、撤销更正", "correct, and take corrections back")),
    "import": Permission(
        "importer", Text("导入；改、删自己导入的数据集", "import; change and delete datasets of their own")
    ),
    "administer": Permission(
        ADMINISTRATOR,
        Text("给角色；看、改、删每个数据集", "give roles; see, change and delete every dataset"),
    ),
}
"""Action → the lowest role that may."""


def allows(role: str, action: str) -> bool:
    """Whether a role may do something; one that is not known may nothing.

    Examples
    --------
    >>> allows("corrector", "follow"), allows("corrector", "import"), allows("none", "read"), allows("king", "read")
    (True, False, False, False)
    """
    ranks = list(ROLES)
    return role in ROLES and ranks.index(role) >= ranks.index(PERMISSIONS[action].role)


def shows(role: str, account: str, groups: Collection[str], rights: DatasetRights) -> bool:
    """Whether a person of a role, account and groups may know of a dataset.

    Examples
    --------
    >>> own = DatasetRights(owner="zhang", seen_by="groups", groups=("招商",))
    >>> shows("reader", "zhang", (), own), shows("reader", "li", ("招商",), own), shows("importer", "li", (), own)
    (True, True, False)
    """
    if not allows(role, "read"):
        return False
    if allows(role, "administer") or rights.seen_by == OF_ALL:
        return True
    mine = bool(account) and account == rights.owner
    return mine or (rights.seen_by == OF_GROUPS and bool(set(groups) & set(rights.groups)))


def owns(role: str, account: str, rights: DatasetRights) -> bool:
    """Whether a person may change the rights of a dataset, replace and delete it.

    Examples
    --------
    >>> own = DatasetRights(owner="zhang")
    >>> owns("importer", "zhang", own), owns("importer", "li", own), owns("reader", "zhang", own)
    (True, False, False)
    """
    return allows(role, "administer") or (allows(role, "import") and bool(account) and account == rights.owner)


def default_role(settings: Settings) -> str:
    """Role of who signs in and was given none.

    Behind a proxy everybody whom it names is trusted as a whole, as before there were roles; of a provider's users,
    who may be the whole of an organisation, each may look.

    Raises
    ------
    DataError
        When `EXPLORER_DEFAULT_ROLE` is no role.

    Examples
    --------
    >>> default_role(Settings(sign_in="sign-in.toml")), default_role(Settings(user_header="X-User"))
    ('reader', 'administrator')
    """
    role = settings.default_role or (READER if settings.sign_in else ADMINISTRATOR)
    if role not in ROLES:
        raise DataError("EXPLORER_DEFAULT_ROLE 不认识", value=role, expected="、".join(ROLES))
    return role


class Person(NamedTuple):
    """Somebody who asks.

    `name` is empty as long as nobody is known; `proven` tells that a sign-in or the proxy in front of the app vouches
    for it.  `role` is one of `ROLES`; `account` is what the sign-in knows the person by, empty where nobody signs in.
    """

    name: str
    proven: bool
    role: str = ADMINISTRATOR
    account: str = ""
    groups: frozenset[str] = frozenset()

    def may(self, action: str) -> bool:
        """Whether the person may do something of `PERMISSIONS`: only look, where people are named and this one is not."""
        return allows(self.role, action) and (action == "read" or bool(self.name) or not self.proven)

    def sees(self, rights: DatasetRights) -> bool:
        """Whether the person may know of a dataset."""
        return shows(self.role, self.account, self.groups, rights)

    def knows(self, entry: "ImportedDataset") -> bool:
        """Whether the person may know of one of the workspace."""
        return self.sees(entry.rights)

    def owns(self, rights: DatasetRights) -> bool:
        """Whether the person may change the rights of a dataset, replace and delete it."""
        return self.may("import") and owns(self.role, self.account, rights)


ANYBODY: Final = Person("", proven=False)
"""Who asks where nobody signs in, and a command: everybody may do everything."""

NOBODY: Final = Person("", proven=True, role=NO_ROLE)
"""Who asks without having signed in, where people sign in."""
