/** Shapes of what travels between tablet and server, from the schemas that the server itself publishes. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What the server sends carries every field of its model; only what we send may leave some out. */
type Full<T> = T extends readonly (infer U)[]
  ? Full<U>[]
  : T extends object
    ? { [K in keyof T]-?: Full<Exclude<T[K], undefined>> }
    : T;

export type Verdict = Schemas["Verdict"];
export type Source = Schemas["Source"];
export type FieldType = Schemas["FieldType"];
export type NoteKind = Schemas["NoteKind"];
export type EvidenceKind = Schemas["EvidenceKind"];

export type FigureReading = Schemas["FigureReading"];
export type Figures = Record<string, FigureReading[]>;
export type AnswerValue = Schemas["AnswerValue"];
export type RowValue = Schemas["RowValue"];
export type NoteValue = Schemas["NoteValue"];
export type Paper = Schemas["Paper"];
export type MinutesValue = Schemas["MinutesValue"];
export type Attendee = Schemas["Attendee"];
export type SignerRole = Schemas["SignerRole"];
export type EvidenceValue = Schemas["EvidenceValue"];
export type Mark = Schemas["Mark"];
export type Position = Schemas["Position"];

/** One statement by somebody; `value: null` withdraws. */
export interface Entry {
  id: string;
  subject: string;
  v: number;
  value: unknown;
  author: string;
  device: string;
  made_at: string;
  supersedes: string[];
}

export interface PulledEntry extends Entry {
  seq: number;
  received_at: string;
  uploader: string;
}

/** All that the tablet needs to open an inspection of a campaign without a network. */
export type CampaignBundle = Omit<Schemas["CampaignBundle"], "checklists"> & { checklists: Pack[] };
export type CampaignLine = Schemas["CampaignLine"];
export type Setup = Schemas["SetupValue"];

export type Site = Schemas["Site"];
export type Member = Schemas["Member"];
export type ReportedFigure = Schemas["ReportedFigure"];

export type Pack = Full<Schemas["Pack"]>;
export type Item = Full<Schemas["Item"]>;
export type FigureField = Full<Schemas["FigureField"]>;
export type LegalBasis = Full<Schemas["LegalBasis"]>;

export type OpenFinding = Schemas["Bundle"]["open_findings"][number];
export type Limits = Schemas["Bundle"]["limits"];

/** All that the tablet needs to work on one inspection without a network. */
export type Bundle = Omit<Schemas["Bundle"], "checklists" | "unit"> & {
  checklists: Pack[];
  unit: { id: string; name: string; level: string };
};

export interface Account {
  id: string;
  name: string;
  role: string;
  username: string;
}

export type SessionAnswer = Omit<Schemas["Session"], "account"> & { account: Account };

export type InspectionLine = Pick<Schemas["InspectionSummary"], "id" | "title" | "unit" | "unit_name" | "dates">;
export type PushResult = Schemas["Result"];

export interface PullAnswer {
  entries: PulledEntry[];
  next: string;
  more: boolean;
}

export type Receipt = Schemas["Receipt"];
export type TabletReport = Schemas["TabletReport"];
