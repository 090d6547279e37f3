"""The steps of a chapter as slides, with the program behind them."""
