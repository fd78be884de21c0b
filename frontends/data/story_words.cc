// The words of the stories: who, what, where and how, with the forms that agree with them.
#include "frontends/data/story_grammar.h"

namespace weft {

constexpr std::string_view kWords = R"(
forms they them their was
: she | she | her | her | was
: he | he | him | his | was
forms they them was is
: sg | it | it | was | is
: pl | they | them | were | are

# ---- who. `sort` is the kind of the one to be named, `known` the one whose kind is to be told.
= any
1 anyone
= name
.call {this}
4 ?!sort#he Lily / Mia / Anna / Rosie / Ella / Zoe <she>
3 ?!sort#he Ruby / Nora / Clara / Molly / Emma / Lucy <she>
4 ?!sort#she Tom / Ben / Max / Sam / Leo / Finn <he>
3 ?!sort#she Jack / Oscar / Theo / Noah / Hugo / Peter <he>
= kind
8 ?!known#he girl <she>
8 ?!known#she boy <he>
2 rabbit / bear / fox / mouse <animal>
1 squirrel / hedgehog / badger / beaver <animal>
= trait
3 kind / brave / curious / cheerful / gentle
2 playful / clever / shy / quiet / friendly / silly / patient
= size
6 little
3 small / young
= adult : title
.call {hero.their} {this}
6 mom <she> | Mom
5 dad <he> | Dad
4 grandma <she> | Grandma
3 grandpa <he> | Grandpa
2 aunt <she> | Auntie
2 uncle <he> | Uncle

# ---- things to do, to play with, to wear, to eat, to find
= fun : past
3 sing songs | sang songs
3 play tag | played tag
3 tell stories | told stories
3 climb trees | climbed trees
3 pick flowers | picked flowers
3 paint pictures | painted pictures
2 watch the clouds | watched the clouds
2 chase butterflies | chased butterflies
2 dance in the sun | danced in the sun
2 jump over puddles | jumped over puddles
2 roll down the hill | rolled down the hill
2 count the birds | counted the birds
= toy : use using used
4 ball <sg> | bounce | bouncing | bounced
4 kite <sg> | fly | flying | flew
3 boat <sg> | sail | sailing | sailed
3 drum <sg> | beat | beating | beat
3 wagon <sg> | pull | pulling | pulled
3 hat <sg> | wear | wearing | wore
3 teddy bear <sg> | hug | hugging | hugged
2 book <sg> | read | reading | read
2 doll <sg> | dress | dressing | dressed
2 whistle <sg> | blow | blowing | blew
2 top <sg> | spin | spinning | spun
2 train <sg> | push | pushing | pushed
3 blocks <pl> | stack | stacking | stacked
3 marbles <pl> | roll | rolling | rolled
2 boots <pl> | wear | wearing | wore
2 crayons <pl> | draw with | drawing with | drew with
= color
4 red / blue / green / yellow
3 purple / pink / white / brown
2 golden / silver / black / gray
= garment
4 coat / scarf / sweater <one>
3 cap / jacket / shirt <one>
2 socks / shoes / gloves
= food
4 cookies / apples / pancakes / muffins
3 pears / cherries / sandwiches / carrots
2 grapes / nuts / plums / cupcakes
= gift
4 shell / feather / flower / stone
3 ribbon / button / pine cone / bell
2 coin / bead
= creature : many
4 duck | ducks
4 frog | frogs
4 butterfly | butterflies
3 snail | snails
3 cow | cows
3 goat | goats
3 crow | crows
2 goose | geese
2 pony | ponies
2 hen | hens
= looks
3 sleepy / tiny / noisy / funny / hungry
2 busy / spotted / muddy / fat / happy / shiny
= number
4 two / three
2 four / five
= animal
4 bird / puppy / kitten
3 turtle / duckling / lamb / piglet
2 bunny / foal / chick

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
2 cold / cloudy / quiet / foggy
= daypart
4 morning / afternoon
3 day
= place : to at
4 the park <park> | to the park | in the park
4 the forest <forest> | to the forest | in the forest
4 the garden <garden> | to the garden | in the garden
3 the beach <beach> | to the beach | at the beach
3 the river <river> | to the river | by the river
3 the meadow <meadow> | to the meadow | in the meadow
3 the farm <farm> | to the farm | on the farm
3 the hill <hill> | to the hill | on the hill
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
4 ?place#meadow in the tall grass / among the daisies
3 ?place#meadow behind a bush / beside a stone wall
4 ?place#farm inside the barn / behind the tractor
3 ?place#farm under the hay / near the henhouse
4 ?place#hill under the apple tree / behind a boulder
3 ?place#hill beside the path / near the windmill
= landmark
3 {aged} bridge / {aged} mill / {aged} well / {aged} gate
2 {aged} tower / {aged} school / {aged} barn / {aged} church
= aged
4 old / tall
3 white / stone / wooden
2 broken / mossy
= homely
4 small / cozy
3 quiet / pretty / lovely
2 crooked / sunny
= house
4 house / cottage
3 village / cabin
2 valley / town
= nearby
3 sea / river / mountains
2 woods / railway / market

# ---- feelings, and how things are said and done
= sad
4 sad / upset
3 unhappy / worried
2 gloomy / miserable
= afraid
4 scared / afraid
3 frightened / nervous
= glad
4 happy / glad
3 cheerful / joyful / proud
2 delighted
= so
4 very / so
2 really / quite
= said_sadly
5 said {who.call}
4 {who.call} said {sadly}
3 {who.call} {sobbed}
= sadly
3 softly / sadly / quietly / slowly
2 in a small voice / with a sigh
= sobbed
3 whispered / sobbed
2 sighed / mumbled
= said_kindly
5 said {who.call}
4 {who.call} said {kindly}
= kindly
3 kindly / gently / warmly / softly
2 with a smile / with a nod / right away
= said_gladly
4 said {who.call}
4 {who.call} said {gladly}
4 {who.call} {cheered}
= gladly
3 happily / proudly / loudly
2 with a laugh / with a big smile
= cheered
3 shouted / laughed / cheered
2 called / sang
= hurried
4 ran / hurried
3 rushed / walked
2 skipped / hopped
= quickly
3 quickly / slowly / quietly
2 happily / carefully / bravely
)";

const std::string_view kStoryWords = kWords;

}  // namespace weft
