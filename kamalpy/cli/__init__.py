"""The command `kamalpy`: Kamal's words and flags."""
