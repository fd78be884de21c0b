// The plots of the stories. A story is an opening (a hero, a friend, a treasured toy), one of seven plots in
// which something happens because of something, and an ending that remembers it. One of hero and friend is a
// she and the other a he, so that a pronoun always says who is meant.
#include "frontends/data/story_grammar.h"

namespace weft {

constexpr std::string_view kPlots = R"(
= story
1 {opening}\n{plot:plot}\n{ending}

# ---- the opening
= opening
5 Once upon a time, there was a {trait} {size} {kind:kind} named {sort=kind}{hero:name}. {about}
4 {sort!any}{hero:name} was a {trait} {size} {known=hero}{kind:kind} who lived {home}. {about}
4 There was once a {trait} {size} {kind:kind} called {sort=kind}{hero:name}. {hero.They} lived {home}. {about}
3 A {trait} {size} {kind:kind} named {sort=kind}{hero:name} lived {home}. {about}
= home
3 in a {homely} {:color} {house} near the {nearby}
4 in a {homely} {house} with {sight}
4 in a {homely} {house} with {sight} and {sight}
= about
3 {friendship} {treasure}
2 {treasure} {friendship}
= friendship
4 {sort!any}{hero.Their} best friend was a {trait} {size} {friend_kind} named {friend:name}.
4 {sort!any}{hero.They} {liked} to {fun:fun} with {hero.their} {trait} friend {friend:name}.
3 {sort!any}{hero.They} {liked} to {fun:fun} and {:fun-fun} with {friend:name}.
= friend_kind
5 ?hero#he girl
5 ?hero#she boy
3 rabbit / bear / fox / mouse
2 squirrel / hedgehog
= liked
4 liked / loved
= often
3 every day / after lunch
2 in the morning / when it was {:weather} / with {sight}
= treasure
4 {hero.They} had a {color:color} {toy:toy#sg} and {sight}.
3 {hero.They} had some {color:color} {toy:toy#pl} that {hero.they} {liked} to {toy.use} {often}.
4 {hero.Their} {adult:adult} had given {hero.them} a {color:color} {toy:toy#sg} and a {:color} {garment}.
3 {hero.They} wore a {:color} {garment} and {liked} to {toy!toy#sg}{toy.use} {hero.their} {color:color} {toy}.

= plot
1 {lost} <lost>
1 {share} <share>
1 {help} <help>
1 {broke} <broke>
1 {fear} <fear>
1 {greedy} <greedy>
1 {gifts} <gifts>

# ---- shared by the plots: other ways to say the same, and things seen on the way
= h
5 {hero.they}
2 {hero}
= f
3 {friend}
3 {hero.their} friend
2 {friend.they}
= the_toy
4 the {toy}
2 the {color} {toy}
3 {hero.their} {toy}
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
2 until dinner / all afternoon / until they were tired
= sight
4 {number} {looks} {creature.many}
3 a {looks} {creature}
= sights
3 {sight} and {sight}
4 {sight}, {sight} and {sight}
= scene
4 The sun was {shining}, and {sight} {rested} in the {grass}.
4 A {breezy} wind {moved} the {grass}, and {sight} {came_by}.
4 {Sight}, {sight} and {sight} {came_by}.
= shining
3 bright / warm / high
2 golden / hot
= rested
4 rested / played / ate
3 hid / slept / jumped
2 danced / drank
= breezy
3 soft / cool / warm
2 gentle / fresh
= moved
3 moved / shook / lifted
2 played with / danced in
= grass
4 grass / leaves / flowers
3 bushes / mud / shade
2 water / sand
= came_by
4 came by / walked past
3 looked on / sang a song / ran away
2 made noise / said hello
= way
4 On the way, they saw {sights}.
4 They {hurried} past the {landmark} and the {landmark} and saw {sights}.
4 "I see {sight}," {who=friend}{said_gladly}. "I see {sights}," {who=hero}{said_gladly}.
3 "Do you like {:food} or {:food}?" {hero.they} asked. "I like {:food} and {:food}," {who=friend}{said_gladly}.
3 {scene}
= laughed
3 smiled / laughed
2 clapped / jumped
= not_sad
3 {F} was not {sad} anymore.
3 {F} was {so} {glad:glad} again.
2 {F} {laughed} and was {so} {glad:glad}.

# ---- a toy is lost, and a friend helps to look for it
= lost
1 {lost_start} {lost_cause} {lost_gone} {lost_help} {lost_search} {lost_found} {lost_thanks}
= lost_start
4 {When}, they took {the_toy} {place:place.to}. {way}
3 {When}, they {hurried} {place:place.to} to {toy.use} {the_toy}. {way}
3 {When}, {hero} {hurried} {place:place.to} with {friend} and {the_toy}. {scene}
= lost_cause
3 {H} put {the_toy} down to {to_fun}.
3 {H} {ran} after {sight}, and {the_toy} {toy.was} left behind.
6 ?weather#windy {A_strong} wind carried {the_toy} away.
= ran
3 ran / hurried
2 raced / skipped
= a_strong
3 a strong / a sudden
2 a big / a wild
= lost_gone
3 When it was time to {leave}, {the_toy} {toy.was} gone. {hero} was {so} {sad:sad}.
3 When {hero.they} looked back, {the_toy} {toy.was} gone. {hero.They} {began_to_cry}.
3 "Where {toy.is} my {toy}?" {who=hero}{said_sadly}. {hero.They} {began_to_cry}.
= leave
3 go home / eat lunch
2 rest / eat dinner
= began_to_cry
3 was {so} {sad:sad} and began to cry
3 felt so {sad:sad} that {hero.they} {sat_down}
= sat_down
3 sat down and cried
2 did not want to play / could not speak / hid {hero.their} face
= lost_help
4 "Do not be {sad}," {who=friend}{said_kindly}. "{We_will}."
3 "{We_will}," {who=friend}{said_kindly}.
= praise
3 kind / clever / good
2 brave / helpful
= we_will
3 we will find {toy.them} together
3 I will help you look for {toy.them}
2 let us look for {toy.them}
= lost_search
4 They {quickly} looked {spot1:spot}, but they only found {sights}.
3 They looked {spot1:spot} and {spot2:spot-spot1}, but they only found {sight}.
= lost_found
4 {At_last}, {f} looked {spot3:spot-spot1} and {shouted}, "Here {toy.they} {toy.is}!"
3 {At_last}, they saw something {color} {spot3:spot-spot1}. {toy.They} {toy.was} the {toy}!
3 {At_last}, {f} found {the_toy} {spot3:spot-spot1}.
= shouted
3 shouted / called
2 cried / laughed
= lost_thanks
4 {H} was not {sad} anymore. "{Thanks}," {who=hero}{said_gladly}.
3 "{Thanks}," {who=hero}{said_gladly}. {hero.They} was {so} {glad:glad}.
= thanks
3 thank you / thank you, my {praise} friend
2 you are {so} {praise}

# ---- a toy is not shared, and playing alone is no fun
= share
1 {share_start} {scene} {share_ask} {share_no} {share_sad} {share_alone} {share_sorry} {share_end}
= share_start
4 {When}, {hero} was {toy.using} {the_toy} {place:place.at}.
3 {When}, {hero} took {the_toy} {place:place.to}.
= share_ask
4 {friend} came {along} with {sight} and asked, "May I {toy.use} {toy.them} {a_while}?"
3 "I like your {toy}," {who=friend}{said_gladly}. "May I {toy.use} {toy.them} {a_while}?"
3 {friend} came {along} and {quickly} asked to {toy.use} {toy.them} {for_once}.
= along
3 by / over
2 along
= a_while
3 too / with you
2 for a while
= for_once
3 too
2 for a while / once
= share_no
4 "No," {who=hero}{said_sadly}. "The {toy} {toy.is} mine."
3 {H} held {the_toy} tight. "No, you will {break} {toy.them}," {who=hero}{said_sadly}.
3 {H} shook {hero.their} head and hid {the_toy} {spot1:spot}.
= break
3 break / lose
2 spoil
= share_sad
4 {F} felt {so} {sad:sad} and {walked_off}.
3 {F} was so {sad:sad} that {friend.they} {walked_off}.
= walked_off
3 {hurried} home / {hurried} away
2 sat down {spot2:spot} / began to cry
2 went to play with {sight}
= share_alone
4 {H} {toy.used} {the_toy} alone, but it was {no_fun}. {remembered}
3 {H} played with {sight}, but it was {no_fun}. {remembered}
= no_fun
3 no fun / not the same
2 boring / lonely / not much fun
= remembered
3 "{Saying}," {hero.their} {adult_said}.
3 {H} {hurried} past the {landmark} and thought of {hero.their} friend.
3 {H} {quickly} put {the_toy} down and felt {sorry}.
= adult_said
1 ?adult {adult} always said
1 ?!adult {adult:adult} always said
= saying
3 good friends share
2 a toy is more fun with two / sharing makes two people happy
= sorry
3 sorry / sad
2 bad
= share_sorry
4 {H} {hurried} to {f}. "I am sorry that you are {sad}," {who=hero}{said_sadly}. "{Please_come}."
3 "I am {so} sorry," {who=hero}{said_sadly}. "{Please_come}."
= please_come
3 please come and {toy.use} the {toy} with me
3 you may {toy.use} {toy.them} first
2 let us {toy.use} {toy.them} together
= share_end
4 They {toy.used} {the_toy} {stayed}. {Not_sad}
3 "Thank you," {who=friend}{said_gladly}. They {toy.used} {the_toy} with {sights}.

# ---- an animal is in trouble, and two friends help it
= help
1 {help_start} {way} {help_heard} {help_plan} {help_act} {help_thanks}
= help_start
4 {When}, they went {place:place.to} to {to_fun}.
3 {When}, {hero} and {friend} were playing {place:place.at} with {the_toy}.
= help_heard
4 They heard a {soft} {cry} {spot1:spot}. It was a {looks} {animal:animal} {trouble:trouble}.
3 {spot1:Spot}, {f} found a {looks} {animal:animal} {trouble:trouble}.
3 {H} saw something {vcolor:color} {spot1:spot}. It was a {vcolor} {animal:animal} {trouble:trouble}.
= soft
3 soft / sad
2 tiny / strange / small
= cry
3 cry / sound
2 voice / noise
= trouble : state do did
3 that was stuck in the mud | is stuck | pull it out with a {tool:tool} | took a {tool} and pulled it out
3 that was cold and wet | is cold | wrap it in a {tool:cloth} | took a {tool} and wrapped it around the {animal}
3 that was very hungry | is hungry | give it some {tool:food} | brought some {tool} and fed the {animal}
2 that had lost its mother | is lost | look for its mother | looked everywhere until they found its mother
= tool
3 rope / branch
2 stick / ladder
= cloth
3 scarf / blanket
2 coat / towel
= help_plan
4 "The poor {animal} {trouble.state}," {who=hero}{said_sadly}. "We can {trouble.do}," {who=friend}{said_kindly}.
3 "Please help me," said the {animal}. "We will {trouble.do}," {who=hero}{said_kindly}.
3 {F} felt {so} {sad:sad}. "We can {trouble.do}," {who=hero}{said_kindly}.
= help_act
4 They {quickly} {trouble.did}. {animal_glad}
3 {H} {quickly} {trouble.did}, and {f} {petted} the {animal}. {animal_glad}
= petted
3 petted / talked to
2 sang to / hugged
= animal_glad
3 The {animal} was {so} {glad:glad}.
3 The {animal} {hurried} around with {sight}.
3 ?sad {F} was not {sad} anymore.
= help_thanks
4 "Thank you," said the {animal}. It gave {hero.them} a {finish} {gcolor:color} {gift:gift}.
3 The {animal} {hurried} away and came back with a {finish} {gcolor:color} {gift:gift}.
3 The {animal} followed them home past the {landmark}, and {the_adult} let it stay with {sight}.

# ---- something breaks, and the truth is told
= broke
1 {broke_start} {scene} {broke_crash} {broke_hid} {broke_asked} {broke_told} {broke_end}
= broke_start
4 {When}, {hero} was {running} in the {room:room} with {the_toy}.
3 {When}, {hero} was {toy.using} {the_toy} in the {room:room}
3 {When}, {hero} and {friend} were {running} in the {room:room}.
= running
3 running / jumping
2 dancing / playing / hopping
= room
4 kitchen / hall
3 bedroom / attic
= broke_crash
4 {H} bumped into the {table:table}, and {the_adult}'s {fine} {vcolor:color} {vase:vase} fell down and broke.
3 Crash! {The_adult}'s {fine} {vcolor:color} {vase:vase} fell off the {table:table} and broke.
= fine
3 fine / pretty / lovely
2 big / little / rare
= table
4 table / shelf
2 desk / piano / chair
= vase
4 vase / cup
3 lamp / plate / teapot
2 clock / bowl
= broke_hid
4 {H} was {so} {afraid:afraid} and hid the pieces {hidden:hidden}.
3 {H} felt {so} {afraid:afraid}. {H} {quickly} hid the pieces {hidden:hidden}.
= hidden
4 under the bed / behind the sofa
3 in a box / in a drawer
2 under the rug
= broke_asked
4 Soon {adult.call} came in. "Where is my {vcolor} {vase}?" {adult.they} asked.
3 "Have you seen my {vase}?" asked {adult.call}.
3 When {adult.call} came home, {adult.they} could not find the {vcolor} {vase}.
= broke_told
4 {H} looked at {hero.their} {feet}. "I broke the {vase}," {who=hero}{said_sadly}.
3 {H} {quickly} told the truth. "I broke the {vase}," {who=hero}{said_sadly}.
3 "I hid the pieces {hidden}," {who=hero}{said_sadly}. "I am {so} sorry, {adult.title}."
= feet
3 feet / shoes
2 hands / toes
= broke_end
4 "Thank you for telling me," {who=adult}{said_kindly}. Together they {mended} the {vcolor} {vase}.
3 "I am {so} {glad:glad} that you told me," {who=adult}{said_kindly}. {H} was not {afraid} anymore.
3 "It was only a {vase}," {who=adult}{said_kindly}. Then they bought a {fine} {:color} {vase}.
= mended
4 glued / fixed
2 painted / cleaned

# ---- a fear is overcome
= fear
1 {fear_start} {fear_day} {fear_no} {fear_help} {fear_did} {fear_end}
= fear_start
4 But {h} was {so} {afraid:afraid} of {fear_of:fear_of}.
3 Only one thing made {hero} {afraid:afraid}. It was {fear_of:fear_of}.
= fear_of : do did joy
4 the dark | walk through the dark hall | walked through the dark hall | The moon was shining through the {:color} window.
4 deep water | swim in the lake | swam in the lake | The water was {cool}, and {sight} swam by.
3 the big slide | go down the big slide | went down the big slide | It was so fast that {hero.they} laughed all the way.
3 big dogs | pet the big dog | petted the big dog | The {:color} dog wagged its tail and licked {hero.their} nose.
3 high places | climb up the ladder | climbed up the ladder | From the top {hero.they} could see {sights}.
2 horses | ride the big horse | rode the big horse | The horse walked past the {landmark} and was very gentle.
= cool
3 cool / warm
2 clear / still
= fear_day
4 {When}, {the_adult} asked {hero} to {fear_of.do}. {scene}
3 {When}, {friend} wanted to {fear_of.do}, and {the_adult} came too. {way}
= fear_no
4 "No," {who=hero}{said_sadly}. "I am too {afraid}."
3 {H} hid behind {adult.call}. "I am {afraid}," {who=hero}{said_sadly}.
2 {H} began to cry and held {the_toy} tight.
= fear_help
4 "I was {afraid} too when I was {young}," {who=adult}{said_kindly}. "{comfort:Comfort}, and you can do it."
3 "You are a brave {kind}," {who=adult}{said_kindly}. "{comfort:Comfort}, and try once."
= young
3 little / small
2 your age
= comfort : did
4 hold my hand | held {adult.call}'s hand
4 take a deep breath | took a deep breath
3 count to {tool:number} | counted to {tool}
3 sing a song with me | sang a song with {adult.them}
3 hold your {toy} | held {the_toy}
= fear_did
4 So {h} {comfort.did} and {quickly} {fear_of.did}. {fear_of.joy}
3 {H} {comfort.did}. {At_last}, {h} {quickly} {fear_of.did}. {fear_of.joy}
= fear_end
4 "I did it, {adult.title}!" {who=hero}{said_gladly}. "I am not {afraid} anymore."
3 {F} {laughed}. "You did it!" {who=friend}{said_gladly}.
3 {adult.Call} {laughed}. "I am {so} {glad:glad}," {who=adult}{said_kindly}.

# ---- too much is eaten, and a friend gets none
= greedy
1 {greedy_start} {greedy_ate} {greedy_friend} {greedy_more} {greedy_end}
= greedy_start
4 {When}, {the_adult} made some {food:food} and put them in a {vcolor:color} {bowl:bowl}. "{Save_some}," {who=adult}{said_kindly}.
3 {When}, {hero} smelled {food:food} in the kitchen. {The_adult} put them in a {vcolor:color} {bowl:bowl}. "{Save_some}," {who=adult}{said_kindly}.
= bowl
4 bowl / box
3 dish / basket
2 jar
= save_some
3 please save some for {friend}
3 do not eat them all
3 you may have {number}
= greedy_ate
4 But {h} {quickly} ate {number}, and then {number} more, until the {bowl} was empty.
3 But {h} {quickly} took the {vcolor} {bowl} and shared the {food} with {sights}.
3 {H} {quickly} ate the {food} {:hidden} until the {bowl} was empty.
= greedy_friend
4 {F} came to {to_fun}, but the {bowl} was empty. {friend.They} was {so} {sad:sad}.
3 {F} came {along} with {sight}, but the {bowl} was empty. {friend.They} felt {so} {sad:sad}.
= greedy_more
4 "I am {so} sorry," {who=hero}{said_sadly}. {friend.They} {stirred:stirred}, and {hero.they} {quickly} {:stirred-stirred}.
3 "We can make more," {who=adult}{said_kindly}. {hero.They} {quickly} {stirred:stirred}, and {friend.they} {:stirred-stirred}.
= stirred
3 washed the {bowl} / washed the {food} / added the sugar
2 set the table / found a {:color} spoon / sang a song
= greedy_end
4 {At_last}, {f} got the {biggest} {:color} {bowl}. {Not_sad}
3 They ate the {food} with {sights}, and {f} got {number}.
= biggest
4 biggest / first
2 best

# ---- a gift is found
= gifts
1 {gifts_start} {gifts_plan} {way} {gifts_found} {gifts_wrap} {gifts_gave} {gifts_end}
= gifts_start
4 It was {the_adult}'s birthday, and {hero} wanted to find {special}.
3 {When}, {hero} remembered that it was {the_adult}'s birthday.
= special
4 a {fine} gift
3 a {fine} {:color} gift
= gifts_plan
4 "We can find a gift {place:place.at}," {who=friend}{said_kindly}.
3 {H} had no money, so they {hurried} {place:place.to}.
3 "Let us look {place:place.at}," {who=friend}{said_gladly}. They {hurried} {place.to}.
= gifts_found
4 They looked {spot1:spot}. {At_last}, {f} found a {finish} {gcolor:color} {gift:gift} {:spot-spot1}.
3 {spot1:Spot}, {f} saw {sight} and a {gcolor:color} {gift:gift}.
3 {H} found a {finish} {gcolor:color} {gift:gift} {spot1:spot}.
= gifts_wrap
4 They {quickly} cleaned the {gift} and put it in a {vcolor:color} {box:box}.
3 {F} had a {vcolor:color} {box:box}, and they put the {gift} in it.
= finish
3 shiny / smooth / round
2 soft / tiny / heavy
= box
4 box
3 bag / basket
= gifts_gave
4 "Happy birthday, {adult.title}!" {who=hero}{said_gladly}. {adult.Call} opened the {vcolor} {box}.
3 {H} gave the {vcolor} {box} to {adult.call}.
= gifts_end
4 "What a lovely {gcolor} {gift}!" {who=adult}{said_gladly}. {adult.They} put it {shown:shown}.
3 {adult.Call} was {so} {glad:glad}. "I will keep the {gift} {shown:shown}," {who=adult}{said_kindly}.
= shown
3 on the shelf / by the window / on the table
2 beside the clock / near the door

# ---- the ending
= ending
6 {closing}
2 {closing} {moral}
1 {moral}
= closing
3 From that day on, {hero} {lesson}.
3 That night, {hero} slept with {the_toy} {beside} {hero.them} and dreamed of {sights}.
3 ?fun Then the two friends {fun.past} with {sights}.
2 ?!fun Then the two friends {toy.used} {the_toy} {stayed}.
3 They {hurried} home past the {landmark} and the {landmark} and were {so} {how_glad}.
= beside
3 beside / next to
2 near
= lesson
4 ?plot#lost took good care of the {color} {toy}
3 ?plot#lost never left {the_toy} behind
4 ?plot#share shared {the_toy} with {friend} and {sight}
3 ?plot#share let {friend} {toy.use} {the_toy} first
4 ?plot#help visited the {animal} with {sight}
3 ?plot#help helped every animal
4 ?plot#broke {quickly} told the truth
3 ?plot#broke never ran in the {room}
4 ?plot#fear was not {afraid} of {fear_of}
3 ?plot#fear {quickly} {fear_of.did}
4 ?plot#greedy saved some {food} for {friend}
3 ?plot#greedy shared {food} with {sight}
4 ?plot#gifts saw the {gift} {shown}
3 ?plot#gifts looked for gifts {place.at}
= moral
4 {H} learned that {truth}.
3 And so {h} learned that {truth}.
2 The moral is that {truth}.
= truth
2 ?plot#lost friends help when you are {sad} / good friends look together
2 ?plot#lost we must take care of our things / nothing is lost for long
2 ?plot#share sharing is more fun / good friends share
2 ?plot#share a friend is worth more than a toy / it is lonely to play alone
2 ?plot#help even small friends can be helped / kindness comes back
2 ?plot#help we must help each other / a kind heart finds a way
2 ?plot#broke it is best to tell the truth / the truth is better than hiding
2 ?plot#broke we must be careful / everyone breaks something once
2 ?plot#fear being brave means trying / hard things need a little help
2 ?plot#fear it is fine to be {afraid} / you can try again
2 ?plot#greedy food tastes better when you share / too much is not good
2 ?plot#greedy we must think of others / one bowl is enough for two
2 ?plot#gifts the best gifts come from the heart / a gift does not need money
2 ?plot#gifts small things can be lovely / giving is better than getting
)";

const std::string_view kStoryPlots = kPlots;

}  // namespace weft
