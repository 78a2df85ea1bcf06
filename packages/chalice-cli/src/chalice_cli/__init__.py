"""The `chalice` command.

Everything is imported by the command that needs it: `chalice --help` loads
no plugin, no AWS library and nothing that builds or deploys.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
