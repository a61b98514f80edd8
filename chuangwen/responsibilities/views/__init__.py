"""Pages of duties: the matrix (breakdown), its sheets (sheets), issuing (issuing), tasks (tasks)."""
