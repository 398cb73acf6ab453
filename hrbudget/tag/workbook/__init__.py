"""Tags as a workbook: written for a colleague, read back, and merged without loss."""
