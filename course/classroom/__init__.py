"""For those who teach: many students' programs, and what a class is given."""
