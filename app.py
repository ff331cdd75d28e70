"""Lightbox: page configuration and navigation."""

import streamlit as st

from components import brand, entrance, notice
from lightbox.core import logs

st.set_page_config(page_title="Lightbox", page_icon=":material/flip_to_front:", layout="wide")
logs.show_logs()
page = entrance.show()
brand.show()
notice.show()
page.run()
