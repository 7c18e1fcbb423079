"""Cases: a file with the findings of one visit becomes inspections, answers and requirements."""
