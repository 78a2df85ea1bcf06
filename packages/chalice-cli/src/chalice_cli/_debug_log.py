"""What `--debug` logs: everything, without secrets and without deployment packages."""

from __future__ import annotations

import logging
import re

LONGEST_MESSAGE = 8_000
"""Characters; the AWS library logs request bodies, and a deployment package is one."""

SECRETS = re.compile(
    r"""(?ix)
    ( ["']? (?: authorization | x-amz-security-token | secret_?access_?key | session_?token
              | aws_secret_access_key | aws_session_token ) ["']? \s* [:=] \s* b?["']? )
    [^"'\n,}]+
    """
)
ZIP_FILE = re.compile(r"""(["']ZipFile["']\s*:\s*)(b?["'])[^"']*""")
VARIABLES = re.compile(r"""(["']Variables["']\s*:\s*)\{[^{}]*\}""")


class DiscreetFormatter(logging.Formatter):
    """Leaves out credentials, the values of environment variables, and code."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to log."""
        line = super().format(record)
        line = ZIP_FILE.sub(r"\1<left out>", line)
        line = VARIABLES.sub(r"\1<left out>", line)
        line = SECRETS.sub(r"\1<left out>", line)
        if len(line) > LONGEST_MESSAGE:
            line = f"{line[:LONGEST_MESSAGE]} … ({len(line) - LONGEST_MESSAGE} characters more)"
        return line


def log_everything() -> None:
    """Send the logs of this process to standard error, at DEBUG."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
