"""Services, their targets, and what happens to a request between the two."""
