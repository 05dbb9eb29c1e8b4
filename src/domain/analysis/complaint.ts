/** What is wrong with an analysis, said without its place: each stands alone. */
export interface Complaint {
  readonly message: string;
  readonly remedy: string;
}
