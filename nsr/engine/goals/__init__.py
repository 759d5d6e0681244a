"""One file for each kind of goal; all of them answer a `Section` with a `QuestionResult`."""
