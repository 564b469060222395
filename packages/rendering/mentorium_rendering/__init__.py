"""What is drawn of a report: functions of a ReportDocument."""
