"""For explorers: Jupyter Lab, the notebooks and the reading of cookies."""
