"""Streamlit widgets and Plotly figures; a module has one public ``show(...)``."""
