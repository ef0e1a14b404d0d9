"""What the applicant takes home: the code, the paper, the printer."""
