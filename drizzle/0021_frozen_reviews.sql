CREATE TABLE "frozen_review" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"frozen_at" timestamp (3) with time zone NOT NULL,
	"frozen_by" text collate "C" NOT NULL,
	"reason" text collate "C",
	"known_at" timestamp (3) with time zone NOT NULL,
	"program" text collate "C" NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"document" text collate "C" NOT NULL,
	CONSTRAINT "frozen_review_workspace_id_kind_period_version_pk" PRIMARY KEY("workspace_id","kind","period","version")
);
--> statement-breakpoint
ALTER TABLE "frozen_review" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_rows" ON "frozen_review" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));