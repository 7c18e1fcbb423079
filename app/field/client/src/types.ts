/** Shapes of what travels between tablet and server. The values mirror the server's released shapes. */

export type Verdict =
  | "dat"
  | "dat_mot_phan"
  | "chua_dat"
  | "khong_phat_sinh"
  | "khong_ap_dung"
  | "chua_den_han"
  | "cho_bo_sung"
  | "da_khac_phuc_tai_cho";

export type Source = "bao_cao" | "phan_mem" | "doan_kiem_dem";
export type FieldType = "number" | "percent" | "date" | "time" | "text" | "bool";
export type NoteKind = "nhan_xet" | "nguyen_nhan" | "dien_dat" | "cach_lam_hay";
export type EvidenceKind = "anh" | "tep" | "van_ban" | "dia_chi" | "goi_thu";

export interface Period {
  start: string;
  end: string;
}

export interface FigureReading {
  value: string;
  source: Source;
  as_of?: string | null;
  period?: Period | null;
}

export type Figures = Record<string, FigureReading[]>;

export interface Settled {
  reason: string;
}

export interface AnswerValue {
  item_version: number;
  verdict?: Verdict | null;
  reason?: string;
  figures?: Figures;
  settled?: Settled | null;
}

export interface RowValue {
  item_version: number;
  row: Record<string, string>;
  settled?: Settled | null;
}

export interface NoteValue {
  kind?: NoteKind;
  text: string;
  good?: boolean | null;
  settled?: Settled | null;
}

export interface FileRef {
  sha256: string;
  type: string;
  size: number;
  name?: string;
}

export interface Paper {
  number?: string;
  date?: string | null;
  issuer?: string;
  subject?: string;
}

export interface TestCall {
  number: string;
  at: string;
  answered: boolean;
  result?: string;
}

export interface EvidenceValue {
  kind: EvidenceKind;
  item?: string | null;
  site?: string | null;
  caption?: string;
  taken_at?: string | null;
  place?: string;
  file?: FileRef | null;
  paper?: Paper | null;
  address?: string | null;
  call?: TestCall | null;
  settled?: Settled | null;
}

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

export interface Site {
  id: string;
  name: string;
  address?: string;
  kind?: string;
}

export interface Member {
  account: string;
  name: string;
  position?: string;
  functions: string[];
  checklists?: string[];
}

export interface ReportedFigure {
  item: string;
  figure: string;
  value: string;
  as_of?: string | null;
  period?: Period | null;
}

export interface Setup {
  title: string;
  unit: string;
  dates?: string[];
  sites?: Site[];
  members?: Member[];
  checklists: string[];
  unit_report?: Paper | null;
  reported?: ReportedFigure[];
}

export interface FigureField {
  key: string;
  label: string;
  type: FieldType;
  unit?: string;
  counts_rows?: boolean;
}

export interface RowColumn {
  key: string;
  label: string;
  type: FieldType;
  dossier?: boolean;
}

export interface LegalBasis {
  doc: string;
  clause?: string;
  from?: string | null;
  to?: string | null;
  sure: boolean;
  note?: string;
}

export interface Rule {
  dat: string;
  mot_phan?: string | null;
}

export interface Check {
  expr: string;
  text: string;
}

export interface Item {
  id: string;
  version: number;
  question: string;
  kind: "verdict" | "counts" | "ratio" | "date_due" | "text";
  guidance: string;
  fields: FigureField[];
  derived: Record<string, string>;
  rule: Rule | null;
  checks: Check[];
  levels: string[];
  encouraged: string[];
  valid: { from?: string | null; to?: string | null } | null;
  per: string | null;
  rows: RowColumn[];
  evidence: string[];
  legal: LegalBasis[];
  core: boolean;
  integrity: boolean;
  varies: { level?: string | null; date?: string | null } | null;
}

export interface Pack {
  id: string;
  version: number;
  title: string;
  area: string;
  items: Item[];
}

export interface OpenFinding {
  item?: string | null;
  site?: string | null;
  sentence: string;
  inspection: string;
  title: string;
  date?: string | null;
  due?: string | null;
}

export interface Limits {
  batch_entries: number;
  batch_bytes: number;
  evidence_bytes: number;
}

export interface Bundle {
  inspection: { id: string; setup: Setup; setup_entry: string };
  unit: { id: string; name: string; level: string };
  members: Member[];
  checklists: Pack[];
  open_findings: OpenFinding[];
  limits: Limits;
  /** The day that law and names are chosen by. */
  fact_day: string;
  server_time: string;
}

export interface Account {
  id: string;
  name: string;
  role: string;
  username: string;
}

export interface SessionAnswer {
  account: Account;
  csrf_token: string;
  server_time: string;
  version: string;
}

export interface InspectionLine {
  id: string;
  title: string;
  unit_name?: string;
  dates?: string[];
  state?: string;
}

export interface PushResult {
  id: string | null;
  status: "stored" | "known" | "refused";
  code: string;
  message: string;
}

export interface PullAnswer {
  entries: PulledEntry[];
  next: string;
  more: boolean;
}

export interface Receipt {
  missing: { entries: string[]; evidence: string[] };
  quarantined: { id: string; code: string; message: string }[];
  held: { entries: number; evidence: number };
  head: { seq: number; hash: string };
}
