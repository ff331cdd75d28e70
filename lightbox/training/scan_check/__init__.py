"""Training and measuring the detector of `lightbox.scan_check`."""
