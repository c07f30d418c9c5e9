"""What the contract test is made of: a proxy at work, apps behind it, visitors before it."""
