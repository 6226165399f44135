"""Settings of an installation, from environment variables."""

import os
from dataclasses import dataclass
from typing import Self


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
    """

    tianditu_key: str = ""
    approval: str = ""
    hosts: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings.

        Examples
        --------
        >>> isinstance(Settings.from_environment().approval, str)
        True
        """
        return cls(
            tianditu_key=os.environ.get("EXPLORER_TIANDITU_KEY", "").strip(),
            approval=os.environ.get("EXPLORER_MAP_APPROVAL", "").strip(),
            hosts=tuple(filter(None, map(str.strip, os.environ.get("EXPLORER_HOSTS", "").split(",")))),
        )
