"""What drinks cost."""

MENU = {"espresso": 180, "cappuccino": 290, "water": 150}
"""Cents by drink."""


def total(wanted: dict[str, int]) -> int:
    """Return what the wanted numbers of drinks cost, in cents."""
    return sum(MENU[drink] * count for drink, count in wanted.items())
