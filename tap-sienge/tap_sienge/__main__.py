"""``python -m tap_sienge``."""

from tap_sienge.tap import TapSienge

TapSienge.cli()
