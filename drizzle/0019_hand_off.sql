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
CREATE TABLE "hand_off" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"account_id" uuid,
	"handed_at" timestamp (3) with time zone NOT NULL,
	"source" text collate "C",
	"tier" text collate "C",
	"holds" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"sla" text collate "C" NOT NULL,
	"taxonomy" text collate "C" NOT NULL,
	"pool" text collate "C",
	"calendar" text collate "C",
	"override" text collate "C",
	"followed_by" uuid,
	"ordinal" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"stage" text collate "C" NOT NULL,
	"owner" text collate "C",
	"waits_for" text collate "C",
	"returns_on" text collate "C",
	"code" text collate "C",
	"sub_reason" text collate "C",
	"disposed_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"next_at" timestamp (3) with time zone NOT NULL,
	"look_at" timestamp (3) with time zone,
	CONSTRAINT "hand_off_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "hand_off" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hand_off_count" (
	"workspace_id" text collate "C" NOT NULL,
	"stage" text collate "C" NOT NULL,
	"owner" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"total" integer NOT NULL,
	CONSTRAINT "hand_off_count_workspace_id_stage_owner_source_code_pk" PRIMARY KEY("workspace_id","stage","owner","source","code")
);
--> statement-breakpoint
ALTER TABLE "hand_off_count" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hand_off_event" (
	"workspace_id" text collate "C" NOT NULL,
	"hand_off_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"sla" text collate "C" NOT NULL,
	"detail" jsonb NOT NULL,
	CONSTRAINT "hand_off_event_workspace_id_hand_off_id_ordinal_pk" PRIMARY KEY("workspace_id","hand_off_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "hand_off_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hand_off_notice" (
	"workspace_id" text collate "C" NOT NULL,
	"hand_off_id" uuid NOT NULL,
	"clock" text collate "C" NOT NULL,
	"sla" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "hand_off_notice_workspace_id_hand_off_id_clock_sla_kind_pk" PRIMARY KEY("workspace_id","hand_off_id","clock","sla","kind")
);
--> statement-breakpoint
ALTER TABLE "hand_off_notice" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "job" (
	"workspace_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"holder" uuid,
	"held_until" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "job_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
ALTER TABLE "job" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "outbox_event" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"subject" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"type" text collate "C" NOT NULL,
	"data" jsonb NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outbox_event_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "outbox_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_delivery" (
	"workspace_id" text collate "C" NOT NULL,
	"endpoint" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"event_id" uuid NOT NULL,
	"due_at" timestamp (3) with time zone,
	"attempts" integer NOT NULL,
	"first_at" timestamp (3) with time zone,
	"last_answer" text collate "C",
	CONSTRAINT "webhook_delivery_workspace_id_endpoint_subject_position_event_id_pk" PRIMARY KEY("workspace_id","endpoint","subject","position","event_id")
);
--> statement-breakpoint
ALTER TABLE "webhook_delivery" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_endpoint" (
	"workspace_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"url" text collate "C" NOT NULL,
	"secret_name" text collate "C" NOT NULL,
	"types" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paused_until" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_endpoint_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
ALTER TABLE "webhook_endpoint" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
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
CREATE INDEX "hand_off_clock_settles" ON "hand_off_clock" USING btree ("workspace_id","settles_at") WHERE settles_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "hand_off_open" ON "hand_off" USING btree ("workspace_id","person_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "hand_off_person" ON "hand_off" USING btree ("workspace_id","person_id","handed_at");--> statement-breakpoint
CREATE INDEX "hand_off_owner" ON "hand_off" USING btree ("workspace_id","owner","handed_at");--> statement-breakpoint
CREATE INDEX "hand_off_next" ON "hand_off" USING btree ("workspace_id","stage","next_at","handed_at","id") WHERE followed_by is null;--> statement-breakpoint
CREATE INDEX "hand_off_owner_next" ON "hand_off" USING btree ("workspace_id","owner","stage","next_at","handed_at","id") WHERE followed_by is null;--> statement-breakpoint
CREATE INDEX "hand_off_code_next" ON "hand_off" USING btree ("workspace_id","code","stage","next_at","handed_at","id") WHERE followed_by is null and code is not null;--> statement-breakpoint
CREATE INDEX "hand_off_look" ON "hand_off" USING btree ("workspace_id","look_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "hand_off_changed" ON "hand_off" USING btree ("workspace_id","changed_at");--> statement-breakpoint
CREATE INDEX "outbox_event_subject" ON "outbox_event" USING btree ("workspace_id","subject","position");--> statement-breakpoint
CREATE INDEX "outbox_event_age" ON "outbox_event" USING btree ("workspace_id","recorded_at");--> statement-breakpoint
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" USING btree ("workspace_id","endpoint","due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "segment_rule_state" ON "segment_rule" USING btree ("workspace_id","state","changed_at");--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_clock" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_count" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_notice" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "job" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "outbox_event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "webhook_delivery" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "webhook_endpoint" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_comparison" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_rule" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "segment_rule_event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));