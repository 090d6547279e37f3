"""What the course promises about speed, measured as ratios in one run."""
