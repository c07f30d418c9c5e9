"""The methods that templates may call, one file for each class; there are no others."""
