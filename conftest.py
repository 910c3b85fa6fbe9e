"""What every run of pytest loads, also one that is started without ``python -m``."""

pytest_plugins = ["tests.demands_plugin"]
