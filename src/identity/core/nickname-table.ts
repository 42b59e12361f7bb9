/** A given name, then what people who bear it are called. A short form may stand in several rows: Alex is Alexander and Alexandra. */
export const NICKNAMES = `
abigail abby abbie abbey gail
abraham abe bram
adelaide addie heidi
adrian ade
agnes aggie nessie
albert al bert bertie albie
alexander alex al alec sandy xander lex sasha alexandr aleksandr alexandre alessandro alejandro aleksander ale sascha
alexandra alex sandra sandy lexi lexie ali sasha alexa alessandra alejandra aleksandra alix
alfred al alf alfie fred freddie alfredo
alice ali allie lily alicia
alison ali allie ally allison alyson
alphonse al alfonso alphonso
amanda mandy mandi amy
amelia amy millie mel emelie
andrew andy drew dru andre andreas andres andrea andrzej andrej andrei anders andrey
angela angie ang angelika angelina
ann annie nan nancy anna anne anya anja ana anita annette
anthony tony ant anton antonio antoine toni antoni
antoinette toni nettie
archibald archie arch
arnold arnie arne
arthur art artie arturo artur
augustus gus augie august augustin
barbara barb barbie babs bobbie basia
barnabas barney
bartholomew bart bartek bartosz
beatrice bea trixie trix beatrix beatriz
benedict ben bennie benny benoit benedikt benito
benjamin ben benny benji benjie bennie benjamim
bernadette bernie
bernard bernie barney berny bernhard bernd bernardo
bertha bertie berta
bradley brad
brandon bran
brenda bren
brian bry bryan
bridget bridie biddy birgit brigitte gitte brigid
caleb cal
calvin cal
cameron cam
camilla millie cami camille camila
carol carrie caz carole carola
caroline carrie caro lina carolyn lyn karoline karolina carolina
casper cas jasper kaspar
cassandra cass cassie sandra sandy
catherine cathy cat kate katie kay kit kitty cath catie kathy kat katherine kathryn katharine katharina katarina catarina caterina catalina ekaterina kathrin katrin karen karin kasia katarzyna trina kathleen cathleen
cecilia cissy celia cece cecile
charles charlie chuck chas chaz chip carl karl carlos carlo karel charly karol
charlotte charlie lottie lotte lotta char carlotta
chester chet
christian chris christiaan cristian kristian krystian
christina chris chrissy chrissie tina christine kristina kristine cristina kristin kirsten kristen christy kirsty krystyna crissy stina
christopher chris kit topher christoph christophe cristobal cristoforo krzysztof kristoffer christof kris toph
clarence clare
claudia claude claudie
clifford cliff
clinton clint
constance connie constanze
cornelius neil con cor kees cornelis
courtney court
curtis curt kurt
cynthia cindy cyndi cindi
daniel dan danny dani dannie danilo daniele danial
danielle dani danni daniela
darlene darla
david dave davey davy davide dawid
deborah deb debbie debby debra debs
delbert bert del
dennis den denny denis
derek derrick rick
diana di diane dianne
dominic dom nick dominik dominique domenico nic
donald don donnie donny
donna don
dorothy dot dottie dolly dory dorothea dora thea dorota dorotea
douglas doug dougie
duncan dunc
edgar ed eddie
edith edie
edmund ed eddie ned ted edmond
eduardo edu eddie lalo
edward ed eddie ned ted teddy eduard edouard eduardo edoardo ewald
edwin ed eddie
eleanor ellie nora nell nellie lena eleonora leonor eleonore elinor
elijah eli
elizabeth liz lizzie beth betty bess bessie betsy eliza elsie libby lisa lise elle ellie liza lizzy elisabeth elisabetta isabel isabelle isabella lisbeth elspeth lisette elzbieta ela else elsa buffy
ellen ellie nell nellie helen elaine
emanuel manny manuel manu emmanuel manolo
emily em emmy millie emilie emilia emma
emma em emmy
eric rick erik erich
ernest ernie ernst ernesto
esther hettie essie ester
eugene gene eugen eugenio yevgeny evgeny
evelyn eve evie
ezekiel zeke
felicity fliss flick
ferdinand ferdi fernando ferry
florence flo flossie florrie
frances fran frankie fanny francesca francisca franziska francine franny francoise
francis frank fran frankie francisco paco pancho francesco francois franz frantisek frans franco franciszek cisco chico
franklin frank frankie
frederick fred freddie freddy rick fritz frederic friedrich federico frederik fredrik fryderyk
frederica freddie frieda ricky
gabriel gabe gabi gaby gabriele
gabriella gabby gaby ella gabrielle gabriela
gareth gaz gary
geoffrey geoff jeff jeffrey
george georgie georg georges jorge giorgio jerzy jiri georgios yorgos jurgen jorgen joris goran
georgina georgie gina georgia
gerald gerry jerry gerhard gerrit gerd
geraldine gerry geri
gerard gerry ger gerardo gerhard
gertrude trudy gertie gert
gilbert gil bert
giovanni gianni nino vanni
giuseppe beppe peppe pino
grace gracie
gregory greg gregg grzegorz gregor gregorio grisha
griffin griff
guadalupe lupe
guillermo memo
gwendolyn gwen wendy
hannah hanna johanna
hans hansi
harold harry hal harald
harriet hattie harry
helen nell nellie lena helena elena helene ellen ilona lene
henrietta hattie etta hettie henriette
henry harry hank hal henri heinrich enrique enrico henrik hendrik heinz henk henryk rik quique
herbert herb bert herbie heriberto
herman manny hermann
hillary hilary hil
howard howie
hubert hugh bert huub
hugh hughie hugo huw
humphrey hum
ian iain
ignacio nacho ignatius ignatz iggy inigo
irene rena irena irina
isaac ike zac izzy
isabel izzy bella belle issy isabella isabelle ysabel isa
isidore izzy
ivan vanya
jacob jake jakob jakub jacques jacobo jaap jacopo kuba coby
jacqueline jackie jacqui jacky
james jim jimmy jamie jem jaime jacques giacomo jimmie jay
jane janie jenny janet joan jeanne janey
janet jan jannie
janice jan
jasmine jazz jas yasmin
jason jay jase
jean jeanie jeannie
jeffrey jeff
jennifer jen jenny jenn jennie
jeremiah jerry jem
jeremy jerry jez jem jeremias
jerome jerry jeronimo hieronymus
jesse jess jessie
jessica jess jessie
jesus chuy chucho
jill jilly gill
joachim jochen achim joaquin jo joao joakim kim
joan joanie
joanna jo joanne johanna jojo joana asia
joel jo
johannes hans johan jo hannes jan joannes
john jack johnny jon johnnie jonny jock juan jean jan johan johann johannes giovanni ivan joao jonathan sean shaun ian hans evan ioannis yannis janos jens
jonathan jon jonny jonah nathan
jordan jordy
jose pepe chepe joe
josefina pepa fina
joseph joe joey jo jos josef jose josep giuseppe jozef jojo yusuf youssef sepp
josephine jo josie fifi posy jozefina
joshua josh
joyce joy
juan juanito juancho
judith judy jude judi
julia jules julie juliana giulia julianne jule
julian jules jul julien juliano
juliet jules julie
justin jus
karen kaz
karl carl kalle
katherine kate katie kathy kat kay kit kitty kath katharine kathryn katy cathy catherine
kathleen kathy kath kate katie
kelly kel
kenneth ken kenny
kimberly kim kimberley kimmy
klaus claus nikolaus klas
konrad kurt conrad
kristin kris kristen
lancelot lance
laura laurie lori lora lauren
laurence larry laurie lawrence loren lars lorenzo laurent lorenz
lauren laurie ren
leo leon leonidas
leonard len lenny leo leonardo leonhard lennart lennie
leopold leo poldi
leroy roy lee
leslie les lesley
lester les
lewis lew louis
lillian lily lil lillie liliana
linda lindy lynn
lindsay lin linz lindsey
lloyd loy
lorraine lori rainey
louis lou louie lewis luis luigi ludwig lajos ludovic
louise lou lulu louisa luisa luise
lucas luke luca lukas luc lukasz
lucy lu lulu lucia lucille lucie
luis lucho
luke luc
lydia liddy lidia
lynn lyn lynne linda
madeline maddie maddy mad madeleine magda magdalena
magdalena magda lena malena
malcolm mal
manuel manny manolo manu
marcus marc mark marco marek markus marcos
margaret maggie meg megan peg peggy marge margie daisy greta rita margo madge mags margarita margherita margot marguerite margarete gretchen gretel malgorzata gosia maisie
maria mary marie mia mimi mitzi marija maryam mariam
marianne mari annie maryann marian
marilyn mari lyn
marion mary
marjorie marge margie
mark marc marcus marko
marsha marcia
martha marty mattie marta patty
martin marty mart martijn maarten martino marcin
marvin marv
mary molly polly mae may mamie maria marie moll
matilda tilly mattie tilda mathilde
matthew matt matty mat mateo matteo matthias mathieu matthieu matteus mateusz mattias matthijs thijs
maurice moe morris mo maurizio moritz mauricio
maximilian max maxim maxime massimo massimiliano maks
maxwell max
megan meg meghan
melanie mel
melinda mindy mel lindy
melissa mel missy lissa
melvin mel
mercedes merche mercy
meredith merry
michael mike mick mickey mikey mitch mich michel michal miguel michele mikael mikhail misha mihai mikel micky
michelle shell shelly chelle michele micaela
mildred millie
miranda mandy randy
miriam mim mimi mirjam
mitchell mitch
mohammed mo mohammad muhammad mohamed muhammed mohamad mehmet
monica mon moni monika monique
montgomery monty
morgan mo
mortimer mort
nancy nan
natalie nat talia nathalie natalia natasha nata natascha
natasha tasha nat
nathaniel nat nate nathan
nathan nate nat
nicholas nick nicky nic nico niko nicolas nicola nikolas nikolaus nikolai klaus niklas claus colin mikolaj nikolaos nils miklos
nicole nicky nikki nic nicola nicki nikita
noel nollie
norman norm
oliver ollie oli olivier oliviero
olivia liv livvy ollie
oscar ossie oskar
oswald oz ozzie
pamela pam pammy
patricia pat patty trish tricia pattie patrizia trisha patsy
patrick pat paddy rick patrik patricio patrice
paul paulie pablo paolo pavel pawel paulo pauli pal
paula polly pauline paola
pauline paula polly
peggy peg
penelope penny pen
percival percy
peter pete petey pedro pierre pietro piotr petr per pieter petri peer piet petar peder
phillip phil pip philip felipe philippe filippo filip philipp flip
philippa pip pippa
phyllis phyl
priscilla cilla prissy
prudence prue
rachel rach rae raquel rachael rachele
ralph rafe raul ralf
ramon moncho
randall randy
randolph randy dolph
raphael raf rafael raffaele rafa rafal
raymond ray raimund raimondo
rebecca becky bec becca beck reba rebekah rebekka
reginald reg reggie rex
reinhard rein reinhold
ricardo rick ricky
richard rick dick rich richie ricky ritchie ricardo riccardo rikard ryszard dickie
robert bob rob bobby robbie bert robb roberto robin rupert ruprecht robrecht
roberta bobbie berta robbie
rodney rod
roderick rod rick rory
rodrigo rod
roger rog rodger ruggero rogier
roland rollie rolf rolando orlando
ronald ron ronnie ronny ronaldo
rosalind ros roz
rosa rosie rosita
rosario charo
rose rosie rosa
rosemary rose rosie romy rosemarie
roxanne roxy rox
roy leroy
rudolph rudy rolf rudolf dolph
rupert rob
russell russ rusty
ruth ruthie
samantha sam sammy sammie
samuel sam sammy samu
sandra sandy
sarah sally sadie sal sara
sebastian seb bas bastian sebastien sebastiano seba
sergio checo serge sergei sergey
seymour cy
sharon shaz shari
shirley shirl
sidney sid sydney
sigmund sig siggi
siegfried siggi fred sigi
simon si sy simone szymon
solomon sol
sofia sophie sophia sonia sonja zofia
sophia sophie soph
stanley stan
stanislav stan stanislaw stas
stephanie steph steffi stef stefanie stefania stephany stevie
stephen steve stevie steph steven stefan stefano esteban etienne stephan steffen szczepan istvan stefanos
stuart stu stew stewart
susan sue suzy susie suzie susanna susanne suzanne suzanna zuzana zuzanna sanna
sylvester sly silvester vester
sylvia syl silvia sylvie
tabitha tabby
tamara tammy tam
teresa terry tess tessa tracy theresa therese terri resi tere
terence terry terrance
thaddeus thad tad
thelma thel
theodore ted teddy theo teo teodor theodor fyodor
theodora dora thea teddy
theresa terry tess tessa tracy resi reese
thomas tom tommy thom tomas tommaso tomasz thom tomi tam
tiffany tiff
timothy tim timmy timo timothee timoteo
tobias toby tobi tobiasz
todd toddy
tyler ty
valentina val tina
valerie val valeria
vanessa nessa ness
veronica ronnie ron nica vera veronika veronique
vicente chente
victor vic vick viktor vittorio victorio
victoria vicky vicki tori vic vikki viktoria vittoria
vincent vin vince vinny vincenzo vicente vinnie
virginia ginny ginger virginie
vivian viv vivienne
vladimir vlad volodya wladimir vova volodymyr
walter walt wally gualtiero
wanda wendy
wenceslas vaclav waclaw
wesley wes
wilfred wilf fred will wilfried
wilhelmina mina billie wilma willa minnie
william bill will billy willy liam wil willie wim guillaume guillermo wilhelm guglielmo willem bille
winifred winnie freddie
winston win winnie
wolfgang wolf wolfi
xavier xavi javier javi
yolanda yoli
yvonne eve vonnie
zachary zach zack zak zac zachariah
`;
