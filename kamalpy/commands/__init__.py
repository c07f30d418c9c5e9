"""Every docker and kamal-proxy word, noun by noun; nothing here runs anything."""
