from django.urls import path

from chuangwen.responsibilities.views import breakdown, dossiers, instructions, issuing, matter, sheets, steps, tasks

app_name = "responsibilities"
urlpatterns = [
    path("breakdown/", breakdown.breakdown, name="breakdown"),
    path("breakdown/cell/", breakdown.cell, name="cell"),
    path("breakdown/split/", breakdown.split, name="split"),
    path("breakdown/hints/", breakdown.hints, name="hints"),
    path("breakdown/renew/", breakdown.renew, name="renew"),
    path("breakdown/names/", breakdown.names, name="names"),
    path("breakdown/rule/", breakdown.rule, name="rule"),
    path("breakdown/dossiers/", dossiers.open_page, name="dossiers"),
    path("breakdown/issue/", issuing.issue, name="issue"),
    path("breakdown/matrix.xlsx", sheets.matrix_file, name="matrix_workbook"),
    path("breakdown/sheets.xlsx", sheets.sheets_file, name="sheets_workbook"),
    path("breakdown/units/<int:pk>/", sheets.sheet, name="sheet"),
    path("breakdown/units/<int:pk>/claim/", sheets.claim, name="claim"),
    path("instructions/", instructions.instructions, name="instructions"),
    path("instructions/new/", instructions.new_instruction, name="new_instruction"),
    path("instructions/<int:pk>/", instructions.instruction, name="instruction"),
    path("instructions/<int:pk>/paper/", instructions.instruction_paper, name="instruction_paper"),
    path("instructions/<int:pk>/pass-on/", instructions.pass_on, name="pass_on"),
    path("instructions/<int:pk>/withdraw/", instructions.withdraw, name="withdraw_instruction"),
    path("instructions/<int:pk>/remind/", instructions.remind, name="remind_instruction"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/new/", tasks.new_task, name="new_task"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/paper/", tasks.task_paper, name="task_paper"),
    path("tasks/<int:pk>/link/", matter.hand_out, name="links"),
    path("tasks/<int:pk>/<slug:action>/", steps.step, name="step"),
]
