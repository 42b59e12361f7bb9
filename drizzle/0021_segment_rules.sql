CREATE TABLE "hand_off_clock" (
	"workspace_id" text collate "C" NOT NULL,
	"hand_off_id" uuid NOT NULL,
	"clock" text collate "C" NOT NULL,
	"source" text collate "C",
	"started_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"elapsed_ms" bigint,
	"settles_at" timestamp (3) with time zone,
	CONSTRAINT "hand_off_clock_workspace_id_hand_off_id_clock_pk" PRIMARY KEY("workspace_id","hand_off_id","clock")
);
--> statement-breakpoint
ALTER TABLE "hand_off_clock" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "segment_comparison" (
	"workspace_id" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"decided" integer NOT NULL,
	"compared" integer NOT NULL,
	"too_few" integer NOT NULL,
	"found" integer NOT NULL,
	CONSTRAINT "segment_comparison_workspace_id_recorded_at_pk" PRIMARY KEY("workspace_id","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "segment_comparison" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "segment_rule" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"code" text collate "C" NOT NULL,
	"side" text collate "C" NOT NULL,
	"segment" text collate "C",
	"label" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"condition" jsonb NOT NULL,
	"state" text collate "C" NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"changed_by" text collate "C" NOT NULL,
	"ordinal" integer NOT NULL,
	"evidence" jsonb NOT NULL,
	CONSTRAINT "segment_rule_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "segment_rule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "segment_rule_event" (
	"workspace_id" text collate "C" NOT NULL,
	"rule_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"detail" jsonb NOT NULL,
	CONSTRAINT "segment_rule_event_workspace_id_rule_id_ordinal_pk" PRIMARY KEY("workspace_id","rule_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "segment_rule_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "hand_off_clock_settles" ON "hand_off_clock" USING btree ("workspace_id","settles_at");--> statement-breakpoint
CREATE INDEX "segment_rule_state" ON "segment_rule" USING btree ("workspace_id","state","changed_at");--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_clock" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_comparison" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_rule" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_rule_event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));