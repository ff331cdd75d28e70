"""Lightbox: page configuration and navigation."""

import streamlit as st

from components.maps import whole_films
from components.scans import paste
from components.shell import brand, entrance, history, notice, session_lifetime, upload_memory
from lightbox.core import logs

st.set_page_config(page_title="Lightbox", page_icon=brand.ICON, layout="wide")
logs.show_logs()
upload_memory.keep_uploads_in_memory()
session_lifetime.end_sessions_of_closed_tabs()
page = entrance.show()
brand.show()
history.show()
whole_films.keep()
paste.listen()
notice.show()
page.run()
