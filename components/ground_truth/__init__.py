"""The Ground truth page's parts."""
