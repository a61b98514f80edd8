import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaigns", "0001_initial"),
        ("core", "0001_initial"),
        ("core", "0002_search_grams"),
        ("organizations", "0001_initial"),
        ("places", "0001_initial"),
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("number", models.CharField(max_length=24, verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="recurring duty")),
                ("measure", models.CharField(max_length=300, verbose_name="measure of success")),
                ("schedule", models.JSONField(verbose_name="how often")),
                ("ahead", models.PositiveSmallIntegerField(verbose_name="opened ahead by working days")),
                ("starts", models.DateField(verbose_name="from")),
                ("ends", models.DateField(verbose_name="until")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next date")),
                ("opens_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=120)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("hand", "Written by hand"),
                            ("claim", "Claimed by the unit"),
                            ("hint", "By the standard's hint"),
                            ("workbook", "From a workbook"),
                            ("breakdown", "From the breakdown"),
                            ("directive", "From a document"),
                            ("instruct", "By a leader's instruction"),
                            ("duty", "From a recurring duty"),
                            ("own", "From the unit's own list"),
                        ],
                        default="hand",
                        max_length=10,
                    ),
                ),
                ("origin_text", models.TextField(blank=True, verbose_name="source sentence")),
                ("origin_url", models.CharField(blank=True, max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recurring_duties",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "cooperating",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organizations.unit", verbose_name="cooperating units"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recurring_duties",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "opens_on"], name="duty_opens"),
                    models.Index(fields=["campaign", "state", "next_on"], name="duty_next"),
                    models.Index(fields=["unit", "state"], name="duty_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "number"), name="duty_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("campaign", "unit", "source"),
                        name="duty_source_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("number", models.CharField(max_length=24, verbose_name="number")),
                ("signed_as", models.CharField(max_length=160)),
                ("written_on", models.DateField(verbose_name="written on")),
                ("about", models.CharField(max_length=200, verbose_name="about")),
                ("content", models.TextField(verbose_name="instruction")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("urgent", "Urgent"), ("most", "Most urgent")],
                        default="urgent",
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[("paper", "On paper"), ("spoken", "By word of mouth"), ("screen", "On screen")],
                        max_length=10,
                        verbose_name="how it was given",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instructions",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="organizations.post",
                        verbose_name="leader",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "written_on"], name="instruction_written")],
                "constraints": [models.UniqueConstraint(fields=("region", "number"), name="instruction_number")],
            },
        ),
        migrations.CreateModel(
            name="RoadSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("starts_at", models.PositiveIntegerField(verbose_name="from metre")),
                ("ends_at", models.PositiveIntegerField(verbose_name="to metre")),
                (
                    "side",
                    models.CharField(
                        choices=[("both", "Both sides"), ("left", "Left side"), ("right", "Right side")],
                        default="both",
                        max_length=5,
                        verbose_name="side",
                    ),
                ),
                ("between", models.CharField(blank=True, max_length=120, verbose_name="from where to where")),
                ("starts", models.DateField(verbose_name="from")),
                ("ends", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.post",
                        verbose_name="contracted leader",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="road_sections",
                        to="organizations.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "road",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="places.place",
                        verbose_name="road",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="road_sections",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["road", "starts_at"], name="section_road"),
                    models.Index(fields=["unit", "ends"], name="section_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="section_has_metres"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShopFront",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("number", models.CharField(max_length=30, verbose_name="house number")),
                ("name", models.CharField(max_length=80, verbose_name="shop")),
                (
                    "side",
                    models.CharField(
                        choices=[("both", "Both sides"), ("left", "Left side"), ("right", "Right side")],
                        default="both",
                        max_length=5,
                        verbose_name="side",
                    ),
                ),
                ("keeps_clean", models.BooleanField(default=False, verbose_name="keeps it clean")),
                ("keeps_order", models.BooleanField(default=False, verbose_name="keeps order")),
                ("keeps_green", models.BooleanField(default=False, verbose_name="keeps the green")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="shop closed on")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "road",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fronts",
                        to="places.place",
                        verbose_name="road",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shop_fronts",
                        to="organizations.unit",
                        verbose_name="supervised by",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "number"], name="front_number"),
                    models.Index(fields=["unit", "closed_on"], name="front_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)), fields=("road", "number"), name="front_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="split_criteria",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="standards.node"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("campaign", "node"), name="split_once")],
            },
        ),
        migrations.CreateModel(
            name="StandingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("text", models.CharField(max_length=300, verbose_name="standing rule")),
                ("source", models.CharField(blank=True, max_length=120)),
                ("origin_text", models.TextField(blank=True, verbose_name="source sentence")),
                ("origin_url", models.CharField(blank=True, max_length=300)),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="held until")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_rules",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        blank=True, related_name="standing_rules", to="organizations.unit", verbose_name="units"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "ended_on", "-created_at"], name="rule_ended")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("campaign", "source"),
                        name="rule_source_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("number", models.CharField(max_length=24, verbose_name="number")),
                ("title", models.CharField(max_length=300, verbose_name="task")),
                ("detail", models.TextField(blank=True, verbose_name="detail")),
                ("measure", models.CharField(blank=True, max_length=300, verbose_name="measure of success")),
                ("frequency", models.CharField(blank=True, max_length=80, verbose_name="how often")),
                ("due_at", models.DateTimeField(verbose_name="deadline")),
                ("measures", models.TextField(blank=True, verbose_name="measures")),
                ("people", models.TextField(blank=True, verbose_name="people")),
                ("progress", models.PositiveSmallIntegerField(default=0, verbose_name="progress")),
                (
                    "book",
                    models.CharField(
                        choices=[("campaign", "Campaign"), ("business", "Own work")],
                        default="campaign",
                        max_length=10,
                        verbose_name="ledger",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("hand", "Written by hand"),
                            ("claim", "Claimed by the unit"),
                            ("hint", "By the standard's hint"),
                            ("workbook", "From a workbook"),
                            ("breakdown", "From the breakdown"),
                            ("directive", "From a document"),
                            ("instruct", "By a leader's instruction"),
                            ("duty", "From a recurring duty"),
                            ("own", "From the unit's own list"),
                        ],
                        default="hand",
                        max_length=10,
                    ),
                ),
                ("occurrence", models.CharField(blank=True, max_length=24)),
                ("origin_text", models.TextField(blank=True, verbose_name="source sentence")),
                ("origin_url", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Waiting to be accepted"),
                            ("accepted", "Under way"),
                            ("objected", "Objected to"),
                            ("reported", "Waiting to be confirmed"),
                            ("confirmed", "Closed as done"),
                            ("cancelled", "Task cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="campaigns.campaign"
                    ),
                ),
                (
                    "cooperating",
                    models.ManyToManyField(
                        blank=True,
                        related_name="cooperating_tasks",
                        to="organizations.unit",
                        verbose_name="cooperating units",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="responsibilities.duty",
                        verbose_name="recurring duty",
                    ),
                ),
                (
                    "implementer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.post",
                        verbose_name="done by",
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="responsibilities.instruction",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.post",
                        verbose_name="supervised by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "waits_for",
                    models.ManyToManyField(blank=True, related_name="waited_for", to="responsibilities.task"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["campaign", "state", "due_at"], name="task_state_due"),
                    models.Index(fields=["unit", "state", "due_at"], name="task_unit_due"),
                    models.Index(fields=["campaign", "issued_at"], name="task_issued"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "number"), name="task_number"),
                    models.UniqueConstraint(fields=("duty", "occurrence"), name="task_occurrence"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Postponement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("reason", models.TextField(verbose_name="reason")),
                ("wanted", models.DateTimeField(verbose_name="asked for")),
                ("asked_at", models.DateTimeField()),
                ("before", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Waiting for a decision"), ("granted", "Granted"), ("refused", "Refused")],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postponements",
                        to="responsibilities.task",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "state"], name="postponement_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("task",), name="postponement_open_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskMilestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("name", models.CharField(max_length=80, verbose_name="milestone")),
                ("share", models.PositiveSmallIntegerField(verbose_name="share in per cent")),
                ("due_on", models.DateField(verbose_name="day")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("proof", models.CharField(blank=True, max_length=300)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="responsibilities.task",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["task", "due_on"], name="step_task_due"),
                    models.Index(fields=["region", "done_at", "due_on"], name="step_open_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("share", models.CharField(choices=[("lead", "Lead"), ("cooperate", "Cooperate")], max_length=10)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("hand", "Written by hand"),
                            ("claim", "Claimed by the unit"),
                            ("hint", "By the standard's hint"),
                            ("workbook", "From a workbook"),
                            ("breakdown", "From the breakdown"),
                            ("directive", "From a document"),
                            ("instruct", "By a leader's instruction"),
                            ("duty", "From a recurring duty"),
                            ("own", "From the unit's own list"),
                        ],
                        default="hand",
                        max_length=10,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="campaigns.campaign"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="standards.node"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "unit"], name="assignment_unit")],
                "constraints": [models.UniqueConstraint(fields=("campaign", "node", "unit"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="Collective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                ("units", models.ManyToManyField(related_name="+", to="organizations.unit")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("region", "name"), name="collective_once")],
            },
        ),
        migrations.CreateModel(
            name="ClaimPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("closes_on", models.DateField(verbose_name="until")),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claim_pools", to="campaigns.campaign"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at__isnull", True)), fields=("campaign",), name="pool_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("given", "Leads now"),
                            ("down", "Turned down"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="claimed at")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="campaigns.campaign"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="responsibilities.claimpool",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "state", "made_at"], name="claim_state")],
                "constraints": [models.UniqueConstraint(fields=("pool", "node", "unit"), name="claim_once")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("share", models.CharField(choices=[("lead", "Lead"), ("cooperate", "Cooperate")], max_length=10)),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for the ruling"),
                            ("stays", "It stays with the unit"),
                            ("moved", "Taken off the unit"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="objected at")),
                ("due_at", models.DateTimeField(verbose_name="ruling until")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objections", to="campaigns.campaign"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                        verbose_name="whose it is instead",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "state", "due_at"], name="objection_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("campaign", "node", "unit"),
                        name="objection_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("about", models.CharField(blank=True, max_length=160, verbose_name="which part")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.contractedarea",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="campaigns.campaign"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts_given", to="organizations.unit"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.grid",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.node",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="organizations.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibilities.roadsection",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["campaign", "giver", "node"], name="part_giver"),
                    models.Index(fields=["campaign", "unit", "node"], name="part_unit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "level",
                    models.CharField(
                        choices=[("decide", "Decides"), ("answer", "Answers for it"), ("do", "Does it")], max_length=10
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.post"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chain", to="responsibilities.task"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "level"), name="chain_link_once")],
            },
        ),
    ]
