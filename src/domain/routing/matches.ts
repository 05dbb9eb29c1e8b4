/** How a string has to look (Istio's and Argo's StringMatch): exactly one of them. */
export type StringMatch =
  { readonly exact: string } | { readonly prefix: string } | { readonly regex: string };

export interface HeaderMatch {
  readonly headerName: string;
  readonly headerValue: StringMatch;
}

/** One alternative of a mirror route: all that is given must fit. */
export interface RouteMatch {
  readonly method?: StringMatch;
  readonly path?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
}
