"""For inventory files that want to change hosts in Python before pyinfra sees them."""
