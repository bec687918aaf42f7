"""Pages whose text a script puts there, opened in the system's Chromium."""
