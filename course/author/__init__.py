"""The course as a git history: export, adopt, amend, and new pages."""
