"""All tables of one session of work, and the one way to select from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from geo.districts import load_districts, load_outlines
from geo.enterprises import load_enterprises
from geo.filters import Filters
from geo.land import load_land
from geo.parks import load_parks
from geo.recognitions import load_recognitions
from geo.towns import load_towns
from geo.zones import load_zones


@dataclass(frozen=True)
class Datasets:
    """The tables behind every page, map and export.

    `enterprises` is indexed by `enterprise_id`; `title` names the set, `date` is when it was compiled and `synthetic`
    tells that its rows are made up.
    """

    enterprises: gpd.GeoDataFrame
    recognitions: pd.DataFrame
    districts: gpd.GeoDataFrame
    outlines: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    parks: gpd.GeoDataFrame
    title: str = "内置样本"
    date: str = ""
    synthetic: bool = False

    def select(self, filters: Filters) -> gpd.GeoDataFrame:
        """Enterprises that the filters select: the one set behind KPI, table, map and export.

        Examples
        --------
        >>> data = load_datasets()
        >>> data.select(Filters(zone=("core", "belt", "other", "unplaced"))).equals(data.enterprises)
        True
        """
        return self.enterprises[filters.mask(self.enterprises)]

    def with_enterprises(self, enterprises: gpd.GeoDataFrame) -> Datasets:
        """The same tables with other enterprises."""
        return replace(self, enterprises=enterprises)


def load_datasets() -> Datasets:
    """Load the built-in set.

    Raises
    ------
    DataError
        When a file is missing, altered or unreadable; the message names it and the remedy.
    """
    enterprises = load_enterprises()
    return Datasets(
        enterprises=enterprises,
        recognitions=load_recognitions(),
        districts=load_districts(),
        outlines=load_outlines(),
        land=load_land(),
        zones=load_zones(),
        towns=load_towns(),
        parks=load_parks(),
        date=str(enterprises["compiled"].max()),
    )
