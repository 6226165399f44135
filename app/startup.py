"""What happens once, beside the server, while the first browser is still loading the pages."""

import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import streamlit as st
from streamlit import config, runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.log import log_to_file, watch_pages
from app.server.metrics import REQUEST_HEADER
from app.server.snapshot import first_map, keep_snapshots, reading, serving, wait_for_map
from app.server.uploads import watch
from app.settings import Settings
from app.setup.assets import STATIC
from geo.catalog import built_data_dir
from geo.errors import DataError
from geo.files import recover
from geo.ingest.isolation import FOLDER_PREFIX, remove_leftovers
from geo.installation import variable


def use_sign_in() -> None:
    """Have Streamlit read its sign-in from the file of the installation, and from no other."""
    file = Settings.from_environment().sign_in
    config.set_option("secrets.files", [file] if file else [])


@asynccontextmanager
async def warm_up(_app: Any) -> AsyncIterator[None]:
    """Load libraries and the starting dataset beside the server, from its start on."""
    log_to_file()
    watch_pages(_request_of_page)
    remove_leftovers()
    with TemporaryDirectory(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder  # all that is written for a while goes when the server is stopped
        serving.set()
        reading.set()
        watch(_uploaded)
        Thread(target=_load, daemon=True).start()
        if variable("EXPLORER_DATABASE"):
            Thread(target=_open_database, daemon=True).start()
        yield


def _load() -> None:
    """Load what the first page needs, in its order; what is wrong with the data, the page says."""
    try:
        with suppress(DataError, OSError):
            _load_component()
            if first_map("zh"):
                wait_for_map(time.monotonic())  # both at once on two cores would be slower together
            from app.server.basemaps import write_first

            write_first()
            import app.ui.layout  # noqa: F401  all that pages share
    finally:
        reading.clear()
    _recover()
    with suppress(DataError, OSError):
        keep_snapshots()


def _open_database() -> None:
    """Open a server's database before the first user needs it: one that is silent is known to be when the page comes."""
    from app.records.database import open_database

    with suppress(DataError):  # what is wrong with it, the pages say
        open_database()


def _recover() -> None:
    """Put in order what a crash left in any folder that the product writes to, whatever else went wrong."""
    from geo.datasets import workspace

    for tidy in (workspace.recover, lambda: recover(built_data_dir()), lambda: recover(STATIC.parent)):
        with suppress(DataError, OSError):
            tidy()


def _request_of_page() -> str:
    """Id of the request by which the browser of the page that is being drawn came in; empty outside of pages."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    return str(st.context.headers.get(REQUEST_HEADER, ""))


def _uploaded() -> dict[str, int]:
    """Bytes of the uploads that each session holds."""
    manager: Any = runtime.get_instance().uploaded_file_mgr
    held = list(manager.file_storage.items())
    return {session: sum(len(file.data) for file in list(files.values())) for session, files in held}


def _load_component() -> None:
    """Load the map's component and register it: Streamlit does so itself only for what a page's script imports first."""
    outside = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    outside.disabled = True  # it warns of being outside a page's script, which this is
    try:
        from streamlit_folium import _component_func as component
    finally:
        outside.disabled = False
    runtime.get_instance().component_registry.register_component(component)
