"""What a person hears while an application is prepared."""

from __future__ import annotations

import threading

import pytest

from chalice_cli import _preparation
from chalice_cli._talk import Talk


class Listener(Talk):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.spoken = threading.Event()

    def say(self, text: str) -> None:
        self.heard.append(text)
        self.spoken.set()


def test_a_long_wait_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_preparation, "PATIENCE", 0.0)
    listener = Listener()

    with _preparation.told_when_it_takes_long(listener, "Waiting."):
        assert listener.spoken.wait(10)

    assert listener.heard == ["Waiting."]


def test_a_short_wait_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_preparation, "PATIENCE", 60.0)
    listener = Listener()

    with _preparation.told_when_it_takes_long(listener, "Waiting."):
        assert not listener.heard

    assert not [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and thread.is_alive() and not thread.finished.is_set()
    ]
    assert not listener.heard
