/**
 * Legal forms of companies: the form's name here, the countries that have it, and how it is written, in plain words; `|` parts
 * spellings. Forms that countries share are one row.
 */
export const LEGAL_FORMS = `
inc; us ca ph; inc | incorporated | incorporation
corp; us ca ph kr; corp | corporation | crp | corpn
co; us gb jp; co | company | coy | comp | cos | companies
llc; us; llc | l l c | limited liability company | limited liability co | ltd liability co | llc co
lp; us gb ca; lp | limited partnership
llp; us gb in sg; llp | limited liability partnership
lllp; us; lllp
pllc; us; pllc | professional limited liability company
pc; us; pc | professional corporation | prof corp
pbc; us; pbc | public benefit corporation
ltd; gb ie in hk ng ke il nz; ltd | limited | ltd co | co ltd | company limited | co limited | lim | ltda co
plc; gb ie ng; plc | public limited company | public ltd co
cic; gb; cic | community interest company
cyf; gb; cyf | cyfyngedig | ccc
dac; ie; dac | designated activity company
clg; ie; clg | company limited by guarantee
unlimited; ie gb; unltd | uc | unlimited co | unlimited company
teoranta; ie; teo | teoranta
pty; au za bw na; pty | pty ltd | proprietary limited | pty limited | proprietary ltd
nl; au; no liability
soc; za; soc ltd | rf pty ltd | npc
cc; za na; close corporation
pvt; in pk bd lk; pvt ltd | private limited | pvt limited | private ltd | p ltd | p limited | opc pvt ltd | opc private limited
pte; sg; pte ltd | pte | pte limited | private limited co
sdn bhd; my bn; sdn bhd | sendirian berhad | sdn berhad
bhd; my; bhd | berhad
pt; id; pt | perseroan terbatas | tbk | persero tbk | persero
pcl; th; pcl | public company limited | public co ltd | public co
jsc; vn kz ge bg ru ua; jsc | joint stock company | joint stock co | ojsc | cjsc | pjsc | public joint stock company | open joint stock company | closed joint stock company | public joint stock co | private joint stock company | ctcp | cong ty co phan | cong ty tnhh
tnhh; vn; tnhh | cong ty
kk; jp; kk | kabushiki kaisha | kabushikigaisha | kabushiki gaisha
gk; jp; gk | godo kaisha
yk; jp; yk | yugen kaisha
chusik hoesa; kr; chusik hoesa | jusikhoesa
fze; ae; fze | fzc | fzco | fz llc | fzllc | dmcc | free zone establishment
wll; bh kw qa; wll | with limited liability
psc; ae qa; pjsc psc | psc | qsc | qpsc | pqsc | saog | saoc | ksc | kscp | kscc | bsc
sae; eg lb; sae
est; sa; est
bm; il; bm | b m
as tr; tr; as | a s | anonim sirketi | anonim sti | ve tic as | san ve tic as | sanayi ve ticaret as | sanayi ve ticaret anonim sirketi
ltd sti; tr; ltd sti | limited sirketi | san ve tic ltd sti | sanayi ve ticaret limited sirketi | tic ltd sti
gmbh; de at ch li; gmbh | g m b h | gesellschaft mit beschrankter haftung | gesellschaft m b h | ges m b h | gesmbh | mbh | ggmbh | gemeinnutzige gmbh
ug; de; ug | ug haftungsbeschrankt | unternehmergesellschaft | unternehmergesellschaft haftungsbeschrankt | haftungsbeschrankt
ag; de at ch li; ag | a g | aktiengesellschaft
se; eu; se | societas europaea
kg; de at; kg | kommanditgesellschaft | co kg | und co kg | gmbh co kg | gmbh cokg | ag co kg | ug co kg | se co kg | gmbh co | gmbh kg
kgaa; de; kgaa | kommanditgesellschaft auf aktien | ag co kgaa | se co kgaa | gmbh co kgaa | co kgaa
ohg; de at; ohg | offene handelsgesellschaft | gmbh co ohg | og
gbr; de; gbr | gesellschaft burgerlichen rechts
ek; de; ek | e k | ekfm | ekfr | e kfm | eingetragener kaufmann | eu einzelunternehmen
ev; de at; ev | e v | eingetragener verein
eg; de; eg | e g | eingetragene genossenschaft | egmbh
partg; de; partg | partgmbb | partg mbb | partnerschaftsgesellschaft
kdor; de; kdor | kdoer | k d o r | aor | adoer
stiftung; de ch; stiftung co kg
vvag; de; vvag | va g
est li; li; anstalt
sa; fr be lu ch es pt br mx ar cl pe gr ro pl; sa | s a | societe anonyme | sociedad anonima | sociedade anonima | spolka akcyjna
sas; fr co; sas | s a s | sasu | societe par actions simplifiee | sociedad por acciones simplificada
sarl; fr lu ch ma; sarl | s a r l | sa rl | sarlu | societe a responsabilite limitee | sarl au
eurl; fr; eurl
sci; fr; sci
snc; fr it; snc | societe en nom collectif | societa in nome collettivo
scs; lu fr; scs | scsp | sca | societe en commandite par actions | sicav
gie; fr; gie
scop; fr; scop
ei; fr; eirl
bv; nl be; bv | b v | besloten vennootschap | bvba | bv ba | besloten vennootschap met beperkte aansprakelijkheid
nv; nl be sr; nv | n v | naamloze vennootschap | nv sa | sa nv
vof; nl be; vof | v o f | vennootschap onder firma
cvnl; nl be; cvba | cvoa | commanditaire vennootschap | comm v
sprl; be; sprl | bvba sprl | srl sprl | sprlu
asbl; be lu; asbl | vzw | aisbl
cooperatie; nl; cooperatie ua | cooperatief ua | coop ua | ua | wa
spa; it dz; spa | s p a | societa per azioni
srl; it ro be ar bo; srl | s r l | societa a responsabilita limitata | srls | s r l s | sociedad de responsabilidad limitada | societate cu raspundere limitata
sas it; it; sapa | societa in accomandita semplice
scarl; it; scarl | scrl | soc coop | societa cooperativa | soc coop arl | scpa
sl; es ad; sl | s l | sociedad limitada | slu | s l u | slne
sau; es; sau | s a u | sociedad anonima unipersonal
slp; es; slp | sll | sal | s l p
sc es; es; s coop | sociedad cooperativa | aie | cb
lda; pt ao mz; lda | limitada | unipessoal lda | sociedade unipessoal lda | l da
sgps; pt; sgps | sgps sa
ltda; br cl co bo; ltda | ltd a | limitada me | ltda me | ltda epp | eireli | me epp | sociedad limitada ltda
sa br; br; s a participacoes | cia ltda
sa de cv; mx sv; sa de cv | s a de c v | sab de cv | s a b de c v | sapi de cv | s a p i de c v | s de rl de cv | s de r l de c v | s de rl | srl de cv | sa de cv sofom | sapib de cv | sc de rl
spa cl; cl; s p a chile
saic; ar; saic | saci | sacif | saci y f | sacifia | sau ar
saa; pe; saa | sac | s a c | s a a | eirl pe
ca; ve ec; compania anonima
aps; dk; aps | anpartsselskab | ivs
as; dk no; as | a s | aktieselskab | aksjeselskap | asa | allmennaksjeselskap | hf as
ks; dk no; k s | i s ans | amba | a m b a | fmba | ans | nuf
ab; se fi; ab | aktiebolag | ab publ | aktiebolaget | publ
hb; se; hb | handelsbolag | kb | kommanditbolag
oy; fi; oy | osakeyhtio | oyj | oy ab | ab oy | julkinen osakeyhtio | abp | ky fi
ehf; is; ehf | hf | einkahlutafelag | hlutafelag | slhf
as ee; ee; ou | osauhing | aktsiaselts
sia; lv; sia | sabiedriba ar ierobezotu atbildibu
uab; lt; uab | uzdaroji akcine bendrove | mb lt
sp zoo; pl; sp zoo | sp z o o | spolka zoo | spolka z o o | spolka z ograniczona odpowiedzialnoscia | sp zoo sp k | sp zoo spk | sp zoo sk | spzoo | sp z oo | sp k | spolka komandytowa | sp j | spolka jawna | psa
sro; cz sk; sro | s r o | spol sro | spol s r o | spolecnost s rucenim omezenym | spolocnost s rucenim obmedzenym
as cz; cz sk; akciova spolecnost | akciova spolocnost | vos | v o s
kft; hu; kft | korlatolt felelossegu tarsasag
rt; hu; rt | zrt | nyrt | bt | zartkoruen mukodo reszvenytarsasag | nyilvanosan mukodo reszvenytarsasag | kkt
doo; hr rs si ba me mk; doo | d o o | drustvo s ogranicenom odgovornoscu | dooel
dd; hr si ba; dd | d d | ad | a d | jdoo
eood; bg; eood | ood | ead | ad bg
srl ro; ro; pfa | sca ro
epe; gr cy; epe | e p e | ae | a e | ike | i k e | oe ee | monoprosopi epe | monoprosopi ike | anonymi etaireia
ooo; ru; ooo | obshchestvo s ogranichennoy otvetstvennostyu | zao | oao | pao | ao | aktsionernoye obshchestvo | nao
tov; ua; tov | tzov | prat | pat | tdv | too
mchj; uz; mchj | mmc | xk
sarl ma; ma tn; suarl
ltee; ca; ltee | limitee | inc ltee | ulc
sdad; ph; opc
foundation; us; nfp | npo | ngo
teamco; hk; co hk ltd | hk ltd | hong kong ltd | hk limited | hong kong limited
listed; us; adr | ads | gdr | class a | class b | class c | common stock | ordinary shares | common shares
oyj; fi; oyj abp
`;

/** Forms written before the name, as `PT Astra`, `OOO Romashka`, `Firma`; alone at the end the others are looked for. */
export const LEADING_FORMS: ReadonlySet<string> = new Set(
  `pt ooo oao zao pao ao too tov prat pat uab sia oy ab as ou cv cong-ty jsc ojsc pjsc cjsc fa firma fma ditta stichting sarl sas eurl gmbh
  kk pp chp ip sc sci`.split(/\s+/),
);

/** Legal forms in scripts without spaces, which stand against the name; longest first. */
export const GLUED_FORMS: readonly string[] = [
  '股份有限责任公司',
  '股份有限公司',
  '有限责任公司',
  '有限責任公司',
  '特例有限会社',
  '株式会社',
  '有限会社',
  '合同会社',
  '合資会社',
  '合名会社',
  '有限公司',
  '주식회사',
  '유한회사',
  '유한책임회사',
  '(주)',
  '㈜',
  '(株)',
  '㈱',
  '（株）',
  '(有)',
];

/** Legal forms that are no word of any language: what follows one is a branch or a class of shares. */
export const INNER_FORMS: ReadonlySet<string> = new Set('inc corp ltd plc llc gmbh ag sarl bv nv sa srl kgaa pty dac'.split(' '));
