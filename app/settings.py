"""Settings of an installation, from environment variables."""

from dataclasses import dataclass
from typing import Self

from geo.installation import variable


@dataclass(frozen=True)
class Settings:
    """What an installation may set; everything works without.

    Parameters
    ----------
    tianditu_key : str
        `EXPLORER_TIANDITU_KEY`, the key of the Tianditu base map.
    approval : str
        `EXPLORER_MAP_APPROVAL`, the 审图号 printed on every map.
    hosts : tuple of str
        `EXPLORER_HOSTS`, names under which users reach the app, divided by commas.
    user_header : str
        `EXPLORER_USER_HEADER`, the request header in which a trusted proxy sends the user's name.
    proxies : tuple of str
        `EXPLORER_PROXIES`, addresses or networks of that proxy, divided by commas; this machine when not set.
    api : str
        `EXPLORER_API`, ``token`` where the read API asks for tokens.
    open : bool
        `EXPLORER_OPEN`, ``1`` where the server may listen to others although nobody signs in.
    sign_in : str
        `EXPLORER_SIGN_IN`, the file that names the provider by which people sign in (`app.server.sign_in`).
    role_claim, group_claim : str
        `EXPLORER_ROLE_CLAIM` and `EXPLORER_GROUP_CLAIM`, where the provider's token says a person's role and groups.
    default_role : str
        `EXPLORER_DEFAULT_ROLE`, the role of who signs in and was given none.
    notify : str
        `EXPLORER_NOTIFY`, the file that names where notices go (`app.commands.notify`).
    """

    tianditu_key: str = ""
    approval: str = ""
    hosts: tuple[str, ...] = ()
    user_header: str = ""
    proxies: tuple[str, ...] = ()
    api: str = ""
    open: bool = False
    sign_in: str = ""
    role_claim: str = "roles"
    group_claim: str = "groups"
    default_role: str = ""
    notify: str = ""

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings.

        Examples
        --------
        >>> isinstance(Settings.from_environment().approval, str)
        True
        """
        return cls(
            tianditu_key=variable("EXPLORER_TIANDITU_KEY"),
            approval=variable("EXPLORER_MAP_APPROVAL"),
            hosts=_listed("EXPLORER_HOSTS"),
            user_header=variable("EXPLORER_USER_HEADER"),
            proxies=_listed("EXPLORER_PROXIES"),
            api=variable("EXPLORER_API"),
            open=variable("EXPLORER_OPEN") == "1",
            sign_in=variable("EXPLORER_SIGN_IN"),
            role_claim=variable("EXPLORER_ROLE_CLAIM") or cls.role_claim,
            group_claim=variable("EXPLORER_GROUP_CLAIM") or cls.group_claim,
            default_role=variable("EXPLORER_DEFAULT_ROLE"),
            notify=variable("EXPLORER_NOTIFY"),
        )


def people_sign_in() -> bool:
    """Whether the installation knows people: by a sign-in of its own, or by a proxy's."""
    settings = Settings.from_environment()
    return bool(settings.sign_in or settings.user_header)


def _listed(name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, variable(name).split(","))))
