CREATE TABLE "provider_limit" (
	"workspace_id" text collate "C" NOT NULL,
	"provider" text collate "C" NOT NULL,
	"seconds_until" timestamp (3) with time zone NOT NULL,
	"minutes_until" timestamp (3) with time zone NOT NULL,
	"paused_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_limit_workspace_id_provider_pk" PRIMARY KEY("workspace_id","provider")
);
--> statement-breakpoint
ALTER TABLE "provider_limit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_rows" ON "provider_limit" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));