"""The server: the Streamlit pages, and the app's own routes on the same port."""

from pathlib import Path

import streamlit as st

from app.server.asgi import MIDDLEWARE, ROUTES
from app.startup import use_sign_in, warm_up

use_sign_in()
app = st.App(Path(__file__).parent / "app" / "main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=warm_up)
