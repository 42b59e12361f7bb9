const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Titles and forms of address, plain. */
export const HONORIFICS = words(
  `mr mrs ms miss mx mister mstr master madam madame maam sir dame lady lord dr doctor drs drmed drphil drhc prof professor profdr rev reverend fr
  father pastor rabbi imam hon honorable judge justice gov senator sen rep amb ambassador capt captain cmdr col colonel gen general lt
  ltcol sgt maj cpl pvt adm herr frau fraulein hr fru frk dhr mevr mw monsieur mme mlle mlles messrs me maitre senor senora senorita sr
  sra srta dona signor signora signorina sig sigra dott dottssa dottor avv arch geom ing ir mag dipl diplom diplinf diplkfm
  dipling med rer nat jur habil hc sehr geehrter geehrte pan pani mgr judr mudr rndr phdr bc bca mba inz lic licda`,
);

/** Titles that are nobody's name, also where they stand alone in its place. */
export const TITLES_ALONE = words(
  'mr mrs ms miss mx mister sir dr prof professor rev herr frau monsieur mme mlle senor senora baronet bart',
);

/** What follows a name, and is no name itself. */
export const NAME_SUFFIXES = words(
  `baronet bart bt jr junior jnr sr snr ii iii iv vi vii viii esq esquire phd dphil edd psyd dds dmd dvm pharmd llb llm mba msc bsc bba bcom mph mpa mfa meng
  beng pmp cpa cfa cfp cissp cscp shrm shrmcp shrmscp phr sphr rn bsn msn cnp fnp csm cspo pe aia leed obe mbe cbe kbe mp qc kc frcp frcs
  fca aca acca cima cma cism cisa ceng mieee mbchb mbbs ret retired`,
);

/** What follows a name after a comma in capitals, and elsewhere may be a name: Jack Ma. */
export const POST_NOMINALS = words('ma ba bs ms md do jd od ra re se rd i v x lpc pt np pa ca cs ra dc edd lmft lcsw');

/** What belongs to the surname after it. */
export const NAME_PARTICLES = words(
  `van von vom zu zum zur der den de het ter ten te del della dello degli dei di da dal das do dos du des la las le les lo los el al bin
  binti ibn bint ben abu abd ap af av y st saint santa san mac mc o d l t op`,
);
