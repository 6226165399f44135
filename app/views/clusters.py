"""Clusters: where an industry gathers beyond what the whole distribution explains, and what cannot be decided."""

from __future__ import annotations

from typing import Final, cast

import pandas as pd
import streamlit as st

from app.clusters import draw_concentration, draw_groups, draw_hot_spots_of, draw_shared, Question
from app.session import current
from app.text import as_markdown
from geo.clusters.analysis import Decision, decidable
from geo.clusters.autocorrelation import SEED
from geo.datasets import Datasets
from geo.filters import Filters
from geo.industries import INDUSTRIES

session = current()
