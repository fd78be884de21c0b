// The plots of the stories. A story is an opening (a hero, a friend, a treasured toy), one of seven plots in
// which something happens because of something, and an ending that remembers it.
#include "frontends/data/story_grammar.h"

namespace weft {

constexpr std::string_view kPlots = R"(
= story
1 {opening}\n{plot:plot}\n{ending}

# ---- the opening
= opening
5 Once upon a time, there was a {trait} {hsize:size} {kind:kind} named {sort=kind}{hero:name}. {about}
4 Once there was a {hsize:size} {kind:kind} named {sort=kind}{hero:name} who lived {home}. {about}
3 {sort!any}{hero:name} was a {trait} {hsize:size} {known=hero}{kind:kind} who lived {home}. {about}
3 There was once a {hsize:size} {kind:kind} called {sort=kind}{hero:name}. {hero.They} was {so} {trait} and lived {home}. {about}
= home
4 in a {homely} {house}
2 near the {nearby}
3 in a {homely} {house} near the {nearby}
= about
3 {friendship} {treasure}
2 {treasure} {friendship}
= friendship
4 {known!any}{hero.Their} best friend was a {trait} {size} {fkind:kind-kind} named {sort=fkind}{friend:name-hero}.
4 {sort!any}{hero.They} {liked} to {fun:fun} with {hero.their} {trait} friend {friend:name-hero}.
3 {sort!any}{hero.They} and {hero.their} {trait} friend {friend:name-hero} {liked} to {fun:fun} and {:fun-fun} {often}.
= liked
4 liked / loved
= often
3 every day
2 after lunch / in the morning / when it was {:weather}
= treasure
5 {hero.They} had a {color:color} {toy:toy#sg} that {hero.they} {liked} to {toy.use} {often}.
3 {hero.They} had some {color:color} {toy:toy#pl} that {hero.they} {liked} to {toy.use} {often}.
4 {hero.Their} {adult:adult} had given {hero.them} a {color:color} {toy:toy#sg} and a {color2:color-color} {garment:garment#one}.
3 More than anything, {hero.they} loved {hero.their} {color:color} {toy:toy}, and {hero.they} took {toy.them} everywhere.
3 {hero.They} always wore a {color2:color} {garment:garment#one} and played with a {color:color-color2} {toy:toy#sg}.

= plot
4 {lost} <lost>
4 {share} <share>
4 {help} <help>
3 {broke} <broke>
3 {fear} <fear>
3 {greedy} <greedy>
3 {gifts} <gifts>

# ---- shared by the plots: other ways to say the same, and things seen and done on the way
= h
5 {hero}
3 {hero.they}
2 the {hsize} {kind}
= the_toy
3 the {color} {toy}
3 the {toy}
2 {hero.their} {toy}
= the_adult
.call {this}
1 ?adult {adult.call}
1 ?!adult {hero.their} {adult:adult}
= to_fun
1 ?fun {fun}
1 ?!fun {fun:fun}
= how_glad
1 ?glad {glad}
1 ?!glad {glad:glad}
= at_last
3 at last / then / finally
2 after a while / a little later
= stayed
3 until the sun went down / until the stars came out
2 until it was time for dinner / all afternoon / until they were tired
= not_sad
3 {friend} was not {sad} anymore.
2 {friend} smiled and forgot that {friend.they} had been {sad}.
= sights
3 they saw {sight}, {sight} and {sight}
2 they saw {sight} and {sight}
= sight
4 {number} {looks} {creature.many}
3 a {looks} {creature}
= scenery
3 The sun was {shining}, and {number} {looks} {creature.many} were {resting} in the {grass}.
3 A {breezy} wind {moved} the {grass}.
2 The {creature.many} were {noisy}, and the {grass} smelled {sweet}.
= shining
3 bright / warm / high
2 golden / hot
= resting
3 resting / playing
2 eating / hiding / sleeping
= breezy
3 soft / cool / warm
2 gentle / fresh
= moved
3 moved / shook
2 played with / danced in
= grass
3 grass / trees / leaves
2 bushes / flowers
= noisy
3 noisy / quiet
2 busy / happy
= sweet
3 sweet / fresh
2 warm / wet
= way
3 On the way, {sights}.
3 {hero.They} {hurried} past the {landmark} and the {landmark}, and {sights}.
3 {scenery}
2 {hero.They} {hurried} past the {landmark}.
= basket
3 {hero.They} packed some {food:food} and some {food2:food-food} for lunch.
2 {hero.They} put on {hero.their} {color3:color} {garment2:garment} and packed some {food:food}.
= lunch
3 ?food2 They ate the {food} and the {food2}.
2 ?food2 They sat down, and {friend} ate the {food}, and {hero} ate the {food2}.
3 ?!food2 They shared the {food}.
2 ?garment2 {hero.They} wiped the crumbs off {hero.their} {color3} {garment2}.

# ---- a toy is lost, and a friend helps to look for it
= lost
4 {lost_start} {way} {lost_cause} {lost_gone} {lost_help} {lost_search} {lost_found} {lost_thanks}
3 {lost_start} {basket} {lost_cause} {lost_gone} {lost_help} {lost_search} {lost_found} {lost_thanks} {lunch}
= lost_start
4 {When}, {hero} took {the_toy} {place:place.to}.
3 {When}, {hero} went {place:place.to} to {toy.use} {the_toy}.
3 {When}, {hero} was {toy.using} {the_toy} {place:place.at}.
= lost_cause
4 {H} saw {sight} and {hurried} to have a look, so {the_toy} {toy.was} left behind.
4 {H} {played} so {long} that {hero.they} forgot all about {the_toy}.
5 ?weather#windy {A_strong} wind came and carried {the_toy} away.
3 {H} put {the_toy} down to {to_fun}, and then {hero.they} could not remember where.
= played
3 ran / danced / jumped
2 played / laughed
= long
3 long / much
2 fast / hard
= a_strong
3 a strong / a sudden
2 a big / a wild
= lost_gone
3 When it was time to {leave}, {the_toy} {toy.was} {gone}. {hero} felt {so} {sad:sad}.
3 When {hero.they} looked back, {the_toy} {toy.was} {gone}. {hero} was {so} {sad:sad} and began to cry.
3 "Where {toy.is} my {toy}?" {who=hero}{said_sadly}. {hero.They} was so {sad:sad} that {hero.they} {sat_down}.
= leave
3 go home / eat lunch
2 rest / eat dinner
= gone
4 gone
3 not there / missing
= sat_down
3 sat down and cried
2 did not want to play / could not speak / hid {hero.their} face
= lost_help
4 "{Why_sad}" asked {friend}. "{Lost_toy}," {who=hero}{said_sadly}. "{We_will}," {who=friend}{said_kindly}.
3 {friend} {hurried} over and asked what was wrong. "{Lost_toy}," {who=hero}{said_sadly}. "{We_will}," {who=friend}{said_kindly}.
= why_sad
3 why are you so {sad}, {hero}?
3 what is wrong, {hero}?
2 what is the matter?
= lost_toy
3 I lost my {color} {toy}
3 I cannot find my {toy}
2 my {color} {toy} {toy.is} {gone}
= we_will
3 we will find {toy.them} together
3 I will help you look for {toy.them}
2 do not worry
2 do not be {sad}
= lost_search
4 They looked {spot1:spot} and {spot2:spot-spot1}, but {the_toy} {toy.was} not there.
4 First they looked {spot1:spot}, but they only found {sight}. Next they looked {spot2:spot-spot1} and found {sight}.
= lost_found
4 {At_last}, {friend} looked {spot3:spot-spot2} and {shouted}, "Look, {hero}! Here {toy.they} {toy.is}!"
3 {At_last}, they saw something {color} {spot3:spot-spot2}. {toy.They} {toy.was} the {toy}!
3 {At_last}, {h} found {the_toy} {spot3:spot-spot2}.
= shouted
3 shouted / called
2 cried / laughed
= lost_thanks
4 {hero} hugged {friend} and was not {sad} anymore. "{Thanks}," {who=hero}{said_gladly}.
3 "{Thanks}," {who=hero}{said_gladly}. {hero.They} felt {so} {glad:glad}.
= thanks
3 thank you, {friend}
3 you are the best friend of all
2 you are so {trait}, {friend}

# ---- a toy is not shared, and playing alone is no fun
= share
1 {share_start} {share_ask} {share_no} {share_sad} {share_alone} {share_sorry} {share_end}
= share_start
4 {When}, {hero} was {toy.using} {the_toy} {place:place.at}. {scenery} {friend} came {along}.
3 {When}, {hero} took {the_toy} {place:place.to}. {way} {friend} was there too.
= along
3 by / over
2 along
= share_ask
4 "May I {toy.use} {toy.them} {a_while}?" {asked} {friend}.
3 "I like your {color} {toy}," {who=friend}{said_gladly}. "May I {toy.use} {toy.them} {a_while}?"
3 {friend} wanted to {toy.use} {the_toy} {a_while}.
= asked
5 asked
2 begged
= a_while
3 too / with you
2 for a while
= share_no
4 "No," said {hero}. "The {toy} {toy.is} mine."
3 {hero} held {the_toy} tight. "No, you will {break} {toy.them}," {who=hero}{said_sadly}.
3 {hero} shook {hero.their} head and hid {the_toy} {spot1:spot}.
= break
3 break / lose
2 spoil
= share_sad
4 {friend} felt {so} {sad:sad} and {walked_off}.
3 {friend} was so {sad:sad} that {friend.they} {walked_off}.
= walked_off
3 went home / walked away
2 sat down {spot2:spot-spot1}
2 began to cry
= share_alone
4 {H} went on {toy.using} {the_toy}, but it was {no_fun}. {remembered}
3 {H} tried to {toy.use} {the_toy} alone, but it was {no_fun}. {remembered}
= no_fun
3 no fun / not the same
2 boring / lonely / not much fun
= remembered
3 Then {h} remembered what {the_adult} always said: "{Saying}."
3 {H} thought of {friend} and felt sorry.
2 {H} saw how {sad} {friend} was.
= saying
3 good friends share
2 a toy is more fun with two / sharing makes two people happy
= share_sorry
4 {H} {hurried} to {friend}. "I am sorry that I made you {sad}," {who=hero}{said_sadly}. "{Please_come}."
3 "I am sorry, {friend}," {who=hero}{said_sadly}. "{Please_come}."
= please_come
3 please come and {toy.use} the {toy} with me
3 you may {toy.use} the {toy} first
2 let us {toy.use} {toy.them} together
= share_end
4 {friend} smiled, and they {toy.used} {the_toy} {stayed}. {hero} felt {so} {glad:glad}.
3 "Thank you, {hero}," {who=friend}{said_gladly}. They {toy.used} {the_toy} {stayed}. {Not_sad}

# ---- an animal is in trouble, and two friends help it
= help
4 {help_start} {way} {help_heard} {help_plan} {help_act} {help_thanks}
3 {help_start} {basket} {help_heard} {help_plan} {help_act} {help_thanks} {lunch}
= help_start
4 {When}, {hero} and {friend} went {place:place.to} to {to_fun}.
3 {When}, {hero} and {friend} were playing {place:place.at} with {the_toy}.
= help_heard
4 They heard a {soft} {cry} {spot1:spot}. It was a {looks} {animal:animal} {trouble:trouble}.
3 {spot1:Spot}, {friend} found a {looks} {animal:animal} {trouble:trouble}.
3 {hero} saw something {vcolor:color} {spot1:spot}. It was a {vcolor} {animal:animal} {trouble:trouble}.
= soft
3 soft / sad
2 tiny / strange / small
= cry
3 cry / sound
2 voice / noise
= trouble : state do did
4 that was stuck in the mud | is stuck | pull it out with a {tool:tool} | took a {tool} and pulled it out
4 that was caught in a net | is caught | cut the net with a {tool:blade} | found a {tool} and cut the net
3 that was cold and wet | is so cold | wrap it in a {tool:cloth} | took a {tool} and wrapped it around the {animal}
3 that was very hungry | is hungry | give it some {tool:snack} | brought some {tool} and fed the {animal}
3 that had lost its mother | is lost | take it back to its mother | looked everywhere until they found its mother
= tool
3 rope / branch
2 long stick / ladder
= blade
3 sharp stone / shell
2 little knife
= cloth
3 scarf / blanket
2 warm coat / towel
= snack
3 bread / seeds
2 milk / cheese
= help_plan
4 "The poor {animal} {trouble.state}!" {who=hero}{said_sadly}. "We can {trouble.do}," {who=friend}{said_kindly}.
3 "Please help me," said the {animal}. "Do not be {afraid:afraid}," {who=hero}{said_kindly}. "We will {trouble.do}."
3 {friend} felt {so} {sad:sad} for the {animal}. "We can {trouble.do}," {who=hero}{said_kindly}.
= help_act
4 So {hero} and {friend} {trouble.did}. {animal_glad}
3 {hero} {trouble.did}, and {friend} {petted} the {animal}. {animal_glad}
= petted
3 petted / talked to
2 sang to / hugged
= animal_glad
3 The {animal} was {so} {glad:glad}.
2 ?afraid The {animal} was not {afraid} anymore.
2 ?sad {friend} was not {sad} anymore.
2 Soon the {animal} felt better.
= help_thanks
4 "Thank you, {hero}," said the {animal}. It gave {hero.them} a {gcolor:color} {gift:gift}.
3 The {animal} {hurried} away and came back with a {gcolor:color} {gift:gift} for {hero}.
3 The {animal} followed them home, and {the_adult} let it {sleep_in}.
= sleep_in
3 stay
2 sleep in a {:box} / sleep under the {:table}

# ---- something breaks, and the truth is told
= broke
1 {broke_start} {broke_crash} {broke_hid} {broke_asked} {broke_told} {broke_end}
= broke_start
4 {When}, {hero} was {running} in the {room:room} with {the_toy}.
3 {When}, {hero} was {toy.using} {the_toy} in the {room:room}.
3 {When}, {hero} and {friend} were {running} in the {room:room}.
= running
3 running / jumping
2 dancing / playing / hopping
= room
4 kitchen / living room
3 hall / bedroom
2 attic
= broke_crash
4 {H} bumped into the {table:table}, and {the_adult}'s {:fine} {vcolor:color} {vase:vase} fell down and broke.
3 Crash! {The_adult}'s {:fine} {vcolor:color} {vase:vase} fell off the {table:table} and broke.
= fine
3 fine / favorite / pretty
2 big / little
= table
4 table / shelf
2 desk / piano / chair
= vase
4 vase / cup
3 lamp / plate / teapot
2 clock / bowl
= broke_hid
4 {hero} was {so} {afraid:afraid}. {H} hid the pieces {hidden:hidden}.
3 {hero} felt {so} {afraid:afraid} and {hurried} to hide the pieces {hidden:hidden}.
= hidden
4 under the bed / behind the sofa
3 in a box / in a drawer
2 under the rug
= broke_asked
4 Soon {adult.call} came in. "Where is my {vcolor} {vase}?" {adult.they} asked.
3 "Have you seen my {vase}, {hero}?" asked {adult.call}.
3 When {adult.call} came home, {adult.they} could not find the {vcolor} {vase}.
= broke_told
4 {H} looked at {hero.their} {feet}. "I broke the {vase}, {adult.title}," {who=hero}{said_sadly}. "I hid the pieces {hidden}."
3 {hero} wanted to run away, but {hero.they} told the truth. "I broke it and hid the pieces," {who=hero}{said_sadly}. "I am sorry, {adult.title}."
= feet
3 feet / shoes
2 hands / toes
= broke_end
4 {adult.Call} was not angry. "Thank you for telling me the truth," {who=adult}{said_kindly}. Together they {mended} the {vcolor} {vase}.
3 "I am glad that you told me," {who=adult}{said_kindly}. {adult.They} hugged {hero}, and {hero.they} was not {afraid} anymore.
3 "It was only a {vase}," {who=adult}{said_kindly}. Then they put a new {:color} {vase} on the {table}.
= mended
4 glued / fixed
2 painted / cleaned

# ---- a fear is overcome
= fear
1 {fear_start} {fear_day} {fear_no} {fear_help} {fear_did} {fear_end}
= fear_start
4 But {h} was {so} {afraid:afraid} of {fear_of:fear_of}.
3 There was one thing that made {hero} {afraid:afraid}. It was {fear_of:fear_of}.
= fear_of : do did joy
4 the dark | walk through the dark hall | walked through the dark hall | The moon was shining through the {:color} window.
4 deep water | swim in the lake | swam in the lake | The water was cool, and {sight} swam by.
3 the big slide | go down the big slide | went down the big slide | It was so fast that {hero.they} laughed all the way.
3 big dogs | pet the big dog | petted the big dog | The dog wagged its {:color} tail and licked {hero.their} nose.
3 high places | climb up the tall ladder | climbed up the tall ladder | From the top {hero.they} could see {sight}.
2 horses | ride the big horse | rode the big horse | The horse walked past the {landmark} and was very gentle.
= fear_day
4 {When}, {the_adult} asked {hero} to {fear_of.do}. {scenery}
3 {When}, {friend} wanted to {fear_of.do}, and {the_adult} came too. {way}
= fear_no
4 "No," {who=hero}{said_sadly}. "I am too {afraid}."
3 {hero} hid behind {adult.call}. "I am {afraid}, {adult.title}," {who=hero}{said_sadly}.
2 {hero} began to cry and held {the_toy} tight.
= fear_help
4 "I was {afraid} of {fear_of} too when I was {young}," {who=adult}{said_kindly}. "{comfort:Comfort}, and you can do it."
3 "You are a brave {kind}," {who=adult}{said_kindly}. "{comfort:Comfort}, and try once."
= young
3 little / small
2 your age
= comfort : did
4 hold my hand | held {adult.call}'s hand
4 take a deep breath | took a deep breath
3 count to {number2:number} | counted to {number2}
3 sing a song with me | sang a song with {adult.them}
3 hold your {toy} | held {the_toy}
2 put on your {color3:color} {garment2:garment} | put on {hero.their} {color3} {garment2}
= fear_did
4 So {h} {comfort.did} and {quickly} {fear_of.did}. {fear_of.joy}
3 {hero} {comfort.did}. {At_last}, {h} {quickly} {fear_of.did}. {fear_of.joy}
= fear_end
4 "I did it, {adult.title}!" {who=hero}{said_gladly}. "I am not {afraid} anymore."
3 {friend} clapped. "You did it, {hero}!" {who=friend}{said_gladly}. {H} was not {afraid} anymore.
3 {adult.Call} hugged {hero.them}. "I am {so} {glad:glad}," {who=adult}{said_kindly}.

# ---- too much is eaten, and a friend gets none
= greedy
1 {greedy_start} {greedy_ate} {greedy_friend} {greedy_more} {greedy_end}
= greedy_start
4 {When}, {the_adult} made some {food:food} and put them in a {vcolor:color} {bowl:bowl}. "{Save_some}," {who=adult}{said_kindly}.
3 {When}, {hero} smelled {food:food} in the kitchen. {The_adult} had put them in a {vcolor:color} {bowl:bowl}. "{Save_some}," {who=adult}{said_kindly}.
= bowl
4 bowl / box
3 dish / basket
2 jar
= save_some
3 please save some for {friend}
3 do not eat them all, {hero}
3 you may have {number}, {hero}
= greedy_ate
4 But {h} {quickly} ate {number}, and then {number} more, until the {bowl} was empty. Soon {hero.their} tummy {hurt}.
3 {H} liked the {food} so much that {hero.they} ate all that were in the {vcolor} {bowl}. Then {hero.their} tummy {hurt}.
= hurt
3 began to hurt / began to ache
2 felt very full / felt strange
= greedy_friend
4 When {friend} came to {to_fun}, there were no {food} left. "I ate them all," {who=hero}{said_sadly}. {friend} was {so} {sad:sad}.
3 {friend} came by and asked for {food}, but the {vcolor} {bowl} was empty. {friend} felt {so} {sad:sad}. "I am sorry, {friend}," {who=hero}{said_sadly}.
= greedy_more
4 "We can make more {food} together," {who=adult}{said_kindly}. {hero} {stirred:stirred}, and {friend} {:stirred-stirred}.
3 {hero} wanted to make {friend} {how_glad}, so {h} asked {adult.call} to help {hero.them} make more {food}. {hero} {stirred:stirred}.
= stirred
3 washed the {vcolor} {bowl} / washed the {food}
2 added the sugar / set the table / found a big spoon
= greedy_end
4 This time, {hero} gave {friend} the {biggest} one. {Not_sad}
3 They ate the {food} together {stayed}, and {hero} gave {friend} {number}.
= biggest
4 biggest / first
2 best

# ---- a gift is found
= gifts
1 {gifts_start} {gifts_plan} {way} {gifts_found} {gifts_wrap} {gifts_gave} {gifts_end}
= gifts_start
4 It was {the_adult}'s birthday, and {hero} wanted to give {adult.them} something {special}.
3 {When}, {hero} remembered that it was {the_adult}'s birthday.
= special
3 special / pretty
2 nice / {:color}
= gifts_plan
4 "I have no gift for my {adult}," {who=hero}{said_sadly}. "We can find one {place:place.at}," {who=friend}{said_kindly}.
3 {H} had no money, so {hero} went {place:place.to} with {friend}.
3 "Let us look {place:place.at}," {who=friend}{said_gladly}. So they {hurried} {place.to}.
= gifts_found
4 They looked {spot1:spot} and {spot2:spot-spot1}. {At_last}, {hero} found a {looks} {gcolor:color} {gift:gift} {spot3:spot-spot2}.
3 {spot1:Spot}, {friend} saw {sight} and a {gcolor:color} {gift:gift}.
3 They found a {looks} {gcolor:color} {gift:gift} {spot1:spot}.
= gifts_wrap
4 They {quickly} cleaned the {gift} and put it in a {rcolor:color} {box:box}.
3 {friend} had a {rcolor:color} {box:box}, and they put the {gift} in it.
= box
4 box
3 bag / basket
= gifts_gave
4 "Happy birthday, {adult.title}!" {who=hero}{said_gladly}. {adult.Call} opened the {rcolor} {box}.
3 {hero} gave the {rcolor} {box} to {adult.call}. "This is for you, {adult.title}," {who=hero}{said_gladly}.
= gifts_end
4 "What a lovely {gcolor} {gift}!" {who=adult}{said_gladly}. {adult.They} put the {gift} {shown:shown}.
3 {adult.Call} was {so} {glad:glad}. "I will keep the {gift} {shown:shown}," {who=adult}{said_kindly}.
= shown
3 on the shelf / by the window / on the table
2 beside the clock / near the door

# ---- the ending
= ending
4 {closing}
4 {closing} {moral}
3 {moral}
= closing
4 From that day on, {hero} {lesson}.
3 That night, {hero} slept with {the_toy} {beside} {hero.them} and dreamed of {dream} and {sight}.
3 ?fun Then {hero} and {friend} {fun.past} {stayed}.
2 ?!fun Then {hero} and {friend} played with {the_toy} {stayed}.
3 {hero} and {friend} {hurried} home past the {landmark}, and they were {so} {how_glad}.
= beside
3 beside / next to
2 near
= dream
3 ?place {place}
3 {friend}
2 ?animal the {animal}
2 ?food {food}
2 ?gift the {gcolor} {gift}
= lesson
4 ?plot#lost took good care of the {color} {toy}
3 ?plot#lost never left the {toy} behind again
4 ?plot#share always shared the {color} {toy} with {friend}
3 ?plot#share let {friend} {toy.use} the {toy} first
4 ?plot#help visited the {animal} every day
3 ?plot#help helped every animal that {hero.they} met
4 ?plot#broke always told the truth
3 ?plot#broke never ran in the {room} again
4 ?plot#fear was not {afraid} of {fear_of}
3 ?plot#fear {fear_of.did} every day
4 ?plot#greedy always saved some {food} for {friend}
3 ?plot#greedy never ate too many {food} again
4 ?plot#gifts saw the {gift} {shown} every day
3 ?plot#gifts went {place.to} with {friend} to find more gifts
= moral
4 {hero} learned that {truth}.
3 And so {hero} learned that {truth}.
2 The moral of the story is that {truth}.
= truth
4 ?plot#lost a good friend helps you when you are {sad}
3 ?plot#lost it is wise to take care of your things
4 ?plot#share sharing is more fun than playing alone
3 ?plot#share a friend is worth more than a toy
4 ?plot#help even small friends can be helped
3 ?plot#help kindness comes back to you
4 ?plot#broke it is best to tell the truth
3 ?plot#broke the truth is better than hiding
4 ?plot#fear being brave means trying when you are {afraid}
3 ?plot#fear you can do hard things with a little help
4 ?plot#greedy food tastes better when you share it
3 ?plot#greedy too much of a good thing is not good
4 ?plot#gifts the best gifts come from the heart
3 ?plot#gifts a gift does not need to cost money
)";

const std::string_view kStoryPlots = kPlots;

}  // namespace weft
