// The words of the stories: who, what, where and how, with the forms that agree with them.
#include "frontends/data/story_grammar.h"

namespace weft {

constexpr std::string_view kWords = R"(
forms they them their
: she | she | her | her
: he | he | him | his
forms they them was is
: sg | it | it | was | is
: pl | they | them | were | are

# ---- who. `sort` is the kind of the one to be named, `known` the one whose kind is to be told.
= any
1 anyone
= name
.call {this}
3 ?!sort#he ?!hero#she Lily / Mia / Anna / Rosie <she>
2 ?!sort#he ?!hero#she Zoe / Clara <she>
3 ?!sort#she ?!hero#he Tom / Ben / Max / Sam <he>
2 ?!sort#she ?!hero#he Leo / Finn <he>
= kind
6 ?!known#he girl <she>
6 ?!known#she boy <he>
3 rabbit / bear / fox / mouse
2 squirrel / hedgehog
= trait
4 kind / brave / curious / cheerful / gentle / playful
3 clever / shy / quiet / friendly / silly / patient
2 happy / lively / polite / dreamy
= size
4 little / small / young
3 tiny
= adult : title
.call {hero.their} {this}
5 mom <she> | Mom
4 dad <he> | Dad
3 grandma <she> | Grandma
3 grandpa <he> | Grandpa

# ---- things to do, to play with, to eat, to find
= fun : past
3 sing songs | sang songs
3 play tag | played tag
3 tell stories | told stories
3 climb trees | climbed trees
3 pick flowers | picked flowers
3 paint pictures | painted pictures
2 watch the clouds | watched the clouds
2 chase butterflies | chased butterflies
2 build sandcastles | built sandcastles
2 collect leaves | collected leaves
= toy : use using used
4 ball <sg> | bounce | bouncing | bounced
4 kite <sg> | fly | flying | flew
3 boat <sg> | sail | sailing | sailed
3 drum <sg> | play | playing | played
3 wagon <sg> | pull | pulling | pulled
3 hat <sg> | wear | wearing | wore
3 blocks <pl> | stack | stacking | stacked
3 marbles <pl> | roll | rolling | rolled
= color
3 red / blue / green / yellow
2 purple / pink / white / brown
= garment
3 coat / scarf / sweater / cap
2 jacket / shirt / vest / belt
= food
4 cookies / apples / pancakes / muffins
3 pears / cherries / sandwiches / carrots
2 grapes / nuts / plums / tomatoes
= gift
3 shell / feather / flower / stone
2 ribbon / button / bell
= creature : many
4 duck | ducks
4 frog | frogs
4 butterfly | butterflies
4 snail | snails
3 cow | cows
3 goat | goats
3 crow | crows
3 goose | geese
3 pony | ponies
3 hen | hens
2 beetle | beetles
2 pig | pigs
2 lizard | lizards
2 swan | swans
2 donkey | donkeys
2 sparrow | sparrows
= looks
4 sleepy / noisy / funny / hungry
3 busy / spotted / muddy / fat / happy / shiny
2 thirsty / lazy / dusty / fluffy / proud / wild
= number
4 two / three
3 four / five
2 six / seven
= animal
4 bird / puppy / kitten
3 turtle / lamb / piglet

# ---- when and where
= when
5 one {weather:weather} {daypart}
3 on a {weather:weather} {daypart}
2 one {daypart}
2 the next {daypart}
= weather
4 sunny
3 warm / bright
4 windy <windy>
2 cold / cloudy / quiet
= daypart
4 morning / afternoon
3 day
= place : to at
4 the park <park> | to the park | in the park
4 the forest <forest> | to the forest | in the forest
4 the garden <garden> | to the garden | in the garden
3 the beach <beach> | to the beach | at the beach
3 the river <river> | to the river | by the river
3 the farm <farm> | to the farm | on the farm
= spot
4 ?place#park under a bench / behind the swings
3 ?place#park beside the slide / near the fountain
4 ?place#forest under a log / behind an oak tree
3 ?place#forest beside a mushroom / inside a hollow tree
4 ?place#garden behind the roses / among the carrots
3 ?place#garden beside the fence / under a leaf
4 ?place#beach behind a rock / under an umbrella
3 ?place#beach beside a sandcastle / near the waves
4 ?place#river under the bridge / among the reeds
3 ?place#river behind a willow / beside a boat
4 ?place#farm inside the barn / behind the tractor
3 ?place#farm under the hay / near the henhouse
= landmark
3 {aged} bridge / {aged} mill / {aged} well / {aged} gate / {aged} tree
2 {aged} tower / {aged} school / {aged} fence / {aged} church / {aged} statue
= aged
4 old / tall / little
3 white / stone / wooden / pretty
2 broken / mossy / gray / round
= homely
4 small / cozy / quiet
3 pretty / lovely / sunny
2 crooked / tidy / warm
= house
4 house / cottage
3 village / cabin / valley
2 tent / castle
= nearby
4 sea / river / mountains
3 woods / market / lake
2 desert / railway / waterfall

# ---- feelings, and how things are said and done
= sad
4 sad / upset
3 unhappy / worried
= afraid
4 scared / afraid
3 frightened / nervous
= glad
4 happy / glad
3 proud / pleased
= so
4 very / so
2 really / quite
= said_sadly
4 said {who.call}
3 {who.they} said
3 {who.they} said {sadly}
2 {who.they} {sobbed}
= sadly
3 softly / sadly / quietly / slowly
2 in a small voice / with a sigh
= sobbed
3 whispered / sobbed
2 sighed / mumbled
= said_kindly
4 said {who.call}
3 {who.they} said
4 {who.they} said {kindly}
= kindly
3 kindly / gently / warmly / softly
2 with a smile / with a nod / right away
= said_gladly
4 said {who.call}
3 {who.they} said {gladly}
3 {who.they} {cheered}
= gladly
3 happily / proudly / loudly
2 with a laugh / with a big smile
= cheered
3 shouted / laughed / cheered
2 called / sang
= hurried
4 ran / hurried / walked
3 rushed / skipped / hopped
2 raced / marched
= quickly
4 quickly / slowly / quietly
3 happily / carefully / bravely
2 calmly / gladly / softly
)";

const std::string_view kStoryWords = kWords;

}  // namespace weft
