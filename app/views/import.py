"""Import: vendors' files in, an account of every row, and the sets of this workspace."""

from __future__ import annotations

import streamlit as st

from app.intake import draw_report, draw_upload
from app.session import current
from app.sets import draw_sets

session = current()
st.header(session.word("import.title"), anchor=False)
st.write(session.word("import.lead"))
draw_upload()
draw_report()
st.divider()
draw_sets()
