"""The course as a site: the lessons, the step pages and the notebooks."""
