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
    """

    tianditu_key: str = ""
    approval: str = ""
    hosts: tuple[str, ...] = ()
    user_header: str = ""
    proxies: tuple[str, ...] = ()
    api: str = ""

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
        )


def _listed(name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, variable(name).split(","))))
