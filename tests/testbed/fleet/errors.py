"""What can go wrong with a fleet."""


class FleetError(Exception):
    """An error for the user, in one sentence."""
