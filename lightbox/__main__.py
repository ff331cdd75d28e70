"""``python -m lightbox`` is ``lightbox``."""

from lightbox.cli import main

raise SystemExit(main())
