"""Word templates of an office: what a paper's template may ask for, checked when it is taken and filled later."""
