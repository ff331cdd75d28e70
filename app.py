"""Lightbox: page configuration and navigation."""

import streamlit as st

from components import brand, entrance, notice, upload_memory
from lightbox.core import logs

st.set_page_config(page_title="Lightbox", page_icon=":material/flip_to_front:", layout="wide")
logs.show_logs()
upload_memory.keep_uploads_in_memory()
page = entrance.show()
brand.show()
notice.show()
page.run()
