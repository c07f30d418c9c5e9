"""What can go wrong with a fleet."""


class FleetError(Exception):
    """Something that the person at the keyboard has to know, in one sentence."""
