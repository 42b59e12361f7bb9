CREATE TABLE "review_held" (
	"workspace_id" text collate "C" NOT NULL,
	"review" text collate "C" NOT NULL,
	"held_on" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "review_held_workspace_id_review_held_on_pk" PRIMARY KEY("workspace_id","review","held_on")
);
--> statement-breakpoint
ALTER TABLE "review_held" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_rows" ON "review_held" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));